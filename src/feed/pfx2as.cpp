// pfx2as: CAIDA's RouteViews prefix-to-AS tables (caida.org, "Routeviews Prefix to AS mappings"):
// address, prefix length and AS number between tabs. Of several origins, 10_20, the first is the
// one seen most and is taken; a set of them, 4,5, does not say which and is rejected.
#include "lines.hpp"
#include "map_format.hpp"

namespace ostrakon::feed {
namespace {

void read_pfx2as_row(const Line& line, std::string_view text, MapCollector& collector) {
    const auto fields = split_fields(text, '\t');
    collector.count();
    if (fields.size() != 3) {
        collector.reject(line.number, text, "has not three columns between tabs");
        return;
    }
    const auto range = net::parse_range(std::string{fields[0]} + "/" + std::string{fields[1]});
    if (!range) {
        collector.reject(line.number, text, "does not begin with an address and a prefix length");
        return;
    }
    const std::string_view first = fields[2].substr(0, fields[2].find('_'));
    if (first.find(',') != std::string_view::npos) {
        collector.reject(line.number, text, "has a set of AS numbers, which names no one of them");
        return;
    }
    const auto origin = net::parse_as_number(first);
    if (!origin) {
        collector.reject(line.number, text, "has no AS number in its third column");
        return;
    }
    collector.add(*range, *origin);
}

}  // namespace

Result<Done> read_pfx2as(const Document& document, MapCollector& collector) {
    Lines lines{document.bytes};
    Line line;
    while (lines.next(line) && !collector.is_full()) {
        const std::string_view text = trimmed(line.text);
        if (!text.empty() && text.front() != '#') {
            read_pfx2as_row(line, text, collector);
        }
        if (line.number % kProgressLines == 0) {
            document.progress(lines.consumed());
        }
    }
    return Done{};
}

}  // namespace ostrakon::feed
