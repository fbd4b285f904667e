// Bans and lifts as parts of a larger change set. Included by this module's sources only.
#pragma once

#include "change_set.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/decide.hpp"

namespace ostrakon::policy {

/// What ban() and unban() do, with their errors; adds to the report. After an error the change set
/// is given up.
Result<Done> ban_within(ChangeSet& change, const config::Settings& settings, const Ban& ban,
                        ChangeReport& report);
Result<Done> lift_within(ChangeSet& change, const config::Settings& settings, const Lift& lift,
                         ChangeReport& report);

/// Ends the change set, unless there is nothing to change or it is a dry run.
Result<ChangeReport> finished(ChangeSet& change, ChangeReport&& report);

}  // namespace ostrakon::policy
