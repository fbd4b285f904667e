#include "spf_domain.hpp"

#include <algorithm>
#include <vector>

namespace ostrakon::diagnose {
namespace {

constexpr std::string_view kMacroLetters = "slodiphv";  // c, r and t belong to explanations alone
constexpr std::string_view kDelimiters = ".-+,/_=";

bool is_ascii_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_ascii_alphanumeric(char c) {
    const auto low = static_cast<char>(dns::lower(static_cast<std::uint8_t>(c)));
    return is_ascii_digit(c) || (low >= 'a' && low <= 'z');
}

// The size of the macro at the start of the text, "%{d2r}" or "%%"; 0: it is none.
std::size_t macro_size(std::string_view text) {
    if (text.size() >= 2 && (text[1] == '%' || text[1] == '_' || text[1] == '-')) {
        return 2;
    }
    constexpr std::size_t kLetterAt = 2;
    if (text.size() <= kLetterAt || text[1] != '{' ||
        kMacroLetters.find(static_cast<char>(
            dns::lower(static_cast<std::uint8_t>(text[kLetterAt])))) == std::string_view::npos) {
        return 0;
    }
    std::size_t at = kLetterAt + 1;
    const std::size_t digits = at;
    while (at < text.size() && is_ascii_digit(text[at])) {
        ++at;
    }
    if (at > digits && std::all_of(text.begin() + static_cast<std::ptrdiff_t>(digits),
                                   text.begin() + static_cast<std::ptrdiff_t>(at),
                                   [](char c) { return c == '0'; })) {
        return 0;  // RFC 7208 §7.1: the number of labels is not zero
    }
    at += at < text.size() && (text[at] == 'r' || text[at] == 'R') ? 1U : 0U;
    while (at < text.size() && kDelimiters.find(text[at]) != std::string_view::npos) {
        ++at;
    }
    return at < text.size() && text[at] == '}' ? at + 1 : 0;
}

struct MacroString {
    bool is_valid = true;
    bool has_macro = false;
    bool ends_in_macro = false;
};

MacroString read_macro_string(std::string_view text) {
    MacroString read;
    while (!text.empty()) {
        std::size_t size = 1;
        read.ends_in_macro = false;
        if (text.front() == '%') {
            size = macro_size(text);
            read.has_macro = true;
            read.ends_in_macro = size > 2;
        }
        if (size == 0 || text.front() <= ' ' || text.front() > '~') {
            read.is_valid = false;
            return read;
        }
        text.remove_prefix(size);
    }
    return read;
}

// The last label of a domain: letters, digits and hyphens inside, not digits alone.
bool is_top_label(std::string_view label) {
    return !label.empty() && is_ascii_alphanumeric(label.front()) &&
           is_ascii_alphanumeric(label.back()) &&
           std::all_of(label.begin(), label.end(),
                       [](char c) { return is_ascii_alphanumeric(c) || c == '-'; }) &&
           !std::all_of(label.begin(), label.end(), is_ascii_digit);
}

std::optional<dns::Name> name_of(std::string_view text) {
    std::vector<std::string> labels;
    while (!text.empty() && labels.size() <= dns::kLabelsMax) {
        const std::size_t end = std::min(text.find('.'), text.size());
        labels.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    auto name = dns::Name::from_labels(labels);
    return name ? std::optional{std::move(*name)} : std::nullopt;
}

}  // namespace

std::string why_no_macro_string(std::string_view text) {
    return read_macro_string(text).is_valid ? std::string{}
                                            : "has a character or a macro that SPF does not know";
}

SpfDomain parse_spf_domain(std::string_view text) {
    if (text.empty()) {
        return {{}, "names no domain"};
    }
    const MacroString read = read_macro_string(text);
    if (!read.is_valid) {
        return {{}, why_no_macro_string(text)};
    }
    if (read.ends_in_macro) {
        return {};
    }
    const std::string_view whole = text.back() == '.' ? text.substr(0, text.size() - 1) : text;
    const std::size_t dot = whole.rfind('.');
    if (dot == std::string_view::npos || !is_top_label(whole.substr(dot + 1))) {
        return {{}, "names no whole domain"};
    }
    if (read.has_macro) {
        return {};
    }
    auto name = name_of(whole);
    return name ? SpfDomain{std::move(name), {}} : SpfDomain{{}, "names no whole domain"};
}

}  // namespace ostrakon::diagnose
