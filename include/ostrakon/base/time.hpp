// Points in time and durations, as the command line and the files spell them.
#pragma once

#include "ostrakon/base/result.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ostrakon {

/// A point in time: seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
struct UnixTime {
    std::int64_t seconds = 0;
    friend constexpr auto operator<=>(UnixTime, UnixTime) = default;
};

/// A length of time in whole seconds, or for ever.
struct Duration {
    std::int64_t seconds = 0;
    bool forever = false;
    friend constexpr bool operator==(Duration, Duration) = default;
};

/// The longest finite duration that is accepted: 1000 years.
inline constexpr std::int64_t kDurationSecondsMax = std::int64_t{1000} * 365 * 24 * 3600;

/// The time of day from the operating system's clock.
UnixTime now();

/// Returns the end of a span that begins at `start`; nothing if it has no end.
std::optional<UnixTime> end_of(UnixTime start, Duration length);

/// Reads a number and one of s, m (minutes), h, d, w, y (365 d), or "forever".
Result<Duration> parse_duration(std::string_view text);

/// Writes a duration in the largest unit that divides it: "5m", "36h", "forever".
std::string to_string(Duration duration);

/// Reads RFC 3339; without a zone it is UTC, and a bare date is its 00:00. Years 1970 to 9999.
Result<UnixTime> parse_timestamp(std::string_view text);

/// Writes RFC 3339 in UTC: "2026-11-22T03:00:00Z".
std::string to_string(UnixTime time);

}  // namespace ostrakon
