// Which patterns are taken, how their mistakes are told, and what they match.
#include "ostrakon/pattern/pattern.hpp"
#include "ostrakon/pattern/name_text.hpp"
#include "ostrakon/pattern/pattern_set.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::pattern {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;

std::string canonical(std::string_view text) {
    const auto parsed = parse(text);
    return parsed ? parsed->text : "refused: " + message(parsed.error());
}

TEST(Pattern, HasOneSpelling) {
    EXPECT_EQ(canonical("*.ADSL.Example.NET."), "*.adsl.example.net");
    EXPECT_EQ(canonical("dsl**-*.example.net"), "dsl*-*.example.net");
    EXPECT_EQ(canonical("*.bücher.example"), "*.xn--bcher-kva.example");
    EXPECT_EQ(canonical("/^DSL\\d+\\./"), "/^DSL\\d+\\./");
    EXPECT_EQ(canonical("/a/b/"), "/a/b/");
    EXPECT_EQ(canonical("*"), "*");
}

TEST(Pattern, TellsWhatIsWrong) {
    struct Case {
        std::string_view text;
        std::string_view why;
    };
    for (const auto& [text, why] : {
             Case{"", "names no pattern"},
             {"a..b", "empty label"},
             {".example.net", "empty label"},
             {"dsl*..", "empty label"},
             {"dsl?*.example.net", "character 4"},
             {"*.example.5", "ends in example.5"},
             {"*a*b*c*d*e*f*g*h*i*j*k*l*m*n*o*p*q*", "more than 16 stars"},
             {"//", "empty regular expression"},
             {"/", "no / ends"},
             {"/x", "no / ends"},
             {"/abc", "no / ends"},
             {"/a b/", "at character 2 a byte"},
             {"/b\xC3\xBC/", "at character 2 a byte"},
         }) {
        SCOPED_TRACE(text);
        EXPECT_THAT(canonical(text), HasSubstr(std::string{why}));
    }
    EXPECT_THAT(canonical(std::string(kPatternSizeMax + 1, 'a')), HasSubstr("more than 400"));
}

TEST(Pattern, NamesThePlaceOfAMistakeInARegularExpression) {
    struct Case {
        std::string_view text;
        std::string_view why;
    };
    for (const auto& [text, why] : {
             Case{"/dsl(/", "at character 4: missing )"},
             {"/(a)(b/", "at character 4: missing )"},
             {"/a)b/", "at character 2: unexpected )"},
             {"/[(](/", "at character 4: missing )"},
             {"/dsl[a-/", "at character 4: missing ]"},
             {"/a**/", "at character 2: bad repetition operator"},
             {"/\\\\1\\1/", "at character 4: invalid escape sequence: \\1"},
             {"/a(?=b)/", "at character 2: invalid perl operator: (?="},
             {"/(?<!a)b/", "at character 1: invalid perl operator"},
             {"/a{1,5000}/", "at character 2: invalid repetition size"},
             {"/*a/", "at character 1: no argument for repetition operator"},
             {"/a[z-a]/", "at character 3: invalid character class range"},
         }) {
        SCOPED_TRACE(text);
        EXPECT_THAT(canonical(text), HasSubstr(std::string{why}));
    }
}

TEST(Pattern, IsBounded) {
    EXPECT_THAT(canonical("/((a{100}){100}){100}/"), HasSubstr("at character"));
    EXPECT_THAT(canonical("/(\\d{1,30}x?){30}(\\d{1,30}y?){30}(\\d{1,30}z?){30}/"),
                HasSubstr("instructions"));
}

TEST(Pattern, KnowsTheLabelsAtItsEnd) {
    struct Case {
        std::string_view text;
        std::string_view end;
        std::size_t labels;
    };
    for (const auto& [text, end, labels] : {
             Case{"*.adsl.example.net", "adsl.example.net", 3},
             {"*adsl.example.net", "example.net", 2},
             {"dsl*.net", "net", 1},
             {"dsl*", "", 0},
             {"*", "", 0},
             {"host.example.net", "host.example.net", 3},
             {"/\\.example\\.net$/", "", 2},
             {"/dsl.example\\.net$/", "", 1},
             {"/\\\\.example\\.net$/", "", 1},
             {"/x|\\.example\\.net$/", "", 0},
             {"/(x|y)\\.example\\.net$/", "", 2},
             {"/\\.example\\.net/", "", 0},
             {"/\\.example?\\.net$/", "", 1},
             {"/\\.example\\.net?$/", "", 0},
         }) {
        SCOPED_TRACE(text);
        EXPECT_EQ(literal_end(text), end);
        EXPECT_EQ(literal_label_count(text), labels);
    }
}

TEST(Pattern, MatchesWholeNamesOrAnyPartOfThem) {
    struct Case {
        std::string_view pattern;
        std::string_view name;
        bool expected;
    };
    for (const auto& [pattern, name, expected] : {
             Case{"*.adsl.example.net", "a.adsl.example.net", true},
             {"*.adsl.example.net", "a.b.adsl.example.net", true},
             {"*.adsl.example.net", "adsl.example.net", false},
             {"*.adsl.example.net", "a.adsl.example.net.example", false},
             {"*dsl*-*.example.net", "xdsl-1-2.example.net", true},
             {"*dsl*-*.example.net", "xdsl1.example.net", false},
             {"host.example.net", "host.example.net", true},
             {"host.example.net", "a.host.example.net", false},
             {"a*a", "a", false},
             {"*", "anything", true},
             {"/DSL[0-9]/", "x.dsl5.example.net", true},
             {"/^dsl[0-9]/", "x.dsl5.example.net", false},
             {"/net$/", "dsl5.example.net", true},
         }) {
        SCOPED_TRACE(std::string{pattern} + " " + std::string{name});
        EXPECT_EQ(matches(pattern, name), expected);
        const std::vector<std::string> alone{"nothing", std::string{pattern}};
        const auto set = PatternSet::compile(alone);
        ASSERT_TRUE(set);
        std::vector<int> matching;
        EXPECT_EQ(set->match(name, matching), expected ? MatchResult::Some : MatchResult::None);
        EXPECT_EQ(matching, expected ? std::vector<int>{1} : std::vector<int>{});
    }
}

TEST(PatternSet, NamesAllThatMatch) {
    const std::vector<std::string> patterns{"/dsl/", "*", "/cable/", "*.example.net"};
    const auto set = PatternSet::compile(patterns);
    ASSERT_TRUE(set);
    std::vector<int> matching;
    EXPECT_EQ(set->match("dsl.example.net", matching), MatchResult::Some);
    EXPECT_THAT(matching, UnorderedElementsAre(0, 1, 3));
}

TEST(PatternSet, IsNothingWhereItIsTooMuch) {
    const std::vector<std::string> many(kSetPatternsMax + 1, "/a/");
    EXPECT_FALSE(PatternSet::compile(many));
    // Each of them alone is fine.
    std::vector<std::string> large;
    for (int i = 0; i < 900; ++i) {
        large.push_back("/(\\d{1,30}x?){30}" + std::to_string(i) + "/");
    }
    EXPECT_FALSE(PatternSet::compile(large));
}

// A set whose states are more than its memory holds answers right or says that it cannot.
TEST(PatternSet, IsNeverSilentlyWrong) {
    std::vector<std::string> patterns;
    for (int i = 0; i < 12; ++i) {
        patterns.push_back("/a.{" + std::to_string(20 + i) + "}b/");
    }
    const auto set = PatternSet::compile(patterns);
    ASSERT_TRUE(set);
    std::uint32_t state = 1;
    for (int round = 0; round < 2000; ++round) {
        std::string name;
        for (int i = 0; i < 200; ++i) {
            state = state * 1664525U + 1013904223U;
            name.push_back((state >> 24) % 2 == 0 ? 'a' : 'b');
        }
        std::vector<int> matching;
        if (set->match(name, matching) == MatchResult::Failed) {
            continue;
        }
        std::vector<int> expected;
        for (int i = 0; i < 12; ++i) {
            for (std::size_t at = 0; at + 21U + static_cast<unsigned>(i) < name.size(); ++at) {
                if (name[at] == 'a' && name[at + 21U + static_cast<unsigned>(i)] == 'b') {
                    expected.push_back(i);
                    break;
                }
            }
        }
        EXPECT_THAT(matching, testing::UnorderedElementsAreArray(expected));
    }
}

TEST(NameText, IsWhatPeopleRead) {
    for (const std::string_view text : {"a.example.net", "x", "xn--bcher-kva.example"}) {
        EXPECT_EQ(NameText{dns::reversed_key(*dns::parse_name(text))}.view(), text);
    }
    const std::vector<std::string> labels{"a.b", std::string{"\x00\xFF", 2}, "net"};
    const auto name = dns::Name::from_labels(labels);
    ASSERT_TRUE(name);
    EXPECT_EQ(NameText{dns::reversed_key(*name)}.view(), dns::to_string(*name));
}

}  // namespace
}  // namespace ostrakon::pattern
