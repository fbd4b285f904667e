// The rows of a map in CSV, one after the other.
#pragma once

#include "csv_reader.hpp"
#include "map_format.hpp"

namespace ostrakon::feed {

/// Calls take(record), which returns Result<Done>, for every record until the collector is full;
/// its first error ends it.
template <class Take>
Result<Done> for_each_csv_row(const Document& document, const MapCollector& collector,
                              Take&& take) {
    CsvReader reader{document.bytes};
    CsvRecord record;
    std::uint32_t records = 0;
    while (!collector.is_full()) {
        const CsvReader::Step step = reader.next(record);
        if (step == CsvReader::Step::OpenQuote) {
            return refuse(document.file, "has a quote that is never closed, as when it is cut off",
                          "get it again");
        }
        if (step == CsvReader::Step::End) {
            break;
        }
        if (auto taken = take(record); !taken) {
            return taken;
        }
        if (++records % kProgressLines == 0) {
            document.progress(reader.consumed());
        }
    }
    return Done{};
}

}  // namespace ostrakon::feed
