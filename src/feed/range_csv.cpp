// range-csv: FIRST,LAST,ORIGIN with the number of an AS or the two letters of a country; further
// columns are not read. Or PREFIX,ORIGIN. A first line without addresses names the columns.
//
// Published by sapics/ip-location-db, DB-IP and IP2Location, the last with numbers for addresses.
#include "csv_map.hpp"

namespace ostrakon::feed {
namespace {

// What makers write where they know no origin.
bool is_unknown(std::string_view text) {
    return text.empty() || text == "-" || text == "0" || text == "ZZ" || text == "None";
}

std::optional<net::Origin> parse_origin(std::string_view text) {
    const auto country = net::parse_country(text);
    return country ? country : net::parse_as_number(text);
}

// How many fields the range takes up, with the range.
struct RangeFields {
    net::AddressRange range;
    std::size_t count = 2;
};

Expected<RangeFields, std::string> range_fields(const std::vector<std::string>& fields) {
    if (fields[0].find('/') != std::string::npos) {
        const auto range = net::parse_range(fields[0]);
        if (!range) {
            return Unexpected{std::string{"does not begin with a prefix"}};
        }
        return RangeFields{*range, 1};
    }
    if (fields.size() < 2) {
        return Unexpected{std::string{"has fewer than two columns"}};
    }
    const auto range = range_of_fields(fields[0], fields[1]);
    return range ? Expected<RangeFields, std::string>{RangeFields{*range, 2}}
                 : Unexpected{range.error()};
}

void read_row(const CsvRecord& record, MapCollector& collector) {
    const auto range = range_fields(record.fields);
    if (!range && collector.size() == 0 && record.line == 1) {
        return;  // the names of the columns
    }
    collector.count();
    if (!record.mistake.empty() || !range) {
        collector.reject(record.line, record.text,
                         record.mistake.empty() ? range.error() : record.mistake);
        return;
    }
    if (record.fields.size() <= range->count) {
        collector.reject(record.line, record.text, "has no column for its AS or country");
        return;
    }
    const std::string& said = record.fields[range->count];
    if (is_unknown(said)) {
        return;
    }
    const auto origin = parse_origin(said);
    if (!origin) {
        collector.reject(record.line, record.text,
                         "has neither an AS number nor a country behind its range");
        return;
    }
    collector.add(range->range, *origin);
}

}  // namespace

Result<Done> read_range_csv(const Document& document, MapCollector& collector) {
    return for_each_csv_row(document, collector, [&](const CsvRecord& record) {
        read_row(record, collector);
        return Result<Done>{Done{}};
    });
}

}  // namespace ostrakon::feed
