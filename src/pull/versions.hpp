// Which versions of a feed are kept, as its state says. Included by this module's sources only.
#pragma once

#include "ostrakon/policy/pull_state.hpp"

#include <string>

namespace ostrakon::pull {

/// The version is served from now on, and the oldest that is too many forgotten. What was held is
/// held no longer.
void take_version(policy::PullState& state, const policy::PulledVersion& version);

/// The version before is served again. What was served is held, unless something newer is; it stays
/// so until a person accepts. There are at least two versions.
void take_back(policy::PullState& state, const std::string& why);

}  // namespace ostrakon::pull
