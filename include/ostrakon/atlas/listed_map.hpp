// What a zone lists of IPv4, on a map, by the classes of what lists it.
#pragma once

#include "ostrakon/config/settings.hpp"
#include "ostrakon/hilbert/map.hpp"
#include "ostrakon/hilbert/picture.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/zone/zone.hpp"

#include <cstdint>
#include <vector>

namespace ostrakon::atlas {

struct ListedMap {
    hilbert::Map map;
    std::vector<hilbert::Kind> kinds;  ///< Classes, by their numbers on the map.
    std::uint64_t addresses = 0;       ///< Of all kinds.
    std::uint32_t serial = 0;
};

/// Reads what `zone` lists in the square, which has passed hilbert::check_square(). Where several
/// classes list an address, the own ones go first.
Result<ListedMap> read_listed_map(store::Environment& environment, const config::Settings& settings,
                                  zone::Zone zone, net::Ipv4Range square);

/// A zone that lists all there is: own bans and the entries of all feeds.
zone::Zone zone_of_everything();

}  // namespace ostrakon::atlas
