// One line of Spamhaus' drop.txt: "PREFIX ; SBLnnn".
#pragma once

#include "lines.hpp"

#include <optional>
#include <string_view>

namespace ostrakon::feed {

struct DropLine {
    std::string_view subject;
    std::string_view reason;  ///< "SBL256894".
};

/// SBL and a number.
inline bool is_sbl_id(std::string_view text) {
    constexpr std::size_t kSizeMax = 20;
    return text.size() > 3 && text.size() <= kSizeMax && text.substr(0, 3) == "SBL" &&
           text.find_first_not_of("0123456789", 3) == std::string_view::npos;
}

/// Nothing if the line has not this form. Does not judge the subject.
inline std::optional<DropLine> split_drop_line(std::string_view text) {
    const std::size_t semicolon = text.find(';');
    if (semicolon == std::string_view::npos) {
        return std::nullopt;
    }
    const DropLine line{trimmed(text.substr(0, semicolon)), trimmed(text.substr(semicolon + 1))};
    if (line.subject.empty() || !is_sbl_id(line.reason)) {
        return std::nullopt;
    }
    return line;
}

}  // namespace ostrakon::feed
