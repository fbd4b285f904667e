// Where the rules of the built-in source "dynamic-names" are read from.
#pragma once

#include "ostrakon/config/settings.hpp"
#include "ostrakon/pattern/name_rules.hpp"
#include "ostrakon/zone/zone.hpp"

#include <memory>
#include <vector>

namespace ostrakon::config {

/// Beside ostrakon.toml, or among what was installed with the program.
inline constexpr const char* kNameRulesFile = "dynamic-names.conf";

/// Whether any of the zones serves names by those rules.
bool serve_dynamic_names(const std::vector<zone::Zone>& zones);

/// Reads the rules; mistakes are in the error, a line each.
Result<std::shared_ptr<const pattern::NameRules>> read_name_rules(const Settings& settings);

}  // namespace ostrakon::config
