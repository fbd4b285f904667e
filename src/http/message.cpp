#include "ostrakon/http/message.hpp"

#include <algorithm>

namespace ostrakon::http {
namespace {

char in_lower_case(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return in_lower_case(x) == in_lower_case(y); });
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
    const auto found = std::find_if(headers.begin(), headers.end(), [name](const auto& header) {
        return is_same_word(header.first, name);
    });
    return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

std::string Request::header_list(std::string_view name) const {
    std::string list;
    for (const auto& [known, value] : headers) {
        if (is_same_word(known, name)) {
            list += (list.empty() ? "" : ", ") + value;
        }
    }
    return list;
}

}  // namespace ostrakon::http
