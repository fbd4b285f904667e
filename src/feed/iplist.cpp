// iplist: an address, prefix or range a line, and perhaps how often it was seen behind it; #, ; and
// // begin comments. What nearly every publisher of addresses writes: blocklist.de, CINS Army,
// ipsum (ADDRESS TAB COUNT, github.com/stamparm/ipsum), check.torproject.org/torbulkexitlist.
//
// Unlike in plain, no line can be a name: a list of addresses in which one turns up is damaged.
#include "line_format.hpp"
#include "list_subject.hpp"

#include <algorithm>

namespace ostrakon::feed {
namespace {

void read_iplist_line(std::uint32_t number, std::string_view line, std::uint32_t statement,
                      Collector& collector) {
    std::string_view rest = trimmed(line.substr(0, line.find_first_of("#;")));
    if (const std::size_t slashes = rest.find("//"); slashes != std::string_view::npos) {
        rest = trimmed(rest.substr(0, slashes));
    }
    if (rest.empty()) {
        return;
    }
    const std::string_view subject = next_word(rest);
    const std::string_view count = next_word(rest);
    const bool is_count =
        std::all_of(count.begin(), count.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!is_count || !rest.empty()) {
        collector.reject(number, line,
                         "has more on it than an address and a count (a comment begins with #)");
        return;
    }
    add_addresses(collector, number, subject, statement);
}

}  // namespace

Result<Done> read_iplist(const Document& document, Collector& collector) {
    const std::uint32_t nothing_more = collector.statement({});
    for_each_line(document, collector, [&](std::uint32_t number, std::string_view line) {
        read_iplist_line(number, line, nothing_more, collector);
    });
    return Done{};
}

}  // namespace ostrakon::feed
