// The characters that rbldnsd's files are made of.
#pragma once

#include <string_view>

namespace ostrakon::feed {

constexpr bool is_decimal(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_rbldnsd_blank(char c) {
    return c == ' ' || c == '\t';
}
constexpr bool is_rbldnsd_comment(char c) {
    return c == '#' || c == ';';
}

/// Takes blanks off the front.
constexpr void skip_blanks(std::string_view& text) {
    while (!text.empty() && is_rbldnsd_blank(text.front())) {
        text.remove_prefix(1);
    }
}

}  // namespace ostrakon::feed
