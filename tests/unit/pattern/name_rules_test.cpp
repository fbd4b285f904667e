// The file of rules for dynamic-names: its mistakes, and what the shipped one says of names.
#include "ostrakon/pattern/name_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <fstream>
#include <iterator>

namespace ostrakon::pattern {
namespace {

using testing::HasSubstr;

std::shared_ptr<const NameRules> shipped() {
    std::ifstream file{OSTRAKON_DYNAMIC_NAMES};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const auto rules = parse_name_rules(text, OSTRAKON_DYNAMIC_NAMES);
    EXPECT_TRUE(rules) << message(rules.error());
    return std::make_shared<NameRules>(rules ? *rules : NameRules{});
}

TEST(NameRules, TellsAllMistakesWithTheirLines) {
    const auto rules = parse_name_rules(
        "# a comment\n\ndynamic dsl /ppp(/\nwords dsl\nexcept Mail\n  digits /[0-9]/ *\n", "rules");
    ASSERT_FALSE(rules);
    const std::string text = message(rules.error());
    EXPECT_THAT(text, HasSubstr("rules:3: /ppp(/ is a bad regular expression: at character 4"));
    EXPECT_THAT(text, HasSubstr("rules:4: \"words\" is no kind of rule"));
    EXPECT_THAT(text, HasSubstr("rules:5: Mail is no word"));
    EXPECT_THAT(text, HasSubstr("rules:6: * is no word"));
}

TEST(NameRules, AreBounded) {
    std::string many;
    for (std::size_t i = 0; i <= kRulesMax; ++i) {
        many += "name a\n";
    }
    EXPECT_FALSE(parse_name_rules(many, "rules"));
    EXPECT_FALSE(parse_name_rules(std::string(kRulesFileSizeMax + 1, '#'), "rules"));
}

TEST(NameRules, AreJudgedAsTheFileSays) {
    const auto rules = parse_name_rules(
        "digits /[0-9]/\ndynamic dsl ppp*\naddress /([0-9]+-){3}/\ncustomer host\n"
        "name /^x[0-9]/\nexcept static\n",
        "rules");
    ASSERT_TRUE(rules);
    const auto classifier = NameClassifier::compile(std::make_shared<NameRules>(*rules));
    ASSERT_TRUE(classifier);
    struct Case {
        std::string_view name;
        bool is_dynamic;
        std::string_view reason;
    };
    for (const auto& [name, is_dynamic, reason] : {
             Case{"dsl7.example.net", true, "its name has dsl and /[0-9]/"},
             {"pppoe7.example.net", true, "its name has ppp* and /[0-9]/"},
             {"dsl.example.net", false, ""},
             {"adsl7.example.net", false, ""},
             {"a7.example.dsl", false, ""},  // the last label is no word
             {"host-1-2-3-4.example.net", true, "its name has host and /([0-9]+-){3}/"},
             {"host-1-2.example.net", false, ""},
             {"x1.example.net", true, "its name has /^x[0-9]/"},
             {"static.dsl7.example.net", false, "its name has dsl and /[0-9]/"},
         }) {
        SCOPED_TRACE(name);
        EXPECT_EQ(classifier->classify(name), is_dynamic ? MatchResult::Some : MatchResult::None);
        EXPECT_EQ(classifier->reason(name), reason);
    }
}

TEST(NameRules, OfTheShippedFileTellLinesFromServers) {
    const auto classifier = NameClassifier::compile(shipped());
    ASSERT_TRUE(classifier);
    struct Case {
        std::string_view name;
        bool is_dynamic;
    };
    for (const auto& [name, is_dynamic] : {
             Case{"222-222-222-222.adsl.ispgood.example", true},
             {"ppp-203-0-113-7.dialup.example.net", true},
             {"7.113.0.203.dyn.example.net", true},
             {"cable-203-000-113-007.example.net", true},
             {"catv-cb007107.pool.example.net", true},
             {"dhcp-113-7.example.edu", true},
             {"host-203-0-113-7.example.net", true},
             {"203000113007.cust.example.net", true},
             {"dsl-203-0-113-7.example.com.mx", true},
             // An address says nothing about the line.
             {"222-222-222-222.badisp.example", false},
             {"222-222-222-222.badisp.net", false},
             {"dsl.example.net", false},
             {"static-203-0-113-7.adsl.example.net", false},
             {"mail.dsl7.example.net", false},
             {"mail1.example.net", false},
             {"mx2.pool.example.net", false},
             {"smtp-7.cable.example.net", false},
             {"relay3.dyn.example.net", false},
             {"mta17.broadband.example.net", false},
             {"www.example.org", false},
             {"example.org", false},
         }) {
        EXPECT_EQ(classifier->classify(name), is_dynamic ? MatchResult::Some : MatchResult::None)
            << name;
    }
}

}  // namespace
}  // namespace ostrakon::pattern
