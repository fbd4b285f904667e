// ban, allow, unban: what they record, what they say, what they refuse.
#include "site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Ban, RecordsSubjectsAndSaysWhatTheyCover) {
    const Site site;
    const Answer answer =
        site({"ban", "192.0.2.0/24", "2001:db8::7", "example.com", "=mail.example.net",
              "*.example.org", "--reason", "spam", "--until", "2999-01-01"});
    EXPECT_EQ(answer.status, 0);
    EXPECT_EQ(answer.errors, "ostrakon: this covers 257 addresses and 3 names\n");
    EXPECT_EQ(answer.output,
              "192.0.2.0/24 is banned (ip) until 2999-01-01 00:00: 256 addresses\n"
              "2001:db8::/64 is banned (ip) until 2999-01-01 00:00: 1 IPv6 /64\n"
              "example.com is banned (domain) until 2999-01-01 00:00: that name and all below it\n"
              "=mail.example.net is banned (domain) until 2999-01-01 00:00: that name alone\n"
              "*.example.org is banned (domain) until 2999-01-01 00:00: all names below it\n"
              "change 1: 257 addresses and 3 names\n");
}

TEST(Ban, HasTheJsonThatScriptsRelyOn) {
    const Site site;
    const Json json = site({"ban", "192.0.2.7", "--reason", "spam", "--class", "isp", "--code",
                            "127.0.0.9", "--until", "2999-01-01", "--by", "anna", "--json"})
                          .json();
    EXPECT_EQ(json["change"], 1);
    EXPECT_EQ(json["changed"], true);
    EXPECT_EQ(json["dry_run"], false);
    EXPECT_EQ(json["addresses"], 1);
    EXPECT_EQ(json["names"], 0);
    ASSERT_EQ(json["listings"].size(), 1U);
    const Json& listing = json["listings"][0];
    EXPECT_TRUE(listing["id"].is_number_integer());
    EXPECT_EQ(listing["subject"], "192.0.2.7");
    EXPECT_EQ(listing["class"], "isp");
    EXPECT_EQ(listing["code"], "127.0.0.9");
    EXPECT_EQ(listing["source"], "own");
    EXPECT_EQ(listing["reason"], "spam");
    EXPECT_TRUE(listing["since"].is_string());
    EXPECT_EQ(listing["until"], "2999-01-01T00:00:00Z");
    EXPECT_EQ(listing["strikes"], 1);
    EXPECT_EQ(listing["by"], "anna");
}

TEST(Ban, OfWhatStandsChangesNothingButTheReason) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.7", "--reason", "a"}).status, 0);
    const Answer same = site({"ban", "192.0.2.7", "--reason", "a"});
    EXPECT_EQ(same.status, 0);
    EXPECT_THAT(same.output, HasSubstr("nothing to change"));
    const Json json = site({"ban", "192.0.2.7", "--reason", "a", "--json"}).json();
    EXPECT_EQ(json["changed"], false);
    EXPECT_TRUE(json["change"].is_null());
    const Json other = site({"ban", "192.0.2.7", "--reason", "b", "--json"}).json();
    EXPECT_EQ(other["changed"], true);
    EXPECT_EQ(other["listings"][0]["strikes"], 1);
    EXPECT_EQ(site({"list", "--json"}).json().size(), 1U);
}

TEST(Ban, DryRunSaysWhatItWouldDo) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.1", "--reason", "x"}).status, 0);
    const Answer dry = site({"ban", "192.0.2.7", "--reason", "x", "--dry-run"});
    EXPECT_EQ(dry.status, 0);
    EXPECT_THAT(
        dry.output,
        HasSubstr(
            "192.0.2.7 would be banned (ip) for ever: 1 address\ndry run, nothing has changed"));
    const Json json = site({"ban", "192.0.2.7", "--reason", "x", "--dry-run", "--json"}).json();
    EXPECT_EQ(json["dry_run"], true);
    EXPECT_TRUE(json["change"].is_null());
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 1);
}

TEST(Ban, WithExactMeansOneIpv6Address) {
    const Site site;
    ASSERT_EQ(site({"ban", "2001:db8::7", "--exact", "--reason", "x"}).status, 0);
    EXPECT_EQ(site({"why", "2001:db8::7"}).status, 0);
    EXPECT_EQ(site({"why", "2001:db8::8"}).status, 1);
    ASSERT_EQ(site({"ban", "2001:db8::9/128", "--reason", "x"}).status, 0);
    EXPECT_EQ(site({"why", "2001:db8::8"}).status, 1);
    ASSERT_EQ(site({"ban", "2001:db8::9", "--reason", "x"}).status, 0);
    EXPECT_EQ(site({"why", "2001:db8::8"}).status, 0);
}

TEST(Ban, IsRefusedByASafetyRuleAndChangesNothing) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.1", "--reason", "x"}).status, 0);
    for (const auto& [subject, way_out] :
         {std::pair{"10.1.2.3", "--override"}, std::pair{"0.0.0.0/1", "--yes"},
          std::pair{"com", "--yes"}, std::pair{"co.uk", "--yes"}}) {
        const Answer answer = site({"ban", "192.0.2.9", subject, "--reason", "x", "--json"});
        EXPECT_EQ(answer.status, 3) << subject;
        EXPECT_THAT(answer.output, IsEmpty()) << subject;
        EXPECT_THAT(answer.errors, HasSubstr(way_out)) << subject;
        EXPECT_EQ(site({"why", "192.0.2.9"}).status, 1) << subject;
        EXPECT_EQ(site({"ban", subject, "--reason", "x", way_out}).status, 0) << subject;
    }
}

TEST(Ban, TakesEvidenceFromFileTextOrStandardInput) {
    const Site site;
    const std::string file = site.write("mail.eml", "Received: from spam").string();
    const auto evidence_of = [&site](const std::string& word, const std::string& input) {
        EXPECT_EQ(site({"ban", "192.0.2.7", "--reason", "x", "--evidence", word}, input).status, 0);
        return site({"show", "192.0.2.7", "--json"}).json()[0]["evidence"].get<std::string>();
    };
    EXPECT_EQ(evidence_of("@" + file, ""), "Received: from spam");
    EXPECT_EQ(evidence_of(file, ""), "Received: from spam");
    EXPECT_EQ(evidence_of("-", "from a pipe\n"), "from a pipe\n");
    EXPECT_EQ(evidence_of("said on the phone", ""), "said on the phone");
}

TEST(Ban, IsByWhoCalledSudo) {
    const Site site;
    std::vector<std::string> words{
        "--config", site.config_file().string(), "ban", "192.0.2.7", "--reason", "x", "--json"};
    EXPECT_EQ(run_tool(words, "", {{"SUDO_USER", "berta"}}).json()["listings"][0]["by"], "berta");
}

TEST(Ban, QuietlyPrintsNothing) {
    const Site site;
    const Answer answer = site({"ban", "192.0.2.7", "--reason", "x", "--quiet"});
    EXPECT_EQ(answer.status, 0);
    EXPECT_EQ(answer.output + answer.errors, "");
}

TEST(Ban, SurvivesBytesThatAreNoUtf8) {
    const Site site;
    const std::string reason =
        "b\xFC"
        "cher \x1B[31m";
    ASSERT_EQ(site({"ban", "192.0.2.7", "--reason", reason, "--by", reason}).status, 0);
    for (const char* command : {"list", "history", "show", "why"}) {
        std::vector<std::string> words{command};
        if (std::string_view{command} == "show" || std::string_view{command} == "why") {
            words.emplace_back("192.0.2.7");
        }
        const Answer plain = site(words);
        EXPECT_EQ(plain.status, 0) << command;
        EXPECT_EQ(plain.output.find('\x1B'), std::string::npos) << command;
        words.emplace_back("--json");
        const Answer json = site(words);
        EXPECT_EQ(json.status, 0) << command << json.errors;
        EXPECT_FALSE(json.json().is_discarded()) << command;
        EXPECT_THAT(json.output, HasSubstr("b\xEF\xBF\xBD"
                                           "cher"))
            << command;
    }
}

TEST(Allow, IsAnExceptionAndIsNeverWidened) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.0/24", "2001:db8::7", "--reason", "x"}).status, 0);
    const Answer answer = site({"allow", "192.0.2.7", "2001:db8::7", "--reason", "a partner"});
    EXPECT_EQ(answer.status, 0);
    EXPECT_EQ(answer.output,
              "192.0.2.7 is allowed for ever: 1 address\n"
              "2001:db8::7 is allowed for ever: 1 IPv6 /64\n"
              "change 2: 2 addresses\n");
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 1);
    EXPECT_EQ(site({"why", "192.0.2.8"}).status, 0);
    EXPECT_EQ(site({"why", "2001:db8::7"}).status, 1);
    EXPECT_EQ(site({"why", "2001:db8::8"}).status, 0);
}

TEST(Unban, LiftsJustThisSubject) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.7", "192.0.2.0/24", "--reason", "x"}).status, 0);
    const Answer answer = site({"unban", "192.0.2.7", "--reason", "mistake"});
    EXPECT_EQ(answer.status, 0);
    EXPECT_THAT(answer.output,
                HasSubstr("192.0.2.7 is no longer banned (ip): 1 address\nchange 2: 1 address\n"));
    EXPECT_THAT(answer.errors, HasSubstr("still covered by the ban of 192.0.2.0/24"));
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 0);
    const Answer again = site({"unban", "192.0.2.7", "--reason", "mistake", "--json"});
    EXPECT_EQ(again.status, 1);
    EXPECT_THAT(again.errors, HasSubstr("no own listing of just this subject"));
    EXPECT_EQ(again.json()["changed"], false);
    EXPECT_EQ(again.json()["change"], nullptr);
}

TEST(Unban, OfAnIpv6AddressMeansIts64Too) {
    const Site site;
    ASSERT_EQ(site({"ban", "2001:db8::7", "--reason", "x"}).status, 0);
    EXPECT_EQ(site({"unban", "2001:db8::7", "--exact", "--reason", "x"}).status, 1);
    const Json json = site({"unban", "2001:db8::7", "--reason", "x", "--json"}).json();
    EXPECT_EQ(json["changed"], true);
    EXPECT_EQ(json["listings"][0]["subject"], "2001:db8::/64");
}

TEST(Unban, TakesOneClassWhereItIsNamed) {
    const Site site;
    ASSERT_EQ(site({"ban", "example.com", "--reason", "x"}).status, 0);
    ASSERT_EQ(site({"ban", "example.com", "--class", "isp", "--reason", "x"}).status, 0);
    ASSERT_EQ(site({"unban", "example.com", "--class", "isp", "--reason", "x"}).status, 0);
    const Json rows = site({"list", "--json"}).json();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0]["class"], "domain");
}

TEST(Unban, KeepsTheRulesOfTheLifecycle) {
    const Site site{""};
    ASSERT_EQ(site({"ban", "192.0.2.7", "--reason", "x"}).status, 0);
    const Answer bare = site({"unban", "192.0.2.7", "--reason", "x", "--json"});
    EXPECT_EQ(bare.status, 3);
    EXPECT_THAT(bare.output, IsEmpty());
    EXPECT_THAT(bare.errors, HasSubstr("--evidence"));
    EXPECT_EQ(site({"unban", "192.0.2.7", "--reason", "x", "--evidence", "fixed"}).status, 0);
    EXPECT_THAT(site({"ban", "192.0.2.7", "--reason", "again"}).output, HasSubstr("strike 2"));
    const Answer soon =
        site({"unban", "192.0.2.7", "--reason", "x", "--evidence", "fixed", "--yes"});
    EXPECT_EQ(soon.status, 3);
    EXPECT_THAT(soon.errors, HasSubstr("--override"));
    EXPECT_EQ(site({"unban", "192.0.2.7", "--reason", "x", "--override"}).status, 0);
}

TEST(Ban, ThatIsAWarningIsRecordedAndNotServed) {
    const Site site{"[lifecycle]\nfirst = \"warn\"\n"};
    const Answer first = site({"ban", "192.0.2.7", "--reason", "x"});
    EXPECT_THAT(first.output, HasSubstr("192.0.2.7 is warned (ip): recorded, not served"));
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 1);
    EXPECT_EQ(site({"show", "192.0.2.7"}).status, 0);
    EXPECT_THAT(site({"ban", "192.0.2.7", "--reason", "x"}).output,
                HasSubstr("is banned (ip) for ever, strike 2"));
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 0);
}

}  // namespace
}  // namespace ostrakon::test
