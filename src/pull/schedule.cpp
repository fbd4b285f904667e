#include "ostrakon/pull/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ostrakon::pull {
namespace {

constexpr std::int64_t kHourSeconds = 3600;
constexpr std::int64_t kBackoffFirstSeconds = 600;
constexpr std::uint32_t kBackoffDoublingsMax = 16;
constexpr double kJitter = 0.1;                     // of an interval, to either side
constexpr std::int64_t kCrowdedBeforeSeconds = 60;  // the world's cron jobs run at :00 and :30
constexpr std::int64_t kCrowdedAfterSeconds = 120;
constexpr std::int64_t kAfterCrowdSeconds = 600;  // spread over so long behind it

// The interval, a tenth shorter to a tenth longer.
std::int64_t with_jitter(std::int64_t seconds, Chance chance) {
    return seconds +
           static_cast<std::int64_t>(static_cast<double>(seconds) * kJitter * (2 * chance - 1));
}

// Moves what falls on a full or half hour behind it.
UnixTime off_the_hour(UnixTime at, Chance chance) {
    constexpr std::int64_t kHalf = kHourSeconds / 2;
    const std::int64_t past = at.seconds % kHalf;
    const auto moved = [&](std::int64_t full) {
        return UnixTime{
            full + kCrowdedAfterSeconds +
            static_cast<std::int64_t>(static_cast<double>(kAfterCrowdSeconds) * chance)};
    };
    if (past < kCrowdedAfterSeconds) {
        return moved(at.seconds - past);
    }
    return past >= kHalf - kCrowdedBeforeSeconds ? moved(at.seconds - past + kHalf) : at;
}

UnixTime floor_of(const config::FeedSettings& feed, UnixTime at) {
    return UnixTime{at.seconds + feed.every_least.seconds};
}

std::int64_t backoff_seconds(std::uint32_t failures) {
    const std::uint32_t doublings = std::min(failures > 0 ? failures - 1 : 0, kBackoffDoublingsMax);
    return std::min(kBackoffFirstSeconds << doublings, kBackoffMaxSeconds);
}

// When to try again after so many failures in a row.
UnixTime next_after_failure(const policy::PullState& state, const config::FeedSettings& feed,
                            UnixTime at, std::optional<Duration> retry_after, Chance chance) {
    const UnixTime backoff{at.seconds + with_jitter(backoff_seconds(state.failures), chance)};
    const UnixTime wanted{at.seconds + (retry_after ? retry_after->seconds : 0)};
    return off_the_hour(std::max({backoff, wanted, floor_of(feed, at)}), chance);
}

// Whether more than that part of its max_age has passed.
bool is_older(const config::FeedSettings& settings, std::optional<UnixTime> last_success,
              UnixTime at, std::int64_t part) {
    return last_success && settings.max_age && !settings.max_age->forever &&
           at.seconds - last_success->seconds > settings.max_age->seconds / part;
}

}  // namespace

bool is_due(const policy::PullState& state, UnixTime at) {
    return !state.is_stopped && (!state.next || *state.next <= at);
}

std::optional<UnixTime> too_early_until(const config::FeedSettings& feed,
                                        const policy::PullState& state, UnixTime at) {
    if (!state.last_try || feed.every_least.seconds == 0) {
        return std::nullopt;
    }
    const UnixTime until = floor_of(feed, *state.last_try);
    return at < until ? std::optional{until} : std::nullopt;
}

void note_try(policy::PullState& state, const config::FeedSettings& feed, UnixTime at,
              Chance chance) {
    state.last_try = at;
    ++state.failures;
    state.failure = "the last try was broken off";
    state.next = next_after_failure(state, feed, at, std::nullopt, chance);
}

void note_fetched(policy::PullState& state, const config::FeedSettings& feed, UnixTime at,
                  std::optional<UnixTime> fresh_until, Chance chance) {
    state.failures = 0;
    state.failure.clear();
    state.missing_since.reset();
    state.is_stopped = false;
    const UnixTime planned{at.seconds + with_jitter(feed.every.seconds, chance)};
    const UnixTime said{
        std::min(fresh_until.value_or(UnixTime{0}).seconds, at.seconds + kBackoffMaxSeconds)};
    state.next = off_the_hour(std::max({planned, said, floor_of(feed, at)}), chance);
}

void note_failed(policy::PullState& state, const config::FeedSettings& feed, UnixTime at,
                 const FailedFetch& failed, Chance chance) {
    // The try has been counted already.
    state.failure = failed.why;
    state.next = next_after_failure(state, feed, at, failed.retry_after, chance);
    if (!failed.is_gone) {
        state.missing_since.reset();
    } else if (!state.missing_since) {
        state.missing_since = at;
    }
    const bool is_ended =
        state.missing_since && at.seconds - state.missing_since->seconds >= kMissingMaxSeconds;
    if (is_ended) {
        state.failure += "; it has been missing for a week: has it ended?";
    }
    state.is_stopped = failed.is_final || is_ended;
}

std::string_view to_string(Standing standing) {
    switch (standing) {
        case Standing::Fresh:
            return "fresh";
        case Standing::Stale:
            return "stale";
        case Standing::Held:
            return "held";
        case Standing::Failing:
            return "failing";
        case Standing::Never:
            return "never";
        case Standing::Local:
            return "local";
    }
    return "";
}

std::string held_text(const policy::HeldVersion& held, std::string_view feed) {
    return held.is_unreadable
               ? fmt::format("{}; a later version that can be read is taken by itself", held.why)
               : fmt::format("{}; `ostrakon feeds accept {}` takes it all the same", held.why,
                             feed);
}

std::optional<UnixTime> last_success_of(const policy::Feed* feed, const policy::PullState* state) {
    if (feed != nullptr) {
        return feed->last_success;  // what answers go by
    }
    return state == nullptr ? std::nullopt : state->last_success;
}

Standing standing_of(const config::FeedSettings& settings, const policy::Feed* feed,
                     const policy::PullState* state, UnixTime at) {
    const auto last_success = last_success_of(feed, state);
    if (state != nullptr && state->held) {
        return Standing::Held;
    }
    if (is_older(settings, last_success, at, 1)) {
        return Standing::Stale;
    }
    if (state != nullptr && !state->failure.empty()) {
        return Standing::Failing;
    }
    return last_success ? Standing::Fresh : Standing::Never;
}

bool is_overdue(const config::FeedSettings& settings, std::optional<UnixTime> last_success,
                UnixTime at) {
    return is_older(settings, last_success, at, 2);
}

}  // namespace ostrakon::pull
