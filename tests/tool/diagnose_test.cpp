// `ostrakon diagnose` as a person and a script meet it, asking a real nameserver.
#include "site.hpp"

#include "support/nameserver.hpp"
#include "support/unreliable_resolver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>

namespace ostrakon::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// A mail server that is as it should be, 192.0.2.7, and one without reverse DNS, 192.0.2.8.
std::vector<std::string> usual_records() {
    return {"7.2.0.192.in-addr.arpa PTR mail.example.com", "mail.example.com A 192.0.2.7",
            "example.com MX 10 mail.example.com", "new.example.com A 192.0.2.8"};
}

TEST(DiagnoseCommand, SaysWhatIsWrongAndWhatToDo) {
    const Nameserver nameserver{usual_records()};
    const Site site;
    const Answer good = site({"diagnose", "192.0.2.7", "--helo", "mail.example.com", "--from",
                              "user@example.com", "--resolver", nameserver.endpoint()});
    EXPECT_EQ(good.status, 0) << good.errors;
    EXPECT_THAT(good.errors, IsEmpty());
    EXPECT_THAT(good.output, StartsWith("Mail server 192.0.2.7, "));
    EXPECT_THAT(good.output, HasSubstr("\n11 of 11 checks passed.\n"));

    const Answer bad = site({"diagnose", "192.0.2.8", "--helo", "new.example.com", "--resolver",
                             nameserver.endpoint()});
    EXPECT_EQ(bad.status, 1);
    EXPECT_THAT(bad.output, HasSubstr("\nFAILED   reverse-dns"));
    EXPECT_THAT(bad.output, HasSubstr("\n- Have a PTR record made for 192.0.2.8"));
}

TEST(DiagnoseCommand, IsADocumentForScripts) {
    const Nameserver nameserver{usual_records()};
    const Site site{"[diagnose]\nresolver = \"" + nameserver.endpoint() + "\"\n"};
    const Answer answer = site({"diagnose", "192.0.2.8", "--helo", "mail.example.com", "--json"});
    EXPECT_EQ(answer.status, 1) << answer.errors;
    const Json json = answer.json();
    EXPECT_EQ(json["address"], "192.0.2.8");
    EXPECT_EQ(json["helo"], "mail.example.com");
    EXPECT_EQ(json["from"], nullptr);
    EXPECT_EQ(json["resolver"], nameserver.endpoint());
    EXPECT_EQ(json["failed"], 2);
    EXPECT_EQ(json["unknown"], 0);
    std::vector<std::string> results;
    for (const Json& check : json["checks"]) {
        results.push_back(check["check"].get<std::string>() + " " +
                          check["result"].get<std::string>());
    }
    EXPECT_THAT(results,
                ElementsAre("reverse-dns failed", "helo-qualified passed", "helo-not-ours passed",
                            "helo-exists passed", "helo-matches failed", "spf passed"));
    EXPECT_EQ(json["checks"][0]["brief"], "no reverse DNS");
    EXPECT_THAT(json["checks"][0]["remedy"].get<std::string>(), HasSubstr("PTR"));
    EXPECT_EQ(json["checks"][1]["remedy"], nullptr);
}

TEST(DiagnoseCommand, CallsUnknownWhatNobodyAnswers) {
    const Site site;
    // Nobody listens on port 1.
    const Answer answer = site({"diagnose", "192.0.2.7", "--helo", "mail.example.com", "--resolver",
                                "127.0.0.1:1", "--json"});
    EXPECT_EQ(answer.status, 0);
    const Json json = answer.json();
    EXPECT_EQ(json["failed"], 0);
    EXPECT_EQ(json["unknown"], 3);
    EXPECT_THAT(answer.errors, HasSubstr("3 checks could not be made"));
}

TEST(DiagnoseCommand, KnowsItsOwnNames) {
    const Nameserver nameserver{usual_records()};
    const Site site{"[diagnose]\nresolver = \"" + nameserver.endpoint() +
                    "\"\n[protect]\nnever = [\"private\", \"example.org\"]\n"};
    const Answer answer = site({"diagnose", "192.0.2.7", "--helo", "mx1.example.org"});
    EXPECT_EQ(answer.status, 1);
    EXPECT_THAT(answer.output, HasSubstr("FAILED   helo-not-ours"));
}

// Findings count as old at once, or as soon as a second has passed.
constexpr std::string_view kRecheckSoon = "[lifecycle]\nrecheck = \"1s\"\n";

// A site that asks this resolver.
Site site_asking(const std::string& resolver, std::string_view more = "") {
    return Site{"[diagnose]\nresolver = \"" + resolver + "\"\n" + std::string{more}};
}

// Runs `expire` until it has looked into what is due, or for a while; the clock is the system's.
Answer expire_until(const Site& site, const std::function<bool(const Answer&)>& is_done) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    for (;;) {
        Answer answer = site({"expire", "--json"});
        if (is_done(answer) || std::chrono::steady_clock::now() > end) {
            return answer;
        }
    }
}

std::string what_of_last_event(const Site& site, const std::string& subject) {
    return site({"history", subject, "--json"}).json().back()["what"].get<std::string>();
}

TEST(DiagnoseCommand, ListsWhatHasFailed) {
    const Nameserver nameserver{usual_records()};
    const Site site = site_asking(nameserver.endpoint());
    const Answer answer = site({"diagnose", "192.0.2.8", "--helo", "mail.example.com", "--ban"});
    EXPECT_EQ(answer.status, 1) << answer.errors;
    EXPECT_THAT(answer.output, HasSubstr("192.0.2.8 is banned (misconfigured)"));
    const Json listing = site({"show", "192.0.2.8", "--json"}).json().at(0);
    EXPECT_EQ(listing["class"], "misconfigured");
    EXPECT_EQ(listing["reason"], "no reverse DNS; HELO name has another address");
    EXPECT_THAT(listing["evidence"].get<std::string>(), StartsWith("Mail server 192.0.2.8"));
    EXPECT_THAT(listing["evidence"].get<std::string>(), HasSubstr("HELO    mail.example.com"));
    EXPECT_THAT(site({"show", "192.0.2.8"}).output,
                HasSubstr("\n            FAILED   reverse-dns"));
    const Json changes = site({"changes", "--json"}).json();
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0]["command"], "diagnose");
    EXPECT_EQ(site({"why", "192.0.2.8"}).status, 0);
    EXPECT_EQ(site({"why", "192.0.2.9"}).status, 1);
}

TEST(DiagnoseCommand, ListsAnIpv6AddressAsItself) {
    const Nameserver nameserver{usual_records()};
    const Site site = site_asking(nameserver.endpoint());
    const Answer answer = site({"diagnose", "2001:db8::25", "--ban", "--json"});
    EXPECT_EQ(answer.status, 1) << answer.errors;
    EXPECT_EQ(answer.json()["listed"]["addresses"], 1);
    EXPECT_EQ(site({"why", "2001:db8::25"}).status, 0);
    EXPECT_EQ(site({"why", "2001:db8::26"}).status, 1);
}

TEST(DiagnoseCommand, ListsNothingThatHasNotFailed) {
    const Nameserver nameserver{usual_records()};
    const UnreliableResolver unreliable{nameserver.address(),
                                        {{"9.2.0.192.in-addr.arpa", Fault::ServFail}}};
    const Site site = site_asking(unreliable.endpoint());
    const Answer good = site({"diagnose", "192.0.2.7", "--ban", "--json"});
    EXPECT_EQ(good.status, 0) << good.errors;
    EXPECT_EQ(good.json()["listed"], nullptr);
    EXPECT_EQ(site({"diagnose", "192.0.2.9", "--ban"}).status, 0);
    EXPECT_FALSE(std::filesystem::exists(site.database() / "data.mdb"));
}

TEST(DiagnoseCommand, ListsNothingThatIsProtected) {
    const Nameserver nameserver{usual_records()};
    const Site site =
        site_asking(nameserver.endpoint(), "[protect]\nnever = [\"198.51.100.0/24\"]\n");
    const Answer answer = site({"diagnose", "198.51.100.7", "--ban"});
    EXPECT_EQ(answer.status, 3);
    EXPECT_THAT(answer.output, IsEmpty());
    EXPECT_THAT(answer.errors, HasSubstr("[protect] never"));
}

TEST(RecheckByExpire, LetsFallAwayWhatHasBeenCorrected) {
    Nameserver nameserver{usual_records()};
    const Site site = site_asking(nameserver.endpoint(), kRecheckSoon);
    ASSERT_EQ(site({"diagnose", "192.0.2.8", "--helo", "new.example.com", "--ban"}).status, 1);
    site({"expire"});  // sees the zones for the first time, which is a change
    auto records = usual_records();
    records.emplace_back("8.2.0.192.in-addr.arpa PTR new.example.com");
    nameserver.serve(records);
    const Answer answer =
        expire_until(site, [](const Answer& expired) { return expired.json()["changed"] == true; });
    EXPECT_EQ(answer.status, 0) << answer.errors;
    EXPECT_EQ(answer.json()["listings"][0]["subject"], "192.0.2.8");
    EXPECT_EQ(site({"why", "192.0.2.8"}).status, 1);
    EXPECT_EQ(what_of_last_event(site, "192.0.2.8"), "rechecked: all checks pass");
    EXPECT_EQ(site({"check"}).status, 0);
    // What goes wrong again is a repeat.
    nameserver.serve(usual_records());
    const Answer again =
        site({"diagnose", "192.0.2.8", "--helo", "new.example.com", "--ban", "--json"});
    EXPECT_EQ(again.json()["listed"]["listings"][0]["strikes"], 2);
}

// That it has been looked into is seen by the questions.
void expect_to_stay(Site& site, const UnreliableResolver& resolver, const std::string& name) {
    const std::size_t asked = resolver.asked(name);
    const Answer answer =
        expire_until(site, [&](const Answer& /*expired*/) { return resolver.asked(name) > asked; });
    EXPECT_GT(resolver.asked(name), asked);
    EXPECT_EQ(answer.status, 0) << answer.errors;
    EXPECT_EQ(answer.json()["changed"], false);
    EXPECT_EQ(answer.json()["change"], nullptr);
    EXPECT_EQ(site({"why", "192.0.2.8"}).status, 0);
    EXPECT_EQ(site({"check"}).status, 0);
}

TEST(RecheckByExpire, LeavesWhatStillFails) {
    const Nameserver nameserver{usual_records()};
    const UnreliableResolver resolver{nameserver.address(), {}};
    Site site = site_asking(resolver.endpoint(), kRecheckSoon);
    ASSERT_EQ(site({"diagnose", "192.0.2.8", "--ban"}).status, 1);
    expect_to_stay(site, resolver, "8.2.0.192.in-addr.arpa");
}

TEST(RecheckByExpire, LeavesWhatIsUnknown) {
    Nameserver nameserver{usual_records()};
    const UnreliableResolver resolver{nameserver.address(), {{"new.example.com", Fault::ServFail}}};
    Site site = site_asking(resolver.endpoint(), kRecheckSoon);
    ASSERT_EQ(site({"diagnose", "192.0.2.8", "--ban"}).status, 1);
    auto records = usual_records();
    records.emplace_back("8.2.0.192.in-addr.arpa PTR new.example.com");
    nameserver.serve(records);
    expect_to_stay(site, resolver, "new.example.com");
}

// The loader tells with LD_DEBUG which libraries it opens.
TEST(RecheckByExpire, LoadsNoResolverWhereNothingIsDue) {
    const Nameserver nameserver{usual_records()};
    const Site site = site_asking(nameserver.endpoint());
    const auto libraries_of = [&site](std::vector<std::string> words) {
        words.insert(words.begin(), {"--config", site.config_file().string()});
        return run_tool(std::move(words), "", {{"LD_DEBUG", "files"}}).errors;
    };
    EXPECT_THAT(libraries_of({"diagnose", "192.0.2.8", "--ban"}), HasSubstr("libldns"));
    EXPECT_THAT(libraries_of({"expire"}), AllOf(HasSubstr("liblmdb"), Not(HasSubstr("libldns"))));
}

TEST(RecheckByExpire, AsksNobodyWhereTheSiteWantsNone) {
    Nameserver nameserver{usual_records()};
    const Site site = site_asking(nameserver.endpoint(), "[lifecycle]\nrecheck = \"\"\n");
    ASSERT_EQ(site({"diagnose", "192.0.2.8", "--ban"}).status, 1);
    site({"expire"});  // sees the zones for the first time, which is a change
    auto records = usual_records();
    records.emplace_back("8.2.0.192.in-addr.arpa PTR new.example.com");
    nameserver.serve(records);
    EXPECT_EQ(site({"expire", "--json"}).json()["changed"], false);
    EXPECT_EQ(site({"why", "192.0.2.8"}).status, 0);
}

TEST(DiagnoseCommand, RefusesWordsThatAreNone) {
    const Site site;
    struct Case {
        std::vector<std::string> words;
        std::string_view message;
    };
    const std::vector<Case> cases{
        {{"mail.example.com"}, "\"mail.example.com\": is no address"},
        {{"192.0.2.0/24"}, "is no address"},
        {{"192.0.2.7", "--from", "example.com"}, "--from \"example.com\": is no mail address"},
        {{"192.0.2.7", "--resolver", "192.0.2.53"}, "is no address with a port"},
        {{"192.0.2.7", "--resolver", "192.0.2.53:0"}, "is no address with a port"},
        {{"192.0.2.7", "--helo", std::string(600, 'x')}, "is too long"},
    };
    for (const auto& [words, message] : cases) {
        std::vector<std::string> call{"diagnose"};
        call.insert(call.end(), words.begin(), words.end());
        const Answer answer = site(call);
        EXPECT_EQ(answer.status, 2) << message;
        EXPECT_THAT(answer.errors, HasSubstr(message));
        EXPECT_THAT(answer.output, IsEmpty());
    }
}

}  // namespace
}  // namespace ostrakon::test
