#include "ostrakon/base/time.hpp"

#include "ostrakon/base/printable.hpp"

#include <fmt/format.h>
#include <array>
#include <charconv>
#include <chrono>

namespace ostrakon {
namespace {

struct Unit {
    char letter;
    std::int64_t seconds;
};
constexpr std::array<Unit, 6> kUnits{
    {{'y', 31'536'000}, {'w', 604'800}, {'d', 86'400}, {'h', 3'600}, {'m', 60}, {'s', 1}}};

constexpr std::int64_t kLastSecond = 253'402'300'799;  // of the year 9999
constexpr std::size_t kShownMax = 80;

Unexpected<Error> not_a_duration(std::string_view text) {
    return Unexpected{
        Error{ErrorCode::Usage, fmt::format("duration \"{}\"", printable(text, kShownMax)),
              "is not one", "write a number and s, m, h, d, w or y, as in 30d, or forever"}};
}

Unexpected<Error> not_a_timestamp(std::string_view text) {
    return Unexpected{Error{ErrorCode::Usage,
                            fmt::format("date \"{}\"", printable(text, kShownMax)), "is not one",
                            "write it as 2027-01-31 or 2027-01-31T18:00:00Z"}};
}

// Takes exactly `digits` decimal digits off the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) {
        return std::nullopt;
    }
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        if (text[i] < '0' || text[i] > '9') {
            return std::nullopt;
        }
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

// Reads "Z", "+hh:mm" or "-hh:mm"; nothing at all is UTC.
std::optional<int> take_zone_minutes(std::string_view& text) {
    if (text.empty() || take(text, "Zz")) {
        return 0;
    }
    const int sign = text.front() == '-' ? -1 : 1;
    if (!take(text, "+-")) {
        return std::nullopt;
    }
    const auto hours = take_number(text, 2);
    const bool colon = take(text, ":");
    const auto minutes = take_number(text, 2);
    if (!hours || !colon || !minutes || *hours > 23 || *minutes > 59) {
        return std::nullopt;
    }
    return sign * (*hours * 60 + *minutes);
}

// Reads "hh:mm[:ss[.fraction]]" as seconds of the day; the fraction is dropped.
std::optional<int> take_time_of_day(std::string_view& text) {
    const auto hours = take_number(text, 2);
    const bool colon = take(text, ":");
    const auto minutes = take_number(text, 2);
    if (!hours || !colon || !minutes || *hours > 23 || *minutes > 59) {
        return std::nullopt;
    }
    int seconds = 0;
    if (take(text, ":")) {
        const auto read = take_number(text, 2);
        if (!read || *read > 60) {
            return std::nullopt;
        }
        seconds = *read;
        if (take(text, ".")) {
            if (!take_number(text, 1)) {
                return std::nullopt;
            }
            while (take(text, "0123456789")) {
            }
        }
    }
    return *hours * 3600 + *minutes * 60 + seconds;
}

}  // namespace

UnixTime now() {
    using namespace std::chrono;
    return {duration_cast<seconds>(system_clock::now().time_since_epoch()).count()};
}

std::optional<UnixTime> end_of(UnixTime start, Duration length) {
    if (length.forever) {
        return std::nullopt;
    }
    return UnixTime{start.seconds + length.seconds};
}

Result<Duration> parse_duration(std::string_view text) {
    if (text == "forever") {
        return Duration{0, true};
    }
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || text.front() == '-' || end + 1 != text.data() + text.size()) {
        return not_a_duration(text);
    }
    for (const Unit& unit : kUnits) {
        if (unit.letter == *end) {
            if (count > kDurationSecondsMax / unit.seconds) {
                return not_a_duration(text);
            }
            return Duration{count * unit.seconds, false};
        }
    }
    return not_a_duration(text);
}

std::string to_string(Duration duration) {
    if (duration.forever) {
        return "forever";
    }
    for (const Unit& unit : kUnits) {
        if (duration.seconds != 0 && duration.seconds % unit.seconds == 0) {
            return fmt::format("{}{}", duration.seconds / unit.seconds, unit.letter);
        }
    }
    return fmt::format("{}s", duration.seconds);
}

Result<UnixTime> parse_timestamp(std::string_view text) {
    std::string_view rest = text;
    const auto year = take_number(rest, 4);
    const bool dash1 = take(rest, "-");
    const auto month = take_number(rest, 2);
    const bool dash2 = take(rest, "-");
    const auto day = take_number(rest, 2);
    if (!year || !dash1 || !month || !dash2 || !day || *year < 1970) {
        return not_a_timestamp(text);
    }
    using namespace std::chrono;
    const year_month_day date{std::chrono::year{*year},
                              std::chrono::month(static_cast<unsigned>(*month)),
                              std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) {
        return not_a_timestamp(text);
    }
    std::int64_t time = duration_cast<seconds>(sys_days{date}.time_since_epoch()).count();
    if (take(rest, "Tt ")) {
        const auto of_day = take_time_of_day(rest);
        const auto zone = of_day ? take_zone_minutes(rest) : std::nullopt;
        if (!zone) {
            return not_a_timestamp(text);
        }
        time += *of_day - std::int64_t{*zone} * 60;
    }
    if (!rest.empty() || time < 0 ||
        time > kLastSecond) {  // the time's zone can lead out of the years
        return not_a_timestamp(text);
    }
    return UnixTime{time};
}

std::string to_string(UnixTime time) {
    using namespace std::chrono;
    const sys_seconds point{seconds{time.seconds}};
    const auto day = floor<days>(point);
    const year_month_day date{day};
    const hh_mm_ss clock{point - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace ostrakon
