// What the configuration says of feeds, on its way into the database. Included by this module's
// sources only.
#pragma once

#include "change_set.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/import.hpp"

#include <string>

namespace ostrakon::policy {

/// The feed's settings, or null where it is not configured.
const config::FeedSettings* feed_settings(const config::Settings& settings,
                                          const std::string& name);

/// ErrorCode::Usage where no feed may be called so.
Result<Done> check_feed_name(const config::Settings& settings, const std::string& name);

/// Brings the settings of all configured feeds into the database, and marks those that are no
/// longer configured.
void adopt_feed_settings(ChangeSet& change, const config::Settings& settings);

/// Whether that would change anything.
bool differs_from_settings(const Catalogue& catalogue, const config::Settings& settings);

/// Stores the feed as refreshed now. Where it was stale, its entries answer again: a change.
void put_refreshed(ChangeSet& change, Feed feed);

/// The feed that this import fills: where it is not configured, with the class and code that the
/// import says.
Feed adopt_imported_feed(ChangeSet& change, const config::Settings& settings, const Import& import);

}  // namespace ostrakon::policy
