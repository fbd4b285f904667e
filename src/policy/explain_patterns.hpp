// What patterns say of a name, for `why`. Included by explain.cpp only.
#pragma once

#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/answer_text.hpp"
#include "ostrakon/zone/zone.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::policy {

/// Adds the own listings of the free patterns that match the name of this key.
void find_free_patterns(const store::Transaction& transaction, const Catalogue& catalogue,
                        std::string_view key, MatchList& found);

/// Why the rules of dynamic-names find the name; empty if they don't, or no zone asks them. They
/// are those of today, whatever the date.
Result<std::string> dynamic_reason(const config::Settings& settings,
                                   const std::vector<zone::Zone>& zones, std::string_view key);

}  // namespace ostrakon::policy
