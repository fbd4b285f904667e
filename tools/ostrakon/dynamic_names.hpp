// The rules by which diagnoses tell dynamic lines by their names.
#pragma once

#include "command.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/pattern/name_rules.hpp"

#include <optional>

namespace ostrakon::tool {

/// Reads them and makes them ready; nothing, and a note, where that cannot be done.
std::optional<pattern::NameClassifier> dynamic_names_of(const config::Settings& settings,
                                                        const CommonOptions& common);

}  // namespace ostrakon::tool
