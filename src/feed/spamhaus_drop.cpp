// spamhaus-drop: drop.txt and dropv6.txt. Lines of "PREFIX ; SBLnnn" between comments; the last
// line is "; EOF", and a file without it was cut off on its way.
#include "format.hpp"
#include "lines.hpp"
#include "spamhaus_line.hpp"

#include <fmt/format.h>
#include <ctime>
#include <iomanip>
#include <locale>
#include <sstream>

namespace ostrakon::feed {
namespace {

bool is_end_mark(std::string_view text) {
    return text.front() == ';' && trimmed(text.substr(1)) == "EOF";
}

// "; Expires: Sat, 22 Aug 2026 17:14:02 GMT", in the header.
void read_header(std::string_view text, Collector& collector) {
    constexpr std::string_view kExpires = "Expires:";
    text = trimmed(text.substr(1));
    if (text.substr(0, kExpires.size()) != kExpires) {
        return;
    }
    std::istringstream words{std::string{trimmed(text.substr(kExpires.size()))}};
    words.imbue(std::locale::classic());
    std::tm time{};
    words >> std::get_time(&time, "%a, %d %b %Y %H:%M:%S GMT");
    const UnixTime at{words.fail() ? 0 : timegm(&time)};
    if (at.seconds > 0) {
        collector.set_expires(at);
    }
}

void read_line(const Line& line, Collector& collector) {
    const std::string_view text = trimmed(line.text);
    if (text.size() > kLineSizeMax) {
        collector.reject(line.number, text,
                         fmt::format("has {} bytes, more than {}", text.size(), kLineSizeMax));
        return;
    }
    const auto found = split_drop_line(text);
    if (!found) {
        collector.reject(line.number, text,
                         "is no line of this list (it is written as 192.0.2.0/24 ; SBL123456)");
        return;
    }
    auto subject = collector.subject(line.number, found->subject);
    if (!subject) {
        return;
    }
    if (!std::holds_alternative<net::Ipv4Range>(*subject) &&
        !std::holds_alternative<net::Ipv6Range>(*subject)) {
        collector.reject(line.number, text, "is a name in a list of prefixes");
        return;
    }
    policy::Statement statement;
    statement.reason = found->reason;
    collector.add(line.number, std::move(*subject), collector.statement(statement));
}

}  // namespace

Result<Done> read_spamhaus_drop(const Document& document, Collector& collector) {
    Lines lines{document.bytes};
    Line line;
    bool has_ended = false;
    while (lines.next(line) && !collector.is_full()) {
        const std::string_view text = trimmed(line.text);
        if (text.empty()) {
            continue;
        }
        if (has_ended) {
            return refuse(fmt::format("{}:{}", document.file, line.number),
                          "goes on behind \"; EOF\"", "fetch it again");
        }
        has_ended = is_end_mark(text);
        if (text.front() == ';') {
            read_header(text, collector);
        } else {
            read_line(line, collector);
        }
        if (line.number % kProgressLines == 0) {
            document.progress(lines.consumed());
        }
    }
    if (!has_ended) {
        return refuse(document.file,
                      "does not end in \"; EOF\": it was cut off, or is no Spamhaus DROP list",
                      "fetch it again; if it is another list, name its --format");
    }
    return Done{};
}

}  // namespace ostrakon::feed
