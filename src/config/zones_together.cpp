// What must be true between zones: each origin once, each name in the zone that answers for it,
// glue where it is needed.
#include "zone_file.hpp"

#include <fmt/format.h>
#include <map>
#include <optional>

namespace ostrakon::config {
namespace {

using Origins = std::map<dns::Name, const ZoneDraft*>;

// The name without its first `count` labels.
dns::Name parent(const dns::Name& name, std::size_t count) {
    std::vector<std::string> labels = name.labels();
    labels.erase(labels.begin(), labels.begin() + static_cast<std::ptrdiff_t>(count));
    return dns::Name::from_labels(labels).value();
}

// The zone that answers for a name: the one with the longest origin at or above it.
const ZoneDraft* zone_of(const dns::Name& name, const Origins& origins) {
    const std::size_t labels = name.label_count();
    for (std::size_t left_out = 0; left_out < labels; ++left_out) {
        const auto found = origins.find(parent(name, left_out));
        if (found != origins.end()) {
            return found->second;
        }
    }
    return nullptr;
}

bool has_address(const ZoneDraft& draft, const dns::Name& name) {
    for (const zone::AddressRecords& records : draft.zone.addresses) {
        if (records.owner == name) {
            return true;
        }
    }
    return false;
}

void check_addresses(const ZoneDraft& draft, const Origins& origins, Problems& problems) {
    for (std::size_t i = 0; i < draft.zone.addresses.size(); ++i) {
        const dns::Name& owner = draft.zone.addresses[i].owner;
        const ZoneDraft* inner = zone_of(owner, origins);
        if (inner != nullptr && inner->zone.origin != draft.zone.origin) {
            problems.mistake(
                draft.zone.file, draft.addresses_at[i],
                fmt::format("[a]: read {}, expected no name of the zone {}; its [a] is in {}",
                            dns::to_string(owner), inner->zone.name, inner->zone.file));
        }
    }
}

void check_name_servers(const ZoneDraft& draft, const Origins& origins, Problems& problems) {
    for (std::size_t i = 0; i < draft.zone.ns.size(); ++i) {
        const dns::Name& name = draft.zone.ns[i];
        const ZoneDraft* home = zone_of(name, origins);
        if (home != nullptr && home->is_sound && !has_address(*home, name)) {
            problems.mistake(draft.zone.file, draft.ns_at[i],
                             fmt::format("ns: read {}, which lies in the zone {} and has no "
                                         "address there, expected it in "
                                         "[a] of {}",
                                         dns::to_string(name), home->zone.name, home->zone.file));
        }
    }
}

}  // namespace

void check_zones_together(const std::vector<ZoneDraft>& drafts, Problems& problems) {
    Origins origins;
    for (const ZoneDraft& draft : drafts) {
        if (draft.zone.origin.is_root()) {
            continue;
        }
        const auto [first, is_new] = origins.emplace(draft.zone.origin, &draft);
        if (!is_new) {
            problems.mistake(draft.zone.file, draft.origin_at,
                             fmt::format("origin: read \"{}\", expected another: {} has it already",
                                         draft.zone.name, first->second->zone.file));
        }
    }
    for (const ZoneDraft& draft : drafts) {
        if (draft.is_sound) {
            check_addresses(draft, origins, problems);
            check_name_servers(draft, origins, problems);
        }
    }
}

}  // namespace ostrakon::config
