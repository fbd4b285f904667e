#include "http_headers.hpp"

#include "attempt.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace ostrakon::fetch {
namespace {

constexpr std::size_t kHeadersSizeMax = 128UL * 1024;  // of all answers to one request
constexpr std::size_t kHeaderValueMax = 1024;          // a longer one is taken for none

std::string lower_case(std::string_view text) {
    std::string lowered{text};
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return lowered;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

// Digits alone; what does not fit is the largest number there is.
std::optional<std::uint64_t> number_in(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || end != text.data() + text.size() ||
        (error != std::errc{} && error != std::errc::result_out_of_range)) {
        return std::nullopt;
    }
    return error == std::errc{} ? number : UINT64_MAX;
}

std::int64_t at_most_a_day(std::uint64_t seconds) {
    return static_cast<std::int64_t>(
        std::min(seconds, static_cast<std::uint64_t>(kTrustedSecondsMax)));
}

// How far a date lies ahead, 0 where it is past; nothing where it is none.
std::optional<std::uint64_t> seconds_until(const CurlLibrary& curl, std::string_view date,
                                           UnixTime at) {
    const std::int64_t time = curl.date(std::string{date}.c_str(), nullptr);
    if (date.empty() || time < 0) {
        return std::nullopt;
    }
    return time <= at.seconds ? 0 : static_cast<std::uint64_t>(time - at.seconds);
}

// What Cache-Control says: seconds, 0 for "not at all", nothing where it says nothing.
std::optional<std::uint64_t> max_age_in(std::string_view directives) {
    std::optional<std::uint64_t> age;
    while (!directives.empty()) {
        const std::size_t end = directives.find(',');
        const std::string directive = lower_case(trimmed(directives.substr(0, end)));
        if (directive == "no-cache" || directive == "no-store") {
            return 0;
        }
        if (constexpr std::string_view kMaxAge = "max-age="; directive.starts_with(kMaxAge)) {
            std::string_view seconds = std::string_view{directive}.substr(kMaxAge.size());
            if (seconds.size() > 1 && seconds.front() == '"' && seconds.back() == '"') {
                seconds = seconds.substr(1, seconds.size() - 2);
            }
            age = number_in(seconds);
        }
        directives.remove_prefix(end == std::string_view::npos ? directives.size() : end + 1);
    }
    return age;
}

}  // namespace

bool HttpHeaders::take(std::string_view line) {
    bytes_ += line.size();
    if (bytes_ > kHeadersSizeMax) {
        return false;
    }
    // A status line begins an answer: what an interim one (100, 103) said is forgotten.
    if (line.starts_with("HTTP/")) {
        const std::size_t blank = line.find(' ');
        const std::string_view status =
            blank == std::string_view::npos ? "" : trimmed(line.substr(blank)).substr(0, 3);
        status_ = static_cast<int>(number_in(status).value_or(0));
        is_whole_ = false;
        values_.clear();
        return true;
    }
    const std::string_view header = trimmed(line);
    if (header.empty()) {
        is_whole_ = true;
        return true;
    }
    const std::size_t colon = header.find(':');
    if (colon != std::string_view::npos && !is_whole_) {
        const std::string_view value = trimmed(header.substr(colon + 1));
        const bool is_plain =
            std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
        values_[lower_case(header.substr(0, colon))] =
            is_plain && value.size() <= kHeaderValueMax ? value : std::string_view{};
    }
    return true;
}

std::string_view HttpHeaders::value(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string_view{} : found->second;
}

bool HttpHeaders::is_web_page() const {
    const std::string type = lower_case(value("content-type"));
    const std::string_view bare = trimmed(std::string_view{type}.substr(0, type.find(';')));
    return bare == "text/html" || bare == "application/xhtml+xml";
}

std::string HttpHeaders::encoding() const {
    std::string named = lower_case(value("content-encoding"));
    return named == "identity" ? "" : named;
}

std::optional<std::uint64_t> HttpHeaders::length() const {
    return number_in(value("content-length"));
}

std::optional<Duration> HttpHeaders::retry_after(const CurlLibrary& curl, UnixTime at) const {
    const std::string_view text = value("retry-after");
    const auto seconds = number_in(text);
    const auto wait = seconds ? seconds : seconds_until(curl, text, at);
    return wait ? std::optional{Duration{at_most_a_day(*wait)}} : std::nullopt;
}

std::optional<UnixTime> HttpHeaders::fresh_until(const CurlLibrary& curl, UnixTime at) const {
    const auto age = max_age_in(value("cache-control"));
    const auto seconds = age ? age : seconds_until(curl, value("expires"), at);
    if (!seconds || *seconds == 0) {
        return std::nullopt;
    }
    return UnixTime{at.seconds + at_most_a_day(*seconds)};
}

}  // namespace ostrakon::fetch
