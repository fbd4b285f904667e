// asn-tsv: FIRST, LAST, AS number, country and description in columns between tabs, as iptoasn.com
// publishes; the number says who announces the range, 0 that nobody does. The country in it is the
// registration of the AS, not of the addresses, and is not read.
#include "lines.hpp"
#include "map_format.hpp"

namespace ostrakon::feed {
namespace {

constexpr std::size_t kColumnsMin = 3;

void read_row(const Line& line, std::string_view text, MapCollector& collector) {
    const auto fields = split_fields(text, '\t');
    collector.count();
    if (fields.size() < kColumnsMin) {
        collector.reject(line.number, text, "has fewer than three columns between tabs");
        return;
    }
    const auto range = range_of_fields(trimmed(fields[0]), trimmed(fields[1]));
    if (!range) {
        collector.reject(line.number, text, range.error());
        return;
    }
    const std::string_view number = trimmed(fields[2]);
    if (number == "0") {
        return;  // not routed
    }
    const auto origin = net::parse_as_number(number);
    if (!origin) {
        collector.reject(line.number, text, "has no AS number in its third column");
        return;
    }
    collector.add(*range, *origin);
}

}  // namespace

Result<Done> read_asn_tsv(const Document& document, MapCollector& collector) {
    Lines lines{document.bytes};
    Line line;
    while (lines.next(line) && !collector.is_full()) {
        const std::string_view text = line.text;
        if (!trimmed(text).empty() && text.front() != '#') {
            read_row(line, text, collector);
        }
        if (line.number % kProgressLines == 0) {
            document.progress(lines.consumed());
        }
    }
    return Done{};
}

}  // namespace ostrakon::feed
