#include "rbldnsd_line.hpp"

#include "rbldnsd_value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace ostrakon::feed {
namespace {

struct Word {
    std::string_view spelling;  // lower-case
    SpecialKind kind;
};
constexpr std::int64_t kLastExpiry = 253'402'300'799;  // the end of the year 9999
constexpr std::array<Word, 7> kWords{{{"soa", SpecialKind::Soa},
                                      {"ns", SpecialKind::Nameservers},
                                      {"nameserver", SpecialKind::Nameservers},
                                      {"ttl", SpecialKind::Ttl},
                                      {"maxrange4", SpecialKind::MaxRange4},
                                      {"timestamp", SpecialKind::Timestamp},
                                      {"dataset", SpecialKind::DataSet}}};

bool is_word(std::string_view text, std::string_view lower_case) {
    return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                      [](char read, char wanted) {
                          return (read >= 'A' && read <= 'Z' ? read | 0x20 : read) == wanted;
                      });
}

bool take_one_of(std::string_view& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

struct Bounds {
    unsigned min;
    unsigned max;
};

// A part of a point in time: up to `digits` digits, and the sign behind them.
std::optional<unsigned> take_part(std::string_view& text, std::size_t digits, Bounds bounds) {
    unsigned value = 0;
    std::size_t taken = 0;
    for (; taken < digits && !text.empty() && is_decimal(text.front()); ++taken) {
        value = value * 10 + static_cast<unsigned>(text.front() - '0');
        text.remove_prefix(1);
    }
    if (taken == 0 || value < bounds.min || value > bounds.max) {
        return std::nullopt;
    }
    take_one_of(text, ":-");
    return value;
}

// yyyy[-:]mm[-:]dd[[-:]hh[[-:]mi[[-:]ss]]], UTC; 0, - and : alone are no point in time.
struct TimeOrNone {
    std::optional<UnixTime> time;
};
std::optional<TimeOrNone> take_time(std::string_view& text) {
    if (!text.empty() && std::string_view{"0-:"}.find(text.front()) != std::string_view::npos &&
        (text.size() == 1 || is_rbldnsd_blank(text[1]))) {
        text.remove_prefix(1);
        skip_blanks(text);
        return TimeOrNone{};
    }
    constexpr unsigned kLastYear = 9999;  // rbldnsd stops at 2038 and then forgets the expiry
    const auto year = take_part(text, 4, {1970, kLastYear});
    const auto month = year ? take_part(text, 2, {1, 12}) : std::nullopt;
    const auto day = month ? take_part(text, 2, {1, 31}) : std::nullopt;
    if (!day) {
        return std::nullopt;
    }
    std::array<unsigned, 3> clock{};
    constexpr std::array<unsigned, 3> kClockMax{23, 59, 59};
    for (std::size_t i = 0; i < clock.size() && !text.empty() && !is_rbldnsd_blank(text.front());
         ++i) {
        const auto part = take_part(text, 2, {0, kClockMax[i]});
        if (!part) {
            return std::nullopt;
        }
        clock[i] = *part;
    }
    using namespace std::chrono;
    const year_month_day date{std::chrono::year(static_cast<int>(*year)),
                              std::chrono::month(*month), std::chrono::day(*day)};
    if (!date.ok() || (!text.empty() && !is_rbldnsd_blank(text.front()))) {
        return std::nullopt;
    }
    skip_blanks(text);
    const seconds time =
        sys_days{date}.time_since_epoch() + hours{clock[0]} + minutes{clock[1]} + seconds{clock[2]};
    return TimeOrNone{UnixTime{time.count()}};
}

// A number and one of s m h d w; seconds without.
std::optional<std::int64_t> read_length(std::string_view text) {
    constexpr std::string_view kUnits = "smhdw";
    constexpr std::array<std::int64_t, 5> kSeconds{1, 60, 3600, 86'400, 604'800};
    std::uint32_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{}) {
        return std::nullopt;
    }
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    if (unit.empty()) {
        return count;
    }
    const std::size_t known = kUnits.find(static_cast<char>(unit.front() | 0x20));
    if (unit.size() != 1 || known == std::string_view::npos) {
        return std::nullopt;
    }
    return count * kSeconds[known];
}

// A number of addresses, or / and a prefix length.
std::optional<std::uint64_t> read_max_range(std::string_view argument) {
    const bool is_length = argument.starts_with('/');
    argument.remove_prefix(is_length ? 1 : 0);
    std::uint32_t number = 0;
    const auto [end, error] =
        std::from_chars(argument.data(), argument.data() + argument.size(), number);
    if (error != std::errc{} || end != argument.data() + argument.size() || number == 0) {
        return std::nullopt;
    }
    if (!is_length) {
        return number;
    }
    constexpr std::uint32_t kWidth = 32;
    if (number > kWidth) {
        return std::nullopt;
    }
    return std::uint64_t{1} << (kWidth - number);
}

}  // namespace

bool RbldnsdLines::next(Line& line) {
    if (at_ >= text_.size()) {
        return false;
    }
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string_view text = text_.substr(at_, end - at_);
    while (!text.empty() && (is_rbldnsd_blank(text.back()) || text.back() == '\r')) {
        text.remove_suffix(1);
    }
    skip_blanks(text);
    line.text = text;
    line.number = number_++;
    at_ = end + 1;
    return true;
}

Special special_of(std::string_view line) {
    if (line.size() > 1 && line[1] == '$' && (line[0] == ':' || is_rbldnsd_comment(line[0]))) {
        line.remove_prefix(1);
    }
    if (!line.starts_with('$')) {
        return {};
    }
    line.remove_prefix(1);
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    const std::string_view word = line.substr(0, end);
    std::string_view argument = line.substr(end);
    skip_blanks(argument);
    if (argument.empty()) {
        return {SpecialKind::Unknown, 0, {}};
    }
    if (word.size() == 1 && (is_decimal(word[0]) || word[0] == '=')) {
        const std::size_t variable =
            word[0] == '=' ? kBaseTemplate : static_cast<std::size_t>(word[0] - '0');
        return {SpecialKind::Variable, variable, argument};
    }
    for (const Word& known : kWords) {
        if (is_word(word, known.spelling)) {
            return {known.kind, 0, argument};
        }
    }
    return {SpecialKind::Unknown, 0, argument};
}

std::optional<Timestamp> read_timestamp(std::string_view argument) {
    const auto made = take_time(argument);
    if (!made) {
        return std::nullopt;
    }
    Timestamp stamp{made->time, std::nullopt};
    if (argument.empty()) {
        return stamp;
    }
    if (argument.front() == '+') {
        const auto length = read_length(argument.substr(1));
        if (!length || *length == 0 || !stamp.made) {
            return std::nullopt;
        }
        stamp.expires = UnixTime{std::min(stamp.made->seconds + *length, kLastExpiry)};
        return stamp;
    }
    const auto expires = take_time(argument);
    if (!expires || !argument.empty()) {
        return std::nullopt;
    }
    stamp.expires = expires->time;
    return stamp;
}

MaxRange::Taken MaxRange::take(std::string_view argument) {
    const auto wanted = read_max_range(argument);
    if (!wanted) {
        return Taken::NotUnderstood;
    }
    if (forbids(*wanted)) {
        return Taken::NotLowered;
    }
    addresses_ = wanted;
    return Taken::Yes;
}

}  // namespace ostrakon::feed
