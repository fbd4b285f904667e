// When feeds are fetched: the rules that keep publishers' good will, by their numbers.
#include "ostrakon/pull/schedule.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ostrakon::pull {
namespace {

constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kDay = 24 * kHour;
constexpr UnixTime kNoon{1'800'014'400};  // a full hour, as crowds like it

config::FeedSettings feed(std::int64_t every = 12 * kHour, std::int64_t least = 0) {
    config::FeedSettings settings;
    settings.name = "drop";
    settings.every = Duration{every};
    settings.every_least = Duration{least};
    return settings;
}

UnixTime later(UnixTime at, std::int64_t seconds) {
    return UnixTime{at.seconds + seconds};
}

policy::PullState tried(const config::FeedSettings& settings, UnixTime at) {
    policy::PullState state;
    note_try(state, settings, at, 0.5);
    return state;
}

policy::PullState fetched(const config::FeedSettings& settings, UnixTime at,
                          std::optional<UnixTime> fresh_until = std::nullopt, Chance chance = 0.5) {
    policy::PullState state = tried(settings, at);
    note_fetched(state, settings, at, fresh_until, chance);
    return state;
}

policy::PullState failing(std::uint32_t times, const FailedFetch& failed,
                          const config::FeedSettings& settings = feed()) {
    policy::PullState state;
    for (std::uint32_t i = 0; i < times; ++i) {
        note_try(state, settings, kNoon, 0.5);
        note_failed(state, settings, kNoon, failed, 0.5);
    }
    return state;
}

TEST(Schedule, WhatWasNeverTriedIsDue) {
    EXPECT_TRUE(is_due({}, kNoon));
}

TEST(Schedule, Rule01IntervalWithATenthOfJitter) {
    std::mt19937_64 random{1};
    std::uniform_real_distribution<double> chance{0, 1};
    std::int64_t shortest = kDay;
    std::int64_t longest = 0;
    for (int i = 0; i < 1000; ++i) {
        const auto state = fetched(feed(), later(kNoon, 777), std::nullopt, chance(random));
        const std::int64_t interval = state.next->seconds - kNoon.seconds - 777;
        shortest = std::min(shortest, interval);
        longest = std::max(longest, interval);
    }
    EXPECT_GE(shortest, 12 * kHour * 9 / 10);
    EXPECT_LT(shortest, 12 * kHour * 92 / 100);
    EXPECT_LE(longest, 12 * kHour * 11 / 10 + 20 * 60);
    EXPECT_GT(longest, 12 * kHour * 108 / 100);
}

TEST(Schedule, Rule01NeverOnAFullOrHalfHour) {
    std::mt19937_64 random{2};
    std::uniform_real_distribution<double> chance{0, 1};
    for (int i = 0; i < 20'000; ++i) {
        const auto start = later(kNoon, static_cast<std::int64_t>(random() % kDay));
        const auto state = fetched(feed(600 + static_cast<std::int64_t>(random() % kDay)), start,
                                   std::nullopt, chance(random));
        const std::int64_t past = state.next->seconds % 1800;
        EXPECT_GE(past, 120) << start.seconds;
        EXPECT_LT(past, 1740) << start.seconds;
    }
}

TEST(Schedule, Rule01NotBelowThePublishersFloor) {
    const auto settings = feed(60, kHour);
    const auto state = fetched(settings, kNoon, std::nullopt, 0);
    EXPECT_GE(*state.next, later(kNoon, kHour));
    EXPECT_FALSE(is_due(state, later(kNoon, kHour - 1)));
    EXPECT_EQ(too_early_until(settings, state, later(kNoon, 60)), later(kNoon, kHour));
    EXPECT_EQ(too_early_until(settings, state, later(kNoon, kHour)), std::nullopt);
    EXPECT_EQ(too_early_until(feed(60), state, kNoon), std::nullopt) << "no floor is known";
    EXPECT_GE(*failing(1, {"x", false, false, {}}, settings).next, later(kNoon, kHour));
}

TEST(Schedule, Rule01ACrashInAFetchCountsAsAFailure) {
    const auto state = tried(feed(), kNoon);
    EXPECT_FALSE(is_due(state, later(kNoon, 60)));
    EXPECT_FALSE(state.failure.empty());
    EXPECT_EQ(state.last_try, kNoon);
    auto again = state;
    note_try(again, feed(), kNoon, 0.5);
    EXPECT_GT(*again.next, *state.next);
}

TEST(Schedule, Rule02WhatThePublisherSaysOfFreshnessIsHeeded) {
    EXPECT_GE(*fetched(feed(kHour), kNoon, later(kNoon, 5 * kHour)).next, later(kNoon, 5 * kHour));
    const auto for_years = fetched(feed(kHour), kNoon, later(kNoon, 1000 * kDay));
    EXPECT_GE(*for_years.next, later(kNoon, kDay));
    EXPECT_LE(*for_years.next, later(kNoon, kDay + kHour));
    EXPECT_GE(*fetched(feed(12 * kHour), kNoon, kNoon).next, later(kNoon, 10 * kHour));
}

TEST(Schedule, Rule02RetryAfterIsHeeded) {
    const auto state = failing(1, {"429", false, false, Duration{7 * kHour}});
    EXPECT_GE(*state.next, later(kNoon, 7 * kHour));
}

TEST(Schedule, Rule03BackoffDoublesUpToADay) {
    std::int64_t before = 0;
    for (std::uint32_t times = 1; times < 8; ++times) {
        const auto state = failing(times, {"503", false, false, {}});
        const std::int64_t wait = state.next->seconds - kNoon.seconds;
        EXPECT_GT(wait, before) << times;
        before = wait;
    }
    const auto often = failing(100, {"503", false, false, {}});
    EXPECT_GE(*often.next, later(kNoon, kDay * 9 / 10));
    EXPECT_LE(*often.next, later(kNoon, kDay * 11 / 10 + kHour));
    EXPECT_FALSE(often.is_stopped);
    EXPECT_EQ(often.failure, "503");
}

TEST(Schedule, Rule03SuccessResetsTheBackoff) {
    auto state = failing(9, {"503", false, false, {}});
    note_try(state, feed(), kNoon, 0.5);
    note_fetched(state, feed(), kNoon, std::nullopt, 0.5);
    EXPECT_EQ(state.failures, 0);
    EXPECT_EQ(state.failure, "");
}

TEST(Schedule, Rule03WhatIsForbiddenIsNotTriedAgain) {
    const auto state = failing(1, {"403", true, false, {}});
    EXPECT_TRUE(state.is_stopped);
    EXPECT_FALSE(is_due(state, later(kNoon, 1000 * kDay)));
}

TEST(Schedule, Rule03WhatIsMissingForAWeekHasEnded) {
    policy::PullState state;
    for (std::int64_t day = 0; day < 8; ++day) {
        EXPECT_FALSE(state.is_stopped) << day;
        note_try(state, feed(), later(kNoon, day * kDay), 0.5);
        note_failed(state, feed(), later(kNoon, day * kDay), {"404", false, true, {}}, 0.5);
    }
    EXPECT_TRUE(state.is_stopped);
    EXPECT_NE(state.failure.find("ended?"), std::string::npos);
}

TEST(Schedule, Rule03MissingOnceIsNotMissingForAWeek) {
    auto state = failing(1, {"404", false, true, {}});
    note_failed(state, feed(), later(kNoon, 6 * kDay), {"503", false, false, {}}, 0.5);
    note_failed(state, feed(), later(kNoon, 8 * kDay), {"404", false, true, {}}, 0.5);
    EXPECT_FALSE(state.is_stopped);
}

policy::Feed served(std::int64_t age) {
    policy::Feed known;
    known.last_success = later(kNoon, -age);
    return known;
}

TEST(Schedule, Rule17StandsStaleBeyondItsMaxAge) {
    auto settings = feed();
    settings.max_age = Duration{7 * kDay};
    const auto fresh = served(7 * kDay);
    const auto stale = served(7 * kDay + 1);
    EXPECT_EQ(standing_of(settings, &fresh, nullptr, kNoon), Standing::Fresh);
    EXPECT_EQ(standing_of(settings, &stale, nullptr, kNoon), Standing::Stale);
    settings.max_age.reset();
    EXPECT_EQ(standing_of(settings, &stale, nullptr, kNoon), Standing::Fresh);
}

TEST(Schedule, Rule17IsOverdueLongBeforeItIsStale) {
    auto settings = feed();
    settings.max_age = Duration{7 * kDay};
    EXPECT_FALSE(is_overdue(settings, later(kNoon, -3 * kDay), kNoon));
    EXPECT_TRUE(is_overdue(settings, later(kNoon, -4 * kDay), kNoon));
    EXPECT_FALSE(is_overdue(settings, std::nullopt, kNoon));
}

TEST(Schedule, StandingsInTheirOrder) {
    policy::PullState state;
    EXPECT_EQ(standing_of(feed(), nullptr, nullptr, kNoon), Standing::Never);
    state.failure = "503";
    EXPECT_EQ(standing_of(feed(), nullptr, &state, kNoon), Standing::Failing);
    const auto known = served(60);
    EXPECT_EQ(standing_of(feed(), &known, &state, kNoon), Standing::Failing);
    state.held = policy::HeldVersion{};
    EXPECT_EQ(standing_of(feed(), &known, &state, kNoon), Standing::Held);
}

}  // namespace
}  // namespace ostrakon::pull
