// pcre and regexp tables of Postfix: their patterns as bans, and never more than the table bans.
#include "name_shape.hpp"
#include "ostrakon/pattern/pattern.hpp"
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>
#include <random>
#include <vector>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

Result<ReadList> read_table(std::string_view text) {
    return read(text, "pcre-table", false);
}

TEST(PcreTable, MakesBansOfWhatRejectsAndAllowsOfWhatAccepts) {
    const auto list = read_table(
        "# names of lines\n/^adsl-[0-9]+\\.dyn\\.example$/ REJECT Dynamic,\n  use your ISP\n"
        "%\\.pool\\.%i 554 5.7.1 no\n/^mail\\.b\\.test$/ OK\n/slash\\/x/ REJECT\n");
    EXPECT_EQ(entries_of(list),
              "2 rdns:/^adsl-[0-9]+\\.dyn\\.example$/ reason=Dynamic, use your ISP\n"
              "4 rdns:/\\.pool\\./ reason=no\n6 rdns:/slash\\/x/\n");
    EXPECT_THAT(rejects_of(list), HasSubstr("5 [/^mail"));
}

TEST(PcreTable, TakesAnAllowWhereNoEarlierLineHasRejectedItsNames) {
    EXPECT_EQ(entries_of(read_table("/\\.good\\.example$/ OK\n/dsl/ REJECT\n")),
              "1 rdns:/\\.good\\.example$/ class=allow\n2 rdns:/dsl/\n");
    const auto late = read_table("/dsl/ REJECT\n/\\.good\\.example$/ OK\n/pool/ REJECT\n");
    EXPECT_EQ(entries_of(late), "1 rdns:/dsl/\n");
    EXPECT_THAT(rejects_of(late), HasSubstr("may match names that line 1 has already rejected"));
    EXPECT_THAT(rejects_of(late), HasSubstr("may match names that line 2 has already left alone"))
        << "as the allow is not taken, what it keeps from the next line would be banned";
    EXPECT_EQ(entries_of(read_table("/\\.bad\\.test$/ REJECT\n/\\.good\\.example$/ OK\n")),
              "1 rdns:/\\.bad\\.test$/\n2 rdns:/\\.good\\.example$/ class=allow\n");
}

TEST(PcreTable, BansNothingThatAnEarlierLineLeavesAlone) {
    const auto list = read_table(
        "/\\.good\\.example$/ DUNNO\n/dsl/ REJECT\n/\\.pool\\.good\\.example$/ REJECT\n"
        "/\\.bad\\.example$/ REJECT\n/\\.test$/ WARN look\n/\\.x\\.test$/ REJECT\n");
    EXPECT_EQ(entries_of(list), "4 rdns:/\\.bad\\.example$/\n");
    EXPECT_EQ(list->contents.rejected, 3U);
    EXPECT_THAT(rejects_of(list), HasSubstr("2 [/dsl/ REJECT] may match names that line 1 has"));
    EXPECT_THAT(notes_of(list), HasSubstr("line 1: DUNNO neither rejects nor accepts"));
    // What can match no name keeps nothing from anybody.
    EXPECT_EQ(
        entries_of(read_table("/:/ DUNNO\n/^([0-9]{1,3}\\.){3}[0-9]{1,3}$/ DUNNO\n/dsl/ REJECT\n")),
        "3 rdns:/dsl/\n");
    // What is negated, or cannot be read, may be about any name.
    EXPECT_EQ(entries_of(read_table("!/\\.a\\.test$/ DUNNO\n/\\.b\\.example$/ REJECT\n")), "");
    EXPECT_EQ(entries_of(read_table("/(?!x)y/ DUNNO\n/\\.b\\.example$/ REJECT\n")), "");
}

TEST(PcreTable, RejectsWhatStandsUnderAnIf) {
    const auto list = read_table(
        "if /dsl/\n/\\.a\\.example$/ REJECT\nif !/x/\n/\\.b\\.example$/ DUNNO\nendif\nendif\n"
        "/\\.b\\.example$/ REJECT\n/\\.c\\.example$/ REJECT\nendif\n");
    EXPECT_EQ(entries_of(list), "8 rdns:/\\.c\\.example$/\n")
        << "what is left alone under an if may be what a later line rejects";
    EXPECT_THAT(rejects_of(list), HasSubstr("stands under an if, whose condition cannot be kept"));
    EXPECT_THAT(rejects_of(list), HasSubstr("9 [endif] ends no if"));
    EXPECT_THAT(refusal_of(read_table("if /dsl/\n/a/ REJECT\n")), HasSubstr("was cut off"));
}

TEST(PcreTable, RejectsPatternsThatSaySomethingElseHere) {
    constexpr auto kLines = std::to_array<std::string_view>({
        "!/\\.example$/ REJECT",   // everything else
        "/A\\.example$/i REJECT",  // with regard to case
        "/a b/x REJECT",           //
        "/dsl/A REJECT",           //
        "/(?<!a)dsl/ REJECT",      //
        "/(a)\\1/ REJECT",         //
        "/dsl REJECT",             //
        "dsl REJECT",              //
        "// REJECT",               //
    });
    for (const auto line : kLines) {
        const auto list = read_table(std::string{line} + "\n");
        EXPECT_EQ(entries_of(list), "") << line;
        EXPECT_EQ(list->contents.rejected, 1U) << line;
    }
    EXPECT_EQ(entries_of(read_table("/Adsl/ REJECT\n/pool/i REJECT\n/a/mii 550 no\n")),
              "1 rdns:/Adsl/\n2 rdns:/pool/\n3 rdns:/a/ reason=no\n");
}

TEST(PcreTable, IsForOwnBansAlone) {
    EXPECT_FALSE(can_be_pulled("pcre-table"));
}

TEST(NameShape, TellsPatternsApartThatMatchNoNameInCommon) {
    struct Pair {
        std::string_view a;
        std::string_view b;
        bool are_apart;
    };
    constexpr auto kPairs = std::to_array<Pair>({
        {"\\.a\\.example$", "\\.b\\.example$", true},
        {"\\.a\\.example$", "x\\.a\\.example$", false},
        {"\\.example$", "\\.test$", true},
        {"\\.EXAMPLE$", "\\.example$", false},
        {"[0-9]$", "e$", true},
        {"[^0-9]$", "e$", false},
        {"[^e]$", "e$", true},
        {"\\d$", "[a-f]$", true},
        {"\\w$", "e$", false},
        {"e?$", "t$", false},
        {"e*t$", "xt$", false},
        {"e+t$", "xt$", true},
        {"be+t$", "eet$", false},
        {"x{0,3}t$", "yt$", false},
        {"(x|y)$", "z$", false},
        {"x$|y$", "z$", false},
        {"x", "y", false},
        {"^x", "y$", false},
        {"a:b", "a", true},
        {"a:?b", "a", false},
        {"^[0-9.]+$", "1$", false},  // not known for what it is
        {"^\\d+\\.\\d+$", "1$", true},
        {"^([0-9]{1,3}[.]){3}[0-9]+$", "1$", false},
        {"x(?i)$", "y$", false},
        {"x(?:a|b)c$", "d$", true},
        {"[[:alpha:]]$", "1$", false},
        {"[]a]$", "b$", true},
        {"[a\\-]$", "b$", true},
        {"[\\w-]$", "b$", false},
        {"a\\$", "b$", true},
        {"a\\\\$", "b$", true},
    });
    for (const auto& [a, b, are_apart] : kPairs) {
        EXPECT_EQ(are_disjoint(shape_of(a), shape_of(b)), are_apart) << a << " and " << b;
        EXPECT_EQ(are_disjoint(shape_of(b), shape_of(a)), are_apart) << b << " and " << a;
    }
}

// Random patterns and names: no name is matched by two that are said to be apart.
TEST(NameShape, NeverTellsApartWhatMatchesOneName) {
    constexpr std::uint64_t kSeed = 20261122;
    SCOPED_TRACE(kSeed);
    std::mt19937_64 random{kSeed};
    const auto below = [&random](std::uint64_t bound) { return random() % bound; };
    constexpr auto kPieces = std::to_array<std::string_view>(
        {"a",         "b",        "1",  "\\.",   "-",     "[ab]", "[^a]",  "[0-9]",
         "\\d",       "\\w",      ".",  "(a|1)", "(?:b)", "a?",   "b*",    "1+",
         "[ab]{1,2}", "\\.{0,1}", "-?", "^",     "$",     "|",    "(b|-)+"});
    const auto draw = [&](std::size_t pieces) {
        std::string regex = below(3) == 0 ? "^" : "";
        for (std::size_t i = 0; i < pieces; ++i) {
            regex += kPieces[below(kPieces.size())];
        }
        return regex + (below(3) > 0 ? "$" : "");
    };
    constexpr std::string_view kCharacters = "ab1.-";
    std::uint64_t apart = 0;
    for (int i = 0; i < 4000; ++i) {
        const std::string a = draw(1 + below(4));
        const std::string b = draw(1 + below(4));
        if (!are_disjoint(shape_of(a), shape_of(b))) {
            continue;
        }
        ++apart;
        for (int k = 0; k < 100; ++k) {
            std::string name(1 + below(5), 'a');
            for (char& c : name) {
                c = kCharacters[below(kCharacters.size())];
            }
            name.back() = k % 2 == 0 ? 'a' : 'b';  // no host name ends in a digit
            const bool both =
                pattern::matches("/" + a + "/", name) && pattern::matches("/" + b + "/", name);
            EXPECT_FALSE(both) << name << " is matched by " << a << " and " << b;
        }
    }
    EXPECT_GT(apart, 300U);
}

}  // namespace
}  // namespace ostrakon::feed
