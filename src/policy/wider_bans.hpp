// The own bans that cover more than one subject and go on doing so. Included by this module's
// sources only.
#pragma once

#include "change_set.hpp"

#include <string>
#include <vector>

namespace ostrakon::policy {

/// Adds a note for each own ban in force that covers the subject and more.
void name_wider_bans(ChangeSet& change, const Subject& subject, std::vector<std::string>& notes);

}  // namespace ostrakon::policy
