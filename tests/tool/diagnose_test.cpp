// `ostrakon diagnose` as a person and a script meet it, asking a real nameserver.
#include "site.hpp"

#include "support/nameserver.hpp"
#include "support/unreliable_resolver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
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
    EXPECT_THAT(good.output, HasSubstr("\n9 of 9 checks passed.\n"));

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
