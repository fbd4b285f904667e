// The parts of an undo: own listings, entries of feeds, and maps. Included by this module's sources
// only.
#pragma once

#include "change_set.hpp"
#include "inverse.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/policy/undo.hpp"

#include <cstdint>
#include <string>

namespace ostrakon::policy {

/// What an undo does, and what comes of it.
struct Undoing {
    ChangeSet& change;
    const config::Settings& settings;
    const store::Change& undone;  ///< The change set that is taken back.
    const Inverse& inverse;
    const std::string& reason;
    ChangeReport report = {};
    std::optional<std::string> canary = {};  ///< One that a feed would list again.
    std::uint64_t left = 0;  ///< Listings and entries that stay as later change sets left them.

    void leave(const std::string& what, const std::string& why);
};

void undo_listings(Undoing& undoing);
void undo_feeds(Undoing& undoing);
/// Errors: Refused, as for a new map.
Result<Done> undo_maps(Undoing& undoing, bool confirmed);

}  // namespace ostrakon::policy
