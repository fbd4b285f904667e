// What is said of feeds without a change of their entries: that one is still the publisher's
// newest, and what the configuration says of them.
#pragma once

#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/store/transaction.hpp"

#include <functional>
#include <string>

namespace ostrakon::policy {

/// Whether the database says of every configured feed what the configuration says, and of no other
/// that it is configured.
Result<bool> has_feed_settings(store::Environment& environment, const config::Settings& settings);

/// Brings what the configuration says of feeds into the database. The caller holds the writer lock.
Result<Done> adopt_feeds(store::Environment& environment, const config::Settings& settings,
                         const Author& author);

/// The feed's entries are the publisher's newest at the author's time. `along` writes what else
/// belongs to it; may be empty. The caller holds the writer lock.
Result<Done> note_refreshed(store::Environment& environment, const config::Settings& settings,
                            const Author& author, const std::string& feed,
                            const std::function<void(store::WriteTransaction& transaction)>& along);

}  // namespace ostrakon::policy
