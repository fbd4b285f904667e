// A change of what the maps in use say, and what it makes of the AS and countries that are listed.
// Included by this module's sources only.
#pragma once

#include "change_set.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/map_import.hpp"
#include "ostrakon/policy/origin_map.hpp"

#include <map>
#include <vector>

namespace ostrakon::policy {

/// Begun before the maps are changed, finished behind it.
class MapChange {
public:
    explicit MapChange(ChangeSet& change);

    /// Compares, and lets what differs be derived again. Afterwards the rest can be asked.
    void finish();

    const std::vector<OriginStep>& steps() const { return steps_; }
    /// Addresses that are listed now and were not, and the other way round.
    const Coverage& coverage() const { return coverage_; }
    /// Refused: an AS or country grows more than tenfold, more than the blast radius is newly
    /// banned, or a canary is.
    Result<Done> check(const config::Settings& settings) const;

private:
    ChangeSet& change_;
    std::map<net::Origin, bool> listed_;  // whether any of the listings is a ban
    Expansions before_, after_;
    std::vector<OriginStep> steps_;
    Coverage coverage_;
};

/// Takes over which maps [geo] names. Where that changes what is listed the same is checked as for
/// a new map, unless `confirmed`; where it is refused the maps are as before.
Result<Coverage> adopt_map_settings(ChangeSet& change, const config::Settings& settings,
                                    bool confirmed);

/// The same for a command that has other things to do as well: what is refused is held, which the
/// audit trail is told once.
Coverage follow_map_settings(ChangeSet& change, const config::Settings& settings, bool confirmed,
                             std::vector<std::string>& notes);

/// Gives each map its place without looking at what is listed; true if any place changed.
bool place_maps(ChangeSet& change, const config::Settings& settings);

/// What is odd about the maps of a kind: several without a word in [geo], names of none. Empty if
/// nothing is.
std::string map_settings_note(const Catalogue& catalogue, const config::Settings& settings,
                              net::OriginKind kind);

}  // namespace ostrakon::policy
