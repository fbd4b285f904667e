// plain: one subject a line; # and ; begin a comment, also behind the subject.
#include "format.hpp"
#include "lines.hpp"

#include <fmt/format.h>

namespace ostrakon::feed {
namespace {

// What stands on a line that is more than one word.
std::string several_words(std::string_view text) {
    const std::string_view first = text.substr(0, text.find_first_of(" \t"));
    if (first == "0.0.0.0" || first == "127.0.0.1" || first == "::1" || first == "::") {
        return "is a line of a hosts file (name that format: --format hosts)";
    }
    return "has more than one word (write one subject a line, and # before a comment)";
}

void read_line(const Line& line, std::uint32_t statement, Collector& collector) {
    if (line.text.size() > kLineSizeMax) {
        collector.reject(line.number, line.text,
                         fmt::format("has {} bytes, more than {} (write one subject a line)",
                                     line.text.size(), kLineSizeMax));
        return;
    }
    const std::string_view text = trimmed(line.text.substr(0, line.text.find_first_of("#;")));
    if (text.empty()) {
        return;
    }
    if (text.find('\0') != std::string_view::npos) {
        collector.reject(line.number, text,
                         "holds zero bytes, as a damaged file does (restore the file)");
    } else if (text.front() == '!') {
        collector.reject(line.number, text,
                         "begins with !, which is no exception in this format (write it in csv, "
                         "with class allow)");
    } else if (text.front() == '"') {
        collector.reject(line.number, text,
                         "is in quotes, as in csv (whose first line names the columns, one of "
                         "them subject)");
    } else if (text.find_first_of(" \t") != std::string_view::npos) {
        collector.reject(line.number, text, several_words(text));
    } else {
        collector.add(line.number, text, statement);
    }
}

}  // namespace

Result<Done> read_plain(const Document& document, Collector& collector) {
    if (const std::size_t first = document.bytes.find_first_not_of(" \t\v\f\r\n");
        first != std::string_view::npos && document.bytes[first] == '[') {
        const std::size_t second = document.bytes.find_first_not_of(" \t\v\f\r\n", first + 1);
        if (second != std::string_view::npos &&
            (document.bytes[second] == '{' || document.bytes[second] == '"')) {
            return refuse(document.file, "is a JSON document, not plain text",
                          "read it with --format json");
        }
    }
    const std::uint32_t nothing_more = collector.statement({});
    Lines lines{document.bytes};
    Line line;
    while (lines.next(line) && !collector.is_full()) {
        read_line(line, nothing_more, collector);
        if (line.number % kProgressLines == 0) {
            document.progress(lines.consumed());
        }
    }
    return Done{};
}

}  // namespace ostrakon::feed
