// Taking a list in as the entries of a feed. Part of import.cpp's work; included by this module's
// sources only.
#pragma once

#include "change_set.hpp"
#include "ostrakon/policy/import.hpp"

namespace ostrakon::policy {

/// Brings the settings of all configured feeds into the database, and marks those that are no
/// longer configured.
void adopt_feed_settings(ChangeSet& change, const config::Settings& settings);

/// `import.source` names the feed. Errors: Usage (a name that cannot be a feed's), Refused (shrink,
/// growth, width), Store.
Result<ImportReport> import_feed(ChangeSet& change, const config::Settings& settings,
                                 const Import& import, ImportReport&& report);

}  // namespace ostrakon::policy
