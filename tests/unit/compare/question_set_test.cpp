// The questions of a log: each once, with how often it was asked, whatever the log holds.
#include "ostrakon/compare/question_set.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::compare {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> shown(const QuestionSet& set) {
    std::vector<std::string> rows;
    for (const auto* const counted : set.questions()) {
        rows.push_back(fmt::format("{} {} {}", dns::to_string(counted->first.name),
                                   dns::type_name(counted->first.type), counted->second));
    }
    return rows;
}

constexpr std::string_view kLog =
    "b.example\n\na.example TXT\nB.example A\nno query at all\nx.example ANY\nb.example";

TEST(QuestionSet, CountsWhatIsAskedAgain) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{7}, kLog.size()}) {
        QuestionSet set;
        for (std::size_t at = 0; at < kLog.size(); at += size) {
            set.add_bytes(kLog.substr(at, size));
        }
        set.finish();
        EXPECT_THAT(shown(set), ElementsAre("b.example A 3", "a.example TXT 1"));
        EXPECT_EQ(set.lines(), 6U);
        EXPECT_EQ(set.without_query(), 1U);
        EXPECT_EQ(set.not_compared(), 1U);
    }
}

TEST(QuestionSet, PassesOverLinesWithoutAnEnd) {
    QuestionSet set;
    for (int i = 0; i < 1000; ++i) {
        set.add_bytes(std::string(kLogLineSizeMax, 'x'));
    }
    set.add_bytes("\na.example\n" + std::string(kLogLineSizeMax + 1, ' '));
    set.finish();
    EXPECT_THAT(shown(set), ElementsAre("a.example A 1"));
    EXPECT_EQ(set.without_query(), 2U);
}

TEST(QuestionSet, HoldsNoMoreThanItMay) {
    QuestionSet set{2};
    set.add_bytes("a.example\nb.example\nc.example\na.example\nc.example\n");
    set.finish();
    EXPECT_THAT(shown(set), ElementsAre("a.example A 2", "b.example A 1"));
    EXPECT_EQ(set.beyond_max(), 2U);
}

TEST(QuestionSet, AddsTheTextsOfWhatIsAskedForAddresses) {
    QuestionSet set;
    set.add_bytes("a.example\na.example\nb.example\nb.example TXT\nc.example MX\n");
    set.finish();
    set.add_text_questions();
    EXPECT_THAT(shown(set), ElementsAre("a.example A 2", "b.example A 1", "b.example TXT 1",
                                        "c.example MX 1", "a.example TXT 2"));
}

}  // namespace
}  // namespace ostrakon::compare
