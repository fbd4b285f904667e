// abuseipdb-json: AbuseIPDB's blacklist (docs.abuseipdb.com, "BLACKLIST Endpoint"): an object whose
// array "data" has objects with "ipAddress". What else they have changes with every version, and is
// not kept.
#include "json_records.hpp"
#include "list_subject.hpp"

#include <nlohmann/json.hpp>

namespace ostrakon::feed {

Result<Done> read_abuseipdb_json(const Document& document, Collector& collector) {
    const std::uint32_t nothing_more = collector.statement({});
    const auto found = for_each_json_entry(
        document, collector, [](std::string_view path) { return path == ".data[]"; },
        [&](std::string_view /*path*/, std::uint32_t line, const nlohmann::json& entry) {
            const std::string address = json_text(entry, "ipAddress");
            if (address.empty()) {
                collector.reject(line, "", "is an entry without \"ipAddress\"");
                return;
            }
            add_addresses(collector, line, address, nothing_more);
        });
    if (!found) {
        return Unexpected{found.error()};
    }
    if (!found->has_array) {
        return refuse(document.file, "has no array \"data\", as a blacklist of AbuseIPDB has",
                      "look at it: it may be an error report");
    }
    return Done{};
}

}  // namespace ostrakon::feed
