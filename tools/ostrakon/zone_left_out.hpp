// What a zone serves and transfers and exports cannot carry: patterns, built-in sources, keys.
#pragma once

#include "ostrakon/base/result.hpp"
#include "zone_site.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace ostrakon::tool {

/// Checks the files of partner keys that the caller may read; an error holds the mistakes of the
/// first one that has some. Keys that hold, by zone; nothing for zones without a file, and for
/// files that are not there or not the caller's, which `warnings` tells where there is none.
Result<std::vector<std::optional<std::size_t>>> count_partner_keys(
    const std::vector<zone::Zone>& zones, std::vector<std::string>& warnings);

/// A line for each zone that others may transfer and that has something they do not get. Without a
/// database that can be read, patterns are not counted. To be called after all files have been
/// read.
std::vector<std::string> tell_what_transfers_leave_out(
    const ZoneSite& site, const std::vector<std::optional<std::size_t>>& keys);

}  // namespace ostrakon::tool
