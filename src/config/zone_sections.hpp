// The tables of a zone file, one reader each.
#pragma once

#include "sections.hpp"
#include "zone_file.hpp"

namespace ostrakon::config {

/// Reads [a]; its owners are relative to the draft's origin.
void read_addresses(Section section, ZoneDraft& draft);
void read_codes(Section section, const Settings& settings, zone::Zone& zone);
/// Reads [text] and adds the defaults.
void read_texts(Section section, const Settings& settings, zone::Zone& zone);
/// Reads [access]; `keys` are the names of the [[tsig]] keys that it may name.
void read_access(Section section, const KeyNames& keys, ZoneDraft& draft);
/// Reads `sources`, `classes` and `kinds`.
void read_selection(Section& section, const Settings& settings, zone::Zone& zone);

}  // namespace ostrakon::config
