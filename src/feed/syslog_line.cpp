#include "syslog_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

namespace ostrakon::feed {
namespace {

constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::size_t kTraditionalSize = 15;  // "Nov 22 03:00:00"
constexpr std::size_t kTimestampSizeMax = 40;

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Two digits, the first of which may be a blank.
std::optional<int> number_at(std::string_view text, std::size_t at) {
    if (text[at] == ' ') {
        ++at;
        text = text.substr(0, at + 1);
    } else {
        text = text.substr(0, at + 2);
    }
    int number = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{number}
                                                                    : std::nullopt;
}

// In the year in which it lies last before `now`; clocks may differ by a day.
std::optional<UnixTime> latest_of(std::tm time, UnixTime now) {
    const std::time_t present = now.seconds;
    std::tm today{};
    localtime_r(&present, &today);
    for (int years = 0; years < 2; ++years) {
        std::tm guess = time;
        guess.tm_year = today.tm_year - years;
        guess.tm_isdst = -1;
        const std::time_t seconds = std::mktime(&guess);
        const bool is_day = guess.tm_mon == time.tm_mon && guess.tm_mday == time.tm_mday;
        if (is_day && seconds <= now.seconds + kDaySeconds) {
            return UnixTime{std::min<std::int64_t>(seconds, now.seconds)};
        }
    }
    return std::nullopt;
}

std::optional<UnixTime> parse_traditional(std::string_view text, UnixTime now) {
    if (text.size() < kTraditionalSize || text[3] != ' ' || text[6] != ' ' || text[9] != ':' ||
        text[12] != ':') {
        return std::nullopt;
    }
    const auto* const month = std::find(kMonths.begin(), kMonths.end(), text.substr(0, 3));
    const auto day = number_at(text, 4);
    const auto hour = number_at(text, 7);
    const auto minute = number_at(text, 10);
    const auto second = number_at(text, 13);
    if (month == kMonths.end() || !day || !hour || !minute || !second || *hour > 23 ||
        *minute > 59 || *second > 60) {
        return std::nullopt;
    }
    std::tm time{};
    time.tm_mon = static_cast<int>(month - kMonths.begin());
    time.tm_mday = *day;
    time.tm_hour = *hour;
    time.tm_min = *minute;
    time.tm_sec = *second;
    return latest_of(time, now);
}

}  // namespace

std::optional<SyslogLine> parse_syslog_line(std::string_view line, UnixTime now) {
    SyslogLine parsed;
    std::string_view rest;
    if (const auto traditional = parse_traditional(line, now)) {
        parsed.at = *traditional;
        rest = line.substr(kTraditionalSize);
    } else {
        const std::size_t blank = line.substr(0, kTimestampSizeMax).find(' ');
        if (blank == std::string_view::npos || line.empty() || line[0] < '0' || line[0] > '9') {
            return std::nullopt;
        }
        const auto at = parse_timestamp(line.substr(0, blank));
        if (!at) {
            return std::nullopt;
        }
        parsed.at = std::min(*at, now);
        rest = line.substr(blank);
    }
    if (rest.empty() || rest.front() != ' ') {
        return std::nullopt;
    }
    rest.remove_prefix(1);
    const std::size_t host_end = rest.find(' ');
    const std::size_t tag_end = rest.find(": ", std::min(host_end, rest.size()));
    if (host_end == std::string_view::npos || tag_end == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view tag = rest.substr(host_end + 1, tag_end - host_end - 1);
    parsed.program = tag.substr(0, tag.find('['));
    parsed.text = rest.substr(tag_end + 2);
    return parsed;
}

}  // namespace ostrakon::feed
