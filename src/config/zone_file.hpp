// One file of zones/: what it says, and where it says what other zones may object to.
#pragma once

#include "problems.hpp"

#include "ostrakon/config/settings.hpp"
#include "ostrakon/zone/zone.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ostrakon::config {

/// A zone as its own file describes it, before it is held against the others.
struct ZoneDraft {
    zone::Zone zone;
    bool is_sound = false;  ///< Nothing in its file was wrong. Else only the origin, if there is
                            ///< one, means anything.
    Position origin_at;
    Position access_at;                   ///< Of the table that says who may query.
    std::optional<Position> transfer_at;  ///< Where partners are let in that may transfer it.
    std::vector<Position> ns_at;          ///< As zone.ns.
    std::vector<Position> addresses_at;   ///< As zone.addresses.
};

ZoneDraft read_zone_file(const std::filesystem::path& file, const Settings& settings,
                         Problems& problems);

/// Notes what is wrong between zones: one origin twice, [a] names inside an inner zone, name
/// servers without an address.
void check_zones_together(const std::vector<ZoneDraft>& drafts, Problems& problems);

}  // namespace ostrakon::config
