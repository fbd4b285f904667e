// Makes the rulebook of a configuration: its zones, and the files that these need.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/verdict/judge.hpp"

#include <memory>

namespace ostrakon::verdict {

/// Takes the zones over; what the files have to warn of is added to `zones.warnings`.
Result<std::shared_ptr<Rulebook>> read_rulebook(const config::Settings& settings,
                                                config::Zones& zones, UnixTime now);

}  // namespace ostrakon::verdict
