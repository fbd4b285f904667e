// urllist: a URL, a host or a host with a port or a path a line, of which the host is the entry: an
// address, or that name alone. # and ; begin comments. URLhaus' text export and maltrail's trails
// (github.com/stamparm/maltrail) are such lists.
#include "line_format.hpp"
#include "list_subject.hpp"

namespace ostrakon::feed {

Result<Done> read_urllist(const Document& document, Collector& collector) {
    const std::uint32_t nothing_more = collector.statement({});
    for_each_line(document, collector, [&](std::uint32_t number, std::string_view line) {
        if (line.find_first_of("#;") == 0) {
            return;
        }
        std::string_view rest = line;
        const std::string_view url = next_word(rest);
        if (!rest.empty() && !rest.starts_with('#')) {
            collector.reject(number, line, "has more than one word (write one URL a line)");
        } else if (url.front() == '/') {
            collector.reject(number, line, "is a path without a host");
        } else {
            add_host_of_url(collector, number, url, nothing_more);
        }
    });
    return Done{};
}

}  // namespace ostrakon::feed
