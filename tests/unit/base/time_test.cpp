// Durations and points in time, as people spell them.
#include "ostrakon/base/time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>
#include <random>

namespace ostrakon {
namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kLastSecond = 253'402'300'799;  // 9999-12-31T23:59:59Z

TEST(Duration, IsReadInEveryUnit) {
    struct Case {
        std::string_view text;
        Duration duration;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"0s", {0}},
        {"1s", {1}},
        {"5m", {300}},
        {"36h", {129'600}},
        {"30d", {30 * kDay}},
        {"2w", {14 * kDay}},
        {"1y", {365 * kDay}},
        {"007s", {7}},
        {"1000y", {kDurationSecondsMax}},
        {"31536000000s", {kDurationSecondsMax}},
        {"forever", {0, true}},
    });
    for (const auto& [text, duration] : kCases) {
        const auto read = parse_duration(text);
        ASSERT_TRUE(read) << text;
        EXPECT_EQ(*read, duration) << text;
    }
}

TEST(Duration, IsRefusedWithAReason) {
    using namespace std::string_view_literals;
    for (const std::string_view text : {""sv,
                                        "s"sv,
                                        "5"sv,
                                        "5 m"sv,
                                        " 5m"sv,
                                        "5m "sv,
                                        "5mm"sv,
                                        "5M"sv,
                                        "5min"sv,
                                        "-5m"sv,
                                        "-0s"sv,
                                        "+5m"sv,
                                        "5.5h"sv,
                                        "1h30m"sv,
                                        "1001y"sv,
                                        "31536000001s"sv,
                                        "99999999999999999999s"sv,
                                        "Forever"sv,
                                        "never"sv,
                                        "\0s"sv,
                                        "5\0m"sv,
                                        "5m\0"sv,
                                        "\x1B[31m"sv}) {
        const auto read = parse_duration(text);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().code, ErrorCode::Usage);
        EXPECT_THAT(message(read.error()), testing::HasSubstr("as in 30d"));
        EXPECT_THAT(message(read.error()), testing::Not(testing::HasSubstr("\x1B")));
    }
}

TEST(Duration, IsWrittenInTheLargestUnitThatDividesIt) {
    struct Case {
        Duration duration;
        std::string_view text;
    };
    constexpr auto kCases = std::to_array<Case>({
        {{0}, "0s"},
        {{59}, "59s"},
        {{60}, "1m"},
        {{90}, "90s"},
        {{36 * 3600}, "36h"},
        {{30 * kDay}, "30d"},
        {{14 * kDay}, "2w"},
        {{365 * kDay}, "1y"},
        {{366 * kDay}, "366d"},
        {{0, true}, "forever"},
    });
    for (const auto& [duration, text] : kCases) {
        EXPECT_EQ(to_string(duration), text);
        EXPECT_EQ(*parse_duration(text), duration);
    }
}

TEST(Duration, EndsWhereItWasAdded) {
    EXPECT_EQ(end_of({1000}, {500}), UnixTime{1500});
    EXPECT_EQ(end_of({1000}, {0}), UnixTime{1000});
    EXPECT_EQ(end_of({1000}, {0, true}), std::nullopt);
}

TEST(Timestamp, IsReadAsRfc3339) {
    struct Case {
        std::string_view text;
        std::int64_t seconds;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"1970-01-01", 0},
        {"1970-01-01T00:00:00Z", 0},
        {"2027-01-31", 1'801'353'600},
        {"2027-01-31T18:00:00Z", 1'801'418'400},
        {"2027-01-31t18:00:00z", 1'801'418'400},
        {"2027-01-31 18:00:00", 1'801'418'400},
        {"2027-01-31T18:00", 1'801'418'400},
        {"2027-01-31T18:00:00.999Z", 1'801'418'400},
        {"2027-01-31T19:30:00+01:30", 1'801'418'400},
        {"2027-01-31T10:00:00-08:00", 1'801'418'400},
        {"2024-02-29", 1'709'164'800},
        {"2016-12-31T23:59:60Z", 1'483'228'800},  // a leap second is the second that follows
        {"9999-12-31T23:59:59Z", kLastSecond},
    });
    for (const auto& [text, seconds] : kCases) {
        const auto read = parse_timestamp(text);
        ASSERT_TRUE(read) << text;
        EXPECT_EQ(read->seconds, seconds) << text;
    }
}

TEST(Timestamp, IsRefusedWithAReason) {
    for (const std::string_view text : {"",
                                        "2027",
                                        "2027-1-1",
                                        "2027-13-01",
                                        "2027-00-01",
                                        "2027-02-29",
                                        "2027-01-32",
                                        "2027-01-00",
                                        "1969-12-31",
                                        "1970-01-01T00:00:00+00:01",
                                        "9999-12-31T23:59:59-00:01",
                                        "02027-01-01",
                                        "27-01-01",
                                        "2027/01/01",
                                        "2027-01-31T",
                                        "2027-01-31T18",
                                        "2027-01-31T24:00",
                                        "2027-01-31T18:60",
                                        "2027-01-31T18:00:61",
                                        "2027-01-31T18:00:00.",
                                        "2027-01-31T18:00:00+24:00",
                                        "2027-01-31T18:00:00+01",
                                        "2027-01-31T18:00:00+0130",
                                        "2027-01-31T18:00:00ZZ",
                                        "2027-01-31Z",
                                        "2027-01-31 ",
                                        " 2027-01-31",
                                        "tomorrow",
                                        "2027-01-31T18:00:00 Z"}) {
        const auto read = parse_timestamp(text);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().code, ErrorCode::Usage);
        EXPECT_THAT(message(read.error()), testing::HasSubstr("2027-01-31"));
    }
}

TEST(Timestamp, IsWrittenInUtcAndReadBack) {
    EXPECT_EQ(to_string(UnixTime{0}), "1970-01-01T00:00:00Z");
    EXPECT_EQ(to_string(UnixTime{1'801'418'400}), "2027-01-31T18:00:00Z");
    EXPECT_EQ(to_string(UnixTime{kLastSecond}), "9999-12-31T23:59:59Z");
    std::mt19937_64 random{20261122};
    std::uniform_int_distribution<std::int64_t> seconds{0, kLastSecond};
    for (int i = 0; i < 1000; ++i) {
        const UnixTime time{seconds(random)};
        const auto read = parse_timestamp(to_string(time));
        ASSERT_TRUE(read) << to_string(time);
        EXPECT_EQ(*read, time);
    }
}

}  // namespace
}  // namespace ostrakon
