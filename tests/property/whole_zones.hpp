// The zones of a world as whole ones that can be transferred.
#pragma once

#include "ostrakon/zone/zone.hpp"

#include <vector>

namespace ostrakon::property {

/// With name servers, with names of their own in the way of listings, and one nested in another.
/// Every second one has texts that are the same for all that are listed together.
std::vector<zone::Zone> whole_zones(const std::vector<zone::Zone>& from);

}  // namespace ostrakon::property
