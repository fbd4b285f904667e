// Diagnoses servers again that `diagnose --ban` has listed.
#pragma once

#include "command.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/recheck.hpp"
#include "ostrakon/store/environment.hpp"

#include <vector>

namespace ostrakon::tool {

/// Looks into what is due by [lifecycle] recheck, for a bounded time; asks nobody where nothing is.
/// To be called without the writer lock. What keeps it from asking is a note.
std::vector<policy::Rechecked> recheck_due(store::Environment& environment,
                                           const config::Settings& settings,
                                           const CommonOptions& common);

}  // namespace ostrakon::tool
