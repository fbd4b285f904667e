// How what lies in a backup is told to a person.
#pragma once

#include "ostrakon/policy/restore.hpp"

#include <string>

namespace ostrakon::tool {

/// "12 own bans, 3 own allows, 1 ended listing, 2 feeds with 1,204 entries".
std::string figures_text(const policy::BackupFigures& figures);

}  // namespace ostrakon::tool
