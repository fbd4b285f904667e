// The keys of all zones of a site, read and held against what the zones have of their own.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/partner/key_file.hpp"
#include "ostrakon/partner/key_table.hpp"
#include "ostrakon/zone/zone.hpp"

#include <memory>
#include <vector>

namespace ostrakon::partner {

/// One table a zone, in the zones' order; null for those without a keys_file.
using ZoneKeys = std::vector<std::shared_ptr<const KeyTable>>;

/// Whether none of the keys is the label next to the zone's origin of a name of [a] or of a zone
/// nested in it. The error holds every mistake, a line each.
Result<Done> check_keys(const std::vector<KeyEntry>& entries, const zone::Zone& zone,
                        const std::vector<zone::Zone>& zones);

/// Reads the file of one of `zones`, which has one, and checks it.
Result<std::shared_ptr<const KeyTable>> read_zone_keys(const zone::Zone& zone,
                                                       const std::vector<zone::Zone>& zones,
                                                       UseCounters& counters);

/// The same for all of them; the error is that of the first zone whose keys cannot be taken.
Result<ZoneKeys> read_all_keys(const std::vector<zone::Zone>& zones, UseCounters& counters);

}  // namespace ostrakon::partner
