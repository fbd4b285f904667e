// What was counted over time: minutes and hours, gaps, and the file between two runs.
#include "ostrakon/hits/history.hpp"

#include "ostrakon/hits/history_file.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace ostrakon::hits {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr std::int64_t kStart = 1'800'000'000;  // a full hour
constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kHour = 3600;

/// Takes a whole minute, the one that began so many minutes after the start.
void add_minute(History& history, std::int64_t minute, NamedCounts counts) {
    history.add({UnixTime{kStart + (minute + 1) * kMinute}, 60'000, std::move(counts)});
}

std::vector<Bucket> minutes(const History& history, std::int64_t last, std::size_t count,
                            std::int64_t each = 1) {
    return history.read({UnixTime{kStart + last * kMinute + 1}, each * kMinute, count},
                        {"queries", "zone/a"});
}

TEST(History, TellsAGapFromAMinuteWithoutQueries) {
    History history;
    add_minute(history, 0, {{"queries", 7}, {"zone/a", 3}});
    add_minute(history, 1, {{"queries", 0}});
    add_minute(history, 3, {{"queries", 9}});
    const auto read = minutes(history, 3, 4);
    ASSERT_THAT(read, SizeIs(4));
    EXPECT_EQ(read[0].begin, UnixTime{kStart});
    EXPECT_THAT(read[0].counts, ElementsAre(7, 3));
    EXPECT_EQ(read[0].seconds, 60);
    EXPECT_THAT(read[1].counts, ElementsAre(0, 0));
    EXPECT_EQ(read[1].seconds, 60);
    EXPECT_EQ(read[2].seconds, 0);
    EXPECT_EQ(read[3].seconds, 60);
}

TEST(History, AddsMinutesUpInLargerBuckets) {
    History history;
    for (int minute = 0; minute < 20; ++minute) {
        add_minute(history, minute, {{"queries", 10}});
    }
    const auto read = minutes(history, 19, 2, 10);
    EXPECT_THAT(read[1].counts, ElementsAre(100, 0));
    EXPECT_EQ(read[1].seconds, 600);
}

TEST(History, KeepsADayOfMinutesAndAMonthOfHours) {
    History history;
    constexpr std::int64_t kMinutesAdded = 40 * 24 * 60;
    for (std::int64_t minute = 0; minute < kMinutesAdded; ++minute) {
        add_minute(history, minute, {{"queries", 1}});
    }
    const auto day = minutes(history, kMinutesAdded - 1, 2 * History::kMinutes);
    EXPECT_EQ(day[History::kMinutes - 1].seconds, 0);
    EXPECT_EQ(day[History::kMinutes].seconds, 60);
    EXPECT_EQ(day.back().seconds, 60);
    const auto month = history.read(
        {UnixTime{kStart + kMinutesAdded * kMinute - 1}, kHour, 2 * History::kHours}, {"queries"});
    EXPECT_EQ(month[History::kHours - 1].seconds, 0);
    EXPECT_EQ(month[History::kHours].seconds, kHour);
    EXPECT_THAT(month.back().counts, ElementsAre(60));
    EXPECT_EQ(history.since(), (UnixTime{kStart + (kMinutesAdded / 60 - 31 * 24) * kHour}));
}

TEST(History, SurvivesAClockThatIsSetBack) {
    History history;
    add_minute(history, 100'000, {{"queries", 5}});
    add_minute(history, 0, {{"queries", 7}});
    EXPECT_THAT(minutes(history, 0, 1)[0].counts, ElementsAre(7, 0));
    history.add({UnixTime{10}, 60'000, {{"queries", 5}}});  // began before 1970
    history.add({UnixTime{kStart}, 0, {{"queries", 5}}});
    EXPECT_THAT(minutes(history, 0, 1)[0].counts, ElementsAre(7, 0));
}

TEST(History, HasABoundOnNames) {
    History history;
    NamedCounts counts{{"queries", 1}};
    for (int i = 0; i < 1000; ++i) {
        counts["zone/" + std::to_string(i)] = 1;
    }
    counts["class/" + std::string(1000, 'x')] = 1;
    add_minute(history, 0, counts);
    EXPECT_THAT(history.names("zone"), SizeIs(History::kNamesOfKindMax));
    EXPECT_THAT(history.names("class"), SizeIs(0));
    EXPECT_THAT(minutes(history, 0, 1)[0].counts[0], 1);
}

class HistoryFile : public testing::Test {
protected:
    HistoryFile() {
        for (int minute = 0; minute < 90; minute += 2) {
            add_minute(history_, minute, {{"queries", 1'000'000}, {"zone/a", 3}, {"zone/", 1}});
        }
    }
    const test::TemporaryDirectory directory_;
    const std::filesystem::path file_ = directory_.path() / "history";
    History history_;
};

TEST_F(HistoryFile, GivesBackWhatWasWritten) {
    EXPECT_FALSE(*read_history(file_));
    ASSERT_TRUE(write_history(file_, History{}));
    ASSERT_TRUE(write_history(file_, history_));
    const auto read = read_history(file_);
    ASSERT_TRUE(read && *read);
    EXPECT_EQ((*read)->encode(), history_.encode());
    EXPECT_EQ(minutes(**read, 89, 90)[88].counts, minutes(history_, 89, 90)[88].counts);
    EXPECT_EQ(minutes(**read, 89, 90)[89].seconds, 0);
    EXPECT_THAT((*read)->names("zone"), ElementsAre("", "a"));
}

TEST_F(HistoryFile, IsRefusedWithAnyByteAnotherOrCutOff) {
    ASSERT_TRUE(write_history(file_, history_));
    const std::string whole = test::read_file(file_);
    for (std::size_t i = 0; i < whole.size(); i += 7) {
        std::string other = whole;
        other[i] = static_cast<char>(other[i] ^ 0x10);
        directory_.write("history", other);
        EXPECT_FALSE(read_history(file_)) << i;
        directory_.write("history", whole.substr(0, i));
        EXPECT_FALSE(read_history(file_)) << i;
    }
}

// The hash keeps chance out; what it lets through is still read with bounds.
TEST(History, IsReadSafelyOfAnyBytes) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937 random{seed};
    History history;
    add_minute(history, 0, {{"queries", 7}, {"zone/a", 3}});
    const std::string sound = history.encode();
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes = sound;
        for (std::size_t j = 0; j <= random() % 4; ++j) {
            bytes[random() % bytes.size()] = static_cast<char>(random());
        }
        bytes.resize(random() % (bytes.size() + 1));
        if (const auto read = History::decode(bytes)) {
            minutes(*read, 1, 2);
        }
    }
}

}  // namespace
}  // namespace ostrakon::hits
