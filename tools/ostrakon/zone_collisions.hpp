// Names of a zone that hide something: one of [a] or of a nested zone where a listing or a test
// point would be asked.
#pragma once

#include "ostrakon/zone/zone.hpp"

#include <string>
#include <vector>

namespace ostrakon::tool {

/// A sentence for each collision, with the zone's file.
std::vector<std::string> zone_collisions(const std::vector<zone::Zone>& zones);

}  // namespace ostrakon::tool
