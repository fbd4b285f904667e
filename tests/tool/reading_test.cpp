// why, show, list, history: what they read out, for people and for scripts.
#include "site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<std::string> subjects_of(const Json& rows) {
    std::vector<std::string> subjects;
    for (const Json& row : rows) {
        subjects.push_back(row["subject"]);
    }
    return subjects;
}

TEST(Why, SaysWhatEachZoneAnswersAndWhy) {
    const Site site;
    site.write_zone("wl.example.org", "classes = [\"allow\"]\n");
    ASSERT_EQ(site({"ban", "192.0.2.0/24", "--reason", "spam", "--code", "127.0.0.9"}).status, 0);
    const Answer answer = site({"why", "192.0.2.7"});
    EXPECT_EQ(answer.status, 0);
    EXPECT_THAT(answer.output, StartsWith("192.0.2.7 is blocked\n"));
    EXPECT_THAT(
        answer.output,
        HasSubstr(
            "bl.example.org  127.0.0.9  for 5m\n    \"192.0.2.0/24 is blocked (ip) - spam\"\n"));
    EXPECT_THAT(answer.output, HasSubstr("wl.example.org  not listed\n"));
    EXPECT_THAT(answer.output, HasSubstr("answers  192.0.2.0/24"));
    const Answer other = site({"why", "198.51.100.7"});
    EXPECT_EQ(other.status, 1);
    EXPECT_THAT(other.output, StartsWith("198.51.100.7 is not blocked\n"));
    EXPECT_THAT(other.output, HasSubstr("Nothing that is recorded matches.\n"));
}

TEST(Why, HasTheJsonThatScriptsRelyOn) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.0/24", "--reason", "spam"}).status, 0);
    ASSERT_EQ(site({"allow", "192.0.2.7", "--reason", "partner"}).status, 0);
    const Json blocked = site({"why", "192.0.2.8", "--json"}).json();
    EXPECT_EQ(blocked["query"], "192.0.2.8");
    EXPECT_EQ(blocked["listed"], true);
    const Json& zone = blocked["zones"][0];
    EXPECT_EQ(zone["zone"], "bl.example.org");
    EXPECT_EQ(zone["listed"], true);
    EXPECT_EQ(zone["codes"], Json::array({"127.0.0.2"}));
    EXPECT_EQ(zone["text"], Json::array({"192.0.2.0/24 is blocked (ip) - spam"}));
    EXPECT_EQ(zone["ttl"], 300);
    const Json& match = blocked["matches"][0];
    EXPECT_TRUE(match["id"].is_number_integer());
    EXPECT_EQ(match["source"], "own");
    EXPECT_EQ(match["class"], "ip");
    EXPECT_EQ(match["subject"], "192.0.2.0/24");
    EXPECT_EQ(match["reason"], "spam");
    EXPECT_EQ(match["won"], true);
    EXPECT_TRUE(match["because"].is_string());

    const Answer allowed = site({"why", "192.0.2.7", "--json"});
    EXPECT_EQ(allowed.status, 1);
    EXPECT_EQ(allowed.json()["listed"], false);
    EXPECT_EQ(allowed.json()["zones"][0]["codes"], Json::array());
    EXPECT_EQ(allowed.json()["matches"].size(), 2U);
}

TEST(Why, ReadsWholeQueryNames) {
    const Site site;
    site.write_zone("inner.bl.example.org");
    ASSERT_EQ(
        site({"ban", "192.0.2.7", "2001:db8::7", "example.com", "--exact", "--reason", "x"}).status,
        0);
    const auto query = [&site](const std::string& name) {
        return site({"why", name, "--json"}).json()["query"];
    };
    EXPECT_EQ(query("7.2.0.192.bl.example.org"), "192.0.2.7");
    EXPECT_EQ(query("7.2.0.192.BL.example.ORG."), "192.0.2.7");
    EXPECT_EQ(query("7.2.0.192.inner.bl.example.org"), "192.0.2.7");
    EXPECT_EQ(
        query("7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.bl.example.org"),
        "2001:db8::7");
    EXPECT_EQ(query("mail.example.com.bl.example.org"), "mail.example.com");
    EXPECT_EQ(query("mail.example.com"), "mail.example.com");
    EXPECT_EQ(query("::ffff:192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(query("User@example.com"), "user@example.com");
    const std::string hash = "567159d622ffbb50b11b0efd307be358624a26ee";
    EXPECT_EQ(query("567159D622ffbb50b11b0efd307be358624a26ee"), hash);
    EXPECT_EQ(query("567159d622ffbb50b11b0efd307be358624a26ee.bl.example.org"), hash);
    for (const auto& [name, message] :
         {std::pair{"bl.example.org", "is a zone, not a question to it"},
          std::pair{"2.0.192.bl.example.org", "part of an address"},
          std::pair{"256.2.0.192.bl.example.org", "part of an address"},
          std::pair{"07.2.0.192.bl.example.org", "part of an address"}}) {
        const Answer answer = site({"why", name});
        EXPECT_EQ(answer.status, 2) << name;
        EXPECT_THAT(answer.errors, HasSubstr(message)) << name;
    }
}

TEST(Why, AnswersAsOneDefaultZoneWhereThereIsNone) {
    const TemporaryDirectory directory;
    const std::string database = directory.path().string();
    ASSERT_EQ(run_tool({"--database", database, "ban", "192.0.2.7", "--reason", "spam"}).status, 0);
    const Answer answer = run_tool({"--database", database, "why", "192.0.2.7", "--json"});
    EXPECT_EQ(answer.status, 0);
    EXPECT_EQ(answer.json()["zones"][0]["zone"], "default");
    EXPECT_EQ(answer.json()["zones"][0]["codes"], Json::array({"127.0.0.2"}));
    EXPECT_EQ(answer.json()["zones"][0]["text"], Json::array({"192.0.2.7 is blocked (ip) - spam"}));
}

TEST(Why, LooksIntoTheFuture) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.7", "--reason", "x", "--until", "2998-01-01"}).status, 0);
    EXPECT_EQ(site({"why", "192.0.2.7", "--at", "2997-12-31"}).status, 0);
    EXPECT_EQ(site({"why", "192.0.2.7", "--at", "2998-01-01"}).status, 1);
}

TEST(Show, HasTheWholeListingWithItsHistory) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.7", "--reason", "first", "--by", "anna"}).status, 0);
    ASSERT_EQ(site({"unban", "192.0.2.7", "--reason", "sorry", "--by", "berta"}).status, 0);
    const Answer lifted = site({"show", "192.0.2.7"});
    EXPECT_EQ(lifted.status, 1);
    EXPECT_THAT(lifted.errors, HasSubstr("nothing stands of just 192.0.2.7"));
    EXPECT_THAT(lifted.output, HasSubstr("sorry"));
    EXPECT_EQ(site({"show", "192.0.2.7", "--json"}).json(), Json::array());
    ASSERT_EQ(site({"ban", "192.0.2.7", "--reason", "second", "--evidence", "seen\nagain", "--code",
                    "127.0.0.9"})
                  .status,
              0);
    const Answer answer = site({"show", "192.0.2.7"});
    EXPECT_EQ(answer.status, 0);
    EXPECT_THAT(answer.output, StartsWith("192.0.2.7  ip\n"));
    for (const char* line : {"  reason    second\n", "  strikes   2\n", "  code      127.0.0.9\n",
                             "  until     forever\n", "  evidence  seen\n            again\n",
                             "anna", "berta", "sorry"}) {
        EXPECT_THAT(answer.output, HasSubstr(line));
    }
    const Json json = site({"show", "192.0.2.7", "--json"}).json();
    ASSERT_EQ(json.size(), 1U);
    EXPECT_EQ(json[0]["strikes"], 2);
    EXPECT_EQ(json[0]["evidence"], "seen\nagain");
    EXPECT_EQ(json[0]["history"].size(), 3U);
}

TEST(Show, FindsThe64OfAnIpv6Address) {
    const Site site;
    ASSERT_EQ(site({"ban", "2001:db8::7", "--reason", "x"}).status, 0);
    EXPECT_EQ(site({"show", "2001:db8::9", "--json"}).json()[0]["subject"], "2001:db8::/64");
    EXPECT_EQ(site({"show", "192.0.2.7"}).status, 1);
}

class ListTest : public ::testing::Test {
protected:
    ListTest() {
        EXPECT_EQ(site({"ban", "203.0.113.0/24", "--reason", "b", "--until", "2998-01-01",
                        "--class", "isp"})
                      .status,
                  0);
        EXPECT_EQ(site({"ban", "example.com", "--reason", "c"}).status, 0);
        EXPECT_EQ(site({"allow", "192.0.2.7", "--reason", "d", "--until", "2997-01-01"}).status, 0);
        EXPECT_EQ(
            site({"ban", "203.0.113.9", "2001:db8::/48", "--reason", "a", "--until", "2999-01-01"})
                .status,
            0);
        EXPECT_EQ(
            site({"import", "-", "--source", "feed"}, "198.51.100.0/24\nexample.net\n").status, 0);
    }
    std::vector<std::string> subjects(std::vector<std::string> options) {
        options.insert(options.begin(), {"list", "--json"});
        const Answer answer = site(options);
        EXPECT_EQ(answer.status, 0) << answer.errors;
        return subjects_of(answer.json());
    }
    Site site;
};

TEST_F(ListTest, IsATableOfOwnListings) {
    const Answer answer = site({"list"});
    EXPECT_EQ(answer.status, 0);
    EXPECT_THAT(answer.errors, IsEmpty());
    EXPECT_THAT(answer.output, StartsWith("SUBJECT"));
    EXPECT_THAT(answer.output, HasSubstr("203.0.113.0/24  isp"));
    EXPECT_THAT(answer.output, HasSubstr("2998-01-01 00:00"));
    EXPECT_THAT(answer.output, Not(HasSubstr("198.51.100.0/24")));
    EXPECT_THAT(subjects({}), ElementsAre("192.0.2.7", "203.0.113.0/24", "203.0.113.9",
                                          "2001:db8::/48", "example.com"));
}

TEST_F(ListTest, IsFiltered) {
    EXPECT_THAT(subjects({"--class", "ip"}), ElementsAre("203.0.113.9", "2001:db8::/48"));
    EXPECT_THAT(subjects({"--class", "allow"}), ElementsAre("192.0.2.7"));
    EXPECT_THAT(subjects({"--under", "203.0.0.0/16"}),
                ElementsAre("203.0.113.0/24", "203.0.113.9"));
    EXPECT_THAT(subjects({"--under", "com"}), ElementsAre("example.com"));
    EXPECT_THAT(subjects({"--expiring", "7d"}), IsEmpty());
    EXPECT_EQ(subjects({"--expiring", "999y"}).size(), 4U);
    EXPECT_THAT(subjects({"--source", "feed"}), ElementsAre("198.51.100.0/24", "example.net"));
    EXPECT_THAT(subjects({"--source", "*"}), ElementsAre("198.51.100.0/24", "example.net"));
    EXPECT_THAT(subjects({"--limit", "2"}), ElementsAre("192.0.2.7", "203.0.113.0/24"));
}

TEST_F(ListTest, IsSorted) {
    EXPECT_THAT(subjects({"--sort", "until", "--limit", "2"}),
                ElementsAre("192.0.2.7", "203.0.113.0/24"));
    EXPECT_THAT(
        subjects({"--sort", "class"}),
        ElementsAre("192.0.2.7", "example.com", "203.0.113.9", "2001:db8::/48", "203.0.113.0/24"));
    EXPECT_THAT(subjects({"--sort", "strikes", "--limit", "4"}),
                ElementsAre("203.0.113.0/24", "203.0.113.9", "2001:db8::/48", "example.com"));
    EXPECT_EQ(subjects({"--sort", "since"}).size(), 5U);
}

TEST_F(ListTest, HasListingsOfFeedsWithoutIdAndAuthor) {
    const Json rows = site({"list", "--source", "feed", "--json"}).json();
    ASSERT_EQ(rows.size(), 2U);
    for (const char* key : {"id", "code", "since", "until", "by"}) {
        EXPECT_TRUE(rows[0].contains(key) && rows[0][key].is_null()) << key;
    }
    EXPECT_EQ(rows[0]["source"], "feed");
    EXPECT_EQ(rows[0]["class"], "upstream");
    EXPECT_EQ(rows[0]["strikes"], 0);
    EXPECT_THAT(site({"list", "--source", "feed"}).output,
                HasSubstr("198.51.100.0/24  upstream  feed"));
}

TEST_F(ListTest, OfNothingIsEmpty) {
    const Answer table = site({"list", "--class", "email"});
    EXPECT_EQ(table.status, 0);
    EXPECT_THAT(table.output, IsEmpty());
    const Answer json = site({"list", "--class", "email", "--json"});
    EXPECT_EQ(json.status, 0);
    EXPECT_EQ(json.output, "[]\n");
}

TEST_F(ListTest, CanBeImportedAgain) {
    const Site other;
    const Answer imported = other({"import", "-", "--json"}, site({"list", "--json"}).output);
    EXPECT_EQ(imported.json()["added"], 5) << imported.errors;
    EXPECT_EQ(subjects_of(other({"list", "--json"}).json()), subjects({}));
}

TEST(List, FitsATerminalAndShortensTheReason) {
    const Site site;
    ASSERT_EQ(
        site({"ban", "192.0.2.7", "--reason", std::string(40, 'a') + " ü " + std::string(100, 'b')})
            .status,
        0);
    const std::string output = site({"list"}).output;
    const std::string row = output.substr(output.find('\n') + 1);
    EXPECT_LE(row.size(), 80U + 4);  // the line end and the bytes of "…"
    EXPECT_THAT(row, HasSubstr("…\n"));
}

TEST(History, IsTheAuditTrail) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.7", "--reason", "spam", "--by", "anna"}).status, 0);
    ASSERT_EQ(site({"ban", "198.51.100.7", "--reason", "spam", "--by", "anna"}).status, 0);
    ASSERT_EQ(site({"unban", "192.0.2.7", "--reason", "sorry", "--by", "berta"}).status, 0);
    const Answer all = site({"history"});
    EXPECT_EQ(all.status, 0);
    EXPECT_THAT(all.output, StartsWith("WHEN"));
    EXPECT_THAT(all.output, HasSubstr("198.51.100.7"));
    const Json json = site({"history", "192.0.2.7", "--json"}).json();
    ASSERT_EQ(json.size(), 2U);
    EXPECT_EQ(json[0]["by"], "anna");
    EXPECT_EQ(json[1]["by"], "berta");
    EXPECT_EQ(json[1]["command"], "unban");
    EXPECT_EQ(json[1]["reason"], "sorry");
    EXPECT_EQ(site({"history", "--since", "2999-01-01", "--json"}).output, "[]\n");
    EXPECT_EQ(site({"history", "--since", "2020-01-01", "--json"}).json().size(), 3U);
}

}  // namespace
}  // namespace ostrakon::test
