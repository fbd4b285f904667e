// How every feed stands, out of the configuration and the database: the rows of `feeds`.
#pragma once

#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/pull_state.hpp"
#include "ostrakon/store/transaction.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ostrakon::pull {

struct FeedRow {
    std::string name;
    std::string state;          ///< "fresh", "stale", "held", "failing", "never", "local".
    std::string listing_class;  ///< Of its entries, where they say nothing else; empty for a map.
    std::uint64_t entries = 0;
    std::optional<UnixTime> last_success, last_try, next;
    std::string message;      ///< What people should know of it; may be empty.
    std::string format, url;  ///< Empty where it is filled by `import` alone; no secrets.
    std::uint64_t added = 0, removed = 0;  ///< By the version that is served.
    std::vector<policy::PulledVersion> versions;
    std::optional<policy::HeldVersion> held;
    bool is_map = false;
};

/// Configured feeds and those that the database has beside them, by name.
std::vector<FeedRow> feed_rows(const config::Settings& settings,
                               const store::Transaction& transaction, UnixTime at);

}  // namespace ostrakon::pull
