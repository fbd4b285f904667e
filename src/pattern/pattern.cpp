#include "ostrakon/pattern/pattern.hpp"

#include "ostrakon/dns/name.hpp"
#include "regex.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <optional>
#include <vector>

namespace ostrakon::pattern {
namespace {

constexpr std::string_view kExample =
    "write it as rdns:*.adsl.example.net, in which * is any characters, or rdns:/regex/";

Unexpected<Error> mistake(std::string why, std::string remedy = std::string{kExample}) {
    return Unexpected{Error{ErrorCode::Usage, "", std::move(why), std::move(remedy)}};
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
           c == '*';
}

std::string lowered_glob(std::string_view text) {
    std::string glob;
    for (const char c : text) {
        if (c != '*' || glob.empty() || glob.back() != '*') {  // ** says no more than *
            glob.push_back(static_cast<char>(dns::lower(static_cast<std::uint8_t>(c))));
        }
    }
    if (glob.size() > 1 && glob.back() == '.') {
        glob.pop_back();
    }
    return glob;
}

Result<Pattern> parse_glob(std::string_view text) {
    std::string glob = lowered_glob(text);
    if (static_cast<std::size_t>(std::count(glob.begin(), glob.end(), '*')) > kStarsMax) {
        return mistake(fmt::format("has more than {} stars", kStarsMax));
    }
    const std::string_view end = literal_end(glob);
    const std::string front = glob.substr(0, glob.size() - end.size());
    const auto wrong =
        std::find_if(front.begin(), front.end(), [](char c) { return !is_name_character(c); });
    if (wrong != front.end()) {
        return mistake(
            fmt::format("has at character {} what no host name has", wrong - front.begin() + 1));
    }
    // Of two dots at the end lowered_glob() has taken one.
    if (glob.starts_with('.') || glob.ends_with('.') || glob.find("..") != std::string::npos) {
        return mistake("has an empty label: two dots in a row, or one at its start");
    }
    if (end.empty()) {
        return Pattern{std::move(glob)};
    }
    const auto name = dns::parse_name(end);
    if (!name) {
        return mistake(fmt::format("ends in {}: {}", end, name.error().why));
    }
    return Pattern{front + dns::to_string(*name)};
}

// The first ( that no ) closes, or ) that closes none, outside of classes.
std::optional<std::size_t> unmatched_parenthesis(std::string_view regex) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < regex.size(); ++i) {
        if (regex[i] == '\\') {
            ++i;
        } else if (regex[i] == '[') {
            const std::size_t end = regex.find(']', i + (regex.substr(i + 1, 1) == "^" ? 3 : 2));
            i = end == std::string_view::npos ? regex.size() : end;
        } else if (regex[i] == '(') {
            places.push_back(i);
        } else if (regex[i] == ')') {
            if (places.empty()) {
                return i;
            }
            places.pop_back();
        }
    }
    return places.empty() ? std::nullopt : std::optional{places.front()};
}

// Where the part that RE2 names as wrong begins. It stops at the first mistake, so the first place
// counts, unless a backslash before it makes something else of it.
std::size_t place_of(std::string_view regex, const re2::RE2& compiled) {
    const auto code = compiled.error_code();
    if (code == re2::RE2::ErrorMissingParen || code == re2::RE2::ErrorUnexpectedParen) {
        return unmatched_parenthesis(regex).value_or(0);
    }
    const std::string& part = compiled.error_arg();
    for (std::size_t at = regex.find(part); at != std::string_view::npos;
         at = regex.find(part, at + 1)) {
        std::size_t backslashes = 0;
        while (backslashes < at && regex[at - 1 - backslashes] == '\\') {
            ++backslashes;
        }
        if (backslashes % 2 == 0) {
            return at;
        }
    }
    return 0;
}

std::string_view remedy_for(re2::RE2::ErrorCode code) {
    switch (code) {
        case re2::RE2::ErrorBadPerlOp:
        case re2::RE2::ErrorBadNamedCapture:
            return "expressions are RE2's, which has no look-around";
        case re2::RE2::ErrorBadEscape:
            return "expressions are RE2's, which has no back-references";
        case re2::RE2::ErrorTrailingBackslash:
            return "write \\\\ for a backslash";
        case re2::RE2::ErrorRepeatSize:
            return "write a smaller number of repetitions";
        default:
            return "expressions are RE2's: https://github.com/google/re2/wiki/Syntax";
    }
}

Result<Pattern> parse_regex(std::string_view text) {
    if (text.size() < 2 || text.back() != '/') {
        return mistake("is a regular expression that no / ends");
    }
    if (text == "//") {
        return mistake("is an empty regular expression");
    }
    const std::string_view regex = inside_slashes(text);
    const auto wrong =
        std::find_if(regex.begin(), regex.end(), [](char c) { return c <= ' ' || c >= '\x7F'; });
    if (wrong != regex.end()) {
        return mistake(fmt::format("has at character {} a byte that no host name has",
                                   wrong - regex.begin() + 1),
                       "names are asked in ASCII: write U-labels as A-labels (xn--…)");
    }
    const re2::RE2 compiled{piece(regex), regex_options(kRegexMemoryMax)};
    if (!compiled.ok()) {
        if (compiled.error_code() == re2::RE2::ErrorPatternTooLarge) {
            return mistake("is a regular expression that takes too much memory",
                           "write it with fewer or smaller repetitions");
        }
        return mistake(fmt::format("is a bad regular expression: at character {}: {}",
                                   place_of(regex, compiled) + 1, compiled.error()),
                       std::string{remedy_for(compiled.error_code())});
    }
    if (compiled.ProgramSize() > kProgramSizeMax) {
        return mistake(fmt::format("is a regular expression of {} instructions, more than {}",
                                   compiled.ProgramSize(), kProgramSizeMax),
                       "write it with fewer or smaller repetitions");
    }
    return Pattern{std::string{text}};
}

// Whether an alternative outside of all parentheses leaves a choice even at the end.
bool has_outer_alternative(std::string_view regex) {
    std::size_t depth = 0;
    for (std::size_t i = 0; i < regex.size(); ++i) {
        if (regex[i] == '\\') {
            ++i;
        } else if (regex[i] == '(') {
            ++depth;
        } else if (regex[i] == ')') {
            depth -= depth > 0 ? 1 : 0;
        } else if (regex[i] == '|' && depth == 0) {
            return true;
        }
    }
    return false;
}

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

// \.example\.net$ has two.
std::size_t labels_at_end_of_regex(std::string_view regex) {
    if (!regex.ends_with('$') || has_outer_alternative(regex) ||
        regex.find("\\Q") != std::string_view::npos) {
        return 0;
    }
    regex.remove_suffix(1);
    std::size_t labels = 0;
    while (!regex.empty()) {
        std::size_t size = 0;
        while (size < regex.size() && is_plain(regex[regex.size() - 1 - size])) {
            ++size;
        }
        regex.remove_suffix(size);
        if (size == 0 || !regex.ends_with("\\.") || regex.ends_with("\\\\.")) {
            return labels;
        }
        regex.remove_suffix(2);
        ++labels;
    }
    return labels;
}

}  // namespace

Result<Pattern> parse(std::string_view text) {
    if (text.empty()) {
        return mistake("names no pattern");
    }
    if (text.size() > kPatternSizeMax) {
        return mistake(
            fmt::format("is a pattern of {} bytes, more than {}", text.size(), kPatternSizeMax));
    }
    return text.front() == '/' ? parse_regex(text) : parse_glob(text);
}

std::string_view literal_end(std::string_view pattern) noexcept {
    if (pattern.starts_with('/')) {
        return {};
    }
    const std::size_t star = pattern.rfind('*');
    if (star == std::string_view::npos) {
        return pattern;
    }
    const std::size_t dot = pattern.find('.', star);
    return dot == std::string_view::npos ? std::string_view{} : pattern.substr(dot + 1);
}

std::size_t literal_label_count(std::string_view pattern) noexcept {
    if (pattern.starts_with('/')) {
        return labels_at_end_of_regex(inside_slashes(pattern));
    }
    const std::string_view end = literal_end(pattern);
    return end.empty() ? 0 : static_cast<std::size_t>(std::count(end.begin(), end.end(), '.')) + 1;
}

bool glob_matches(std::string_view glob, std::string_view name) noexcept {
    std::size_t in_glob = 0;
    std::size_t in_name = 0;
    std::size_t star = std::string_view::npos;  // the last one that was passed
    std::size_t after_star = 0;                 // where the name goes on behind what it stands for
    while (in_name < name.size()) {
        if (in_glob < glob.size() && glob[in_glob] == '*') {
            star = in_glob++;
            after_star = in_name;
        } else if (in_glob < glob.size() && glob[in_glob] == name[in_name]) {
            ++in_glob;
            ++in_name;
        } else if (star != std::string_view::npos) {
            in_glob = star + 1;
            in_name = ++after_star;
        } else {
            return false;
        }
    }
    while (in_glob < glob.size() && glob[in_glob] == '*') {
        ++in_glob;
    }
    return in_glob == glob.size();
}

bool matches(std::string_view pattern, std::string_view name) {
    if (!pattern.starts_with('/')) {
        return glob_matches(pattern, name);
    }
    const re2::RE2 compiled{piece(inside_slashes(pattern)), regex_options(kRegexMemoryMax)};
    return compiled.ok() && re2::RE2::PartialMatch(piece(name), compiled);
}

}  // namespace ostrakon::pattern
