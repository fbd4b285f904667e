// The AS and countries of a list that is taken in as own listings. Included by this module's
// sources only.
#pragma once

#include "change_set.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/import.hpp"

#include <string>
#include <vector>

namespace ostrakon::policy {

/// What they cover, if they may be listed; `all` is what the rest of the list covers. Errors:
/// Refused (never, canaries, blast radius, other maps in [geo]).
Result<Coverage> check_imported_origins(ChangeSet& change, const config::Settings& settings,
                                        const Import& import, Coverage all,
                                        std::vector<std::string>& notes);

}  // namespace ostrakon::policy
