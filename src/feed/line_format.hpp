// How most formats go through a list: line by line, within the bounds that all of them share.
#pragma once

#include "format.hpp"
#include "lines.hpp"

#include <fmt/format.h>

namespace ostrakon::feed {

/// Calls read(number, text) for each line with anything in it, blanks at its ends taken off. Lines
/// that are too long or damaged are rejected.
template <class Read>
void for_each_line(const Document& document, Collector& collector, Read&& read) {
    Lines lines{document.bytes};
    Line line;
    while (!collector.is_full() && lines.next(line)) {
        const std::string_view text = trimmed(line.text);
        if (text.size() > kLineSizeMax) {
            collector.reject(line.number, text,
                             fmt::format("has {} bytes, more than {}", text.size(), kLineSizeMax));
        } else if (text.find('\0') != std::string_view::npos) {
            collector.reject(line.number, text,
                             "holds zero bytes, as a damaged file does (restore the file)");
        } else if (!text.empty()) {
            read(line.number, text);
        }
        if (line.number % kProgressLines == 0) {
            document.progress(lines.consumed());
        }
    }
}

}  // namespace ostrakon::feed
