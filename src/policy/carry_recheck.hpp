// Rechecks as part of a change set. Included by this module's sources only.
#pragma once

#include "change_set.hpp"
#include "ostrakon/policy/recheck.hpp"

#include <string_view>
#include <vector>

namespace ostrakon::policy {

/// What the history of a listing says that has fallen away.
inline constexpr std::string_view kCorrectedReason = "rechecked: all checks pass";

/// Lets fall away what passes now, and puts the rest off until it is due again; returns what fell
/// away. What was decided or looked into anew meanwhile stays as it is.
std::vector<store::Listing> carry_out_rechecks(ChangeSet& change,
                                               const std::vector<Rechecked>& rechecked);

}  // namespace ostrakon::policy
