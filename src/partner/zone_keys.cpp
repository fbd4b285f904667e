#include "ostrakon/partner/zone_keys.hpp"

#include <fmt/format.h>

#include <map>
#include <string>

namespace ostrakon::partner {
namespace {

// The labels that stand next to the zone's origin, and what they are.
std::map<std::string, std::string> taken_labels(const zone::Zone& zone,
                                                const std::vector<zone::Zone>& zones) {
    std::map<std::string, std::string> taken;
    const auto take = [&](const dns::Name& name, const std::string& what) {
        const bool is_below =
            name.is_at_or_below(zone.origin) && name.label_count() > zone.origin.label_count();
        if (is_below) {
            taken.emplace(name.labels()[name.label_count() - zone.origin.label_count() - 1], what);
        }
    };
    for (const zone::AddressRecords& records : zone.addresses) {
        take(records.owner, "a name of [a]");
    }
    for (const zone::Zone& inner : zones) {
        take(inner.origin, "on the way to the zone " + inner.name);
    }
    return taken;
}

}  // namespace

Result<Done> check_keys(const std::vector<KeyEntry>& entries, const zone::Zone& zone,
                        const std::vector<zone::Zone>& zones) {
    const auto taken = taken_labels(zone, zones);
    std::string mistakes;
    for (const KeyEntry& entry : entries) {
        if (const auto found = taken.find(entry.key); found != taken.end()) {
            mistakes += fmt::format("{}{}:{}: the key of {} is {}, too: expected another",
                                    mistakes.empty() ? "" : "\n", zone.keys_file, entry.line,
                                    entry.name, found->second);
        }
    }
    if (!mistakes.empty()) {
        return Unexpected{Error{ErrorCode::Usage, mistakes, "", ""}};
    }
    return Done{};
}

Result<std::shared_ptr<const KeyTable>> read_zone_keys(const zone::Zone& zone,
                                                       const std::vector<zone::Zone>& zones,
                                                       UseCounters& counters) {
    const auto entries = read_key_file(zone.keys_file);
    if (!entries) {
        return Unexpected{entries.error()};
    }
    if (auto fit = check_keys(*entries, zone, zones); !fit) {
        return Unexpected{std::move(fit.error())};
    }
    return std::make_shared<const KeyTable>(zone.name, *entries, counters);
}

Result<ZoneKeys> read_all_keys(const std::vector<zone::Zone>& zones, UseCounters& counters) {
    ZoneKeys all(zones.size());
    for (std::size_t i = 0; i < zones.size(); ++i) {
        if (zones[i].keys_file.empty()) {
            continue;
        }
        auto keys = read_zone_keys(zones[i], zones, counters);
        if (!keys) {
            return Unexpected{std::move(keys.error())};
        }
        all[i] = std::move(*keys);
    }
    return all;
}

}  // namespace ostrakon::partner
