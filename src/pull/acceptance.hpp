// Whether a version that was read is what its publisher meant to publish, and taking it in.
// Included by this module's sources only.
#pragma once

#include "ostrakon/feed/confined_reading.hpp"
#include "ostrakon/policy/pull_state.hpp"
#include "ostrakon/pull/pull.hpp"

#include <string>

namespace ostrakon::pull {

/// How a version is to be taken.
struct Swap {
    const PullSite& site;
    const config::FeedSettings& feed;
    policy::Author author;
    const policy::PulledVersion* served = nullptr;  ///< Null: there is none.
    bool is_accepted = false;                       ///< By a person: no limit holds it.
    bool dry_run = false;
    /// Writes the state along, when the version's figures are known.
    std::function<void(store::WriteTransaction& transaction)> along;
};

/// What it came to: swapped in, or refused with why, as a sentence that ends in no full stop.
struct Swapped {
    std::string held_because;  ///< Empty: it is served.
};

/// Fills in the version's figures, and the report's. Error: Store.
Result<Swapped> swap_in(const Swap& swap, feed::ReadOutcome&& outcome,
                        policy::PulledVersion& version, FeedReport& report);

}  // namespace ostrakon::pull
