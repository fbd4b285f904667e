// Taking a feed or a map out of the database: what `feeds remove` does.
#pragma once

#include "ostrakon/policy/decide.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/store/event.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ostrakon::policy {

struct FeedRemoval {
    std::optional<store::ChangeId> change;
    std::uint64_t entries = 0;     ///< Of the feed, all of its data sets.
    std::uint64_t map_ranges = 0;  ///< Of the map.
};

/// Removes all entries of a feed, or a map, as one change set that `undo` takes back; and what is
/// known of its pulling, save when its publisher may be asked again. One that is not there changes
/// nothing. `settings` no longer have the feed. Errors: Refused (without a map other addresses
/// would be banned; not where `confirmed`), Store. The caller holds the writer lock.
Result<FeedRemoval> remove_feed(store::Environment& environment, const config::Settings& settings,
                                const std::string& name, bool confirmed, const Author& author);

}  // namespace ostrakon::policy
