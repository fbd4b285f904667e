#include "zone_collisions.hpp"

#include "ostrakon/dns/reversed_address.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {
namespace {

// What a client asks when it asks for the name of these labels in front of the origin.
std::string hidden_by(const std::vector<std::string>& labels) {
    if (labels.empty()) {
        return "";
    }
    if (labels.size() == 1 && labels.front() == "test") {
        return "the test point TEST (RFC 5782)";
    }
    if (labels == std::vector<std::string>{"2", "0", "0", "127"}) {
        return "the test point 127.0.0.2 (RFC 5782)";
    }
    if (dns::is_address_label(labels.back())) {
        return "listings of addresses";
    }
    return "";
}

std::vector<std::string> labels_in_front(const dns::Name& name, const dns::Name& origin) {
    std::vector<std::string> labels = name.labels();
    labels.resize(labels.size() - origin.label_count());
    return labels;
}

}  // namespace

std::vector<std::string> zone_collisions(const std::vector<zone::Zone>& zones) {
    std::vector<std::string> found;
    for (const zone::Zone& zone : zones) {
        for (const zone::AddressRecords& records : zone.addresses) {
            const std::string hidden = hidden_by(labels_in_front(records.owner, zone.origin));
            if (!hidden.empty()) {
                found.push_back(fmt::format("{}: [a] {} hides {}", zone.file,
                                            dns::to_string(records.owner), hidden));
            }
        }
        for (const zone::Zone& inner : zones) {
            if (&inner == &zone || !inner.origin.is_at_or_below(zone.origin)) {
                continue;
            }
            const std::string hidden = hidden_by(labels_in_front(inner.origin, zone.origin));
            if (!hidden.empty()) {
                found.push_back(fmt::format("{}: the zone {} hides {} of {}", inner.file,
                                            inner.name, hidden, zone.name));
            }
        }
    }
    return found;
}

}  // namespace ostrakon::tool
