// What must hold before an AS or a country lists addresses: for bans, imports and maps alike.
// Included by this module's sources only.
#pragma once

#include "change_set.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/guard.hpp"
#include "ostrakon/policy/origin_map.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ostrakon::policy {

/// How all addresses of an AS or country lie to [protect] never.
NeverOverlap never_overlap(const config::ProtectSettings& protect, const Expansion& expansion);

/// The name, kind and day of the maps in use: "map iptoasn of 2026-11-20".
std::string maps_text(const Catalogue& catalogue, net::OriginKind kind);

/// Own decisions about AS and countries that are to be made.
struct OriginDecisions {
    std::vector<net::Origin> banned, allowed;
    bool override_never = false;
    bool confirmed = false;
};

/// What they cover. Errors: Refused (never, canaries; the blast radius is the caller's).
Result<Expansions> check_origins(ChangeSet& change, const config::Settings& settings,
                                 const OriginDecisions& decisions);

/// What the AS and countries among subjects cover.
Expansions expansions_of(const ChangeSet& change, const std::vector<Subject>& subjects);
/// What the AS and countries cover among entries of a feed that come and go.
Coverage coverage_of_origins(const ChangeSet& change, const EntryList& removed,
                             const EntryList& added);
/// What a subject covers, an AS or country by its expansion.
Coverage coverage_of(const Expansions& expansions, const Subject& subject);

/// "AS64500: 12 prefixes, 4,096 addresses (map iptoasn of 2026-11-20)".
std::string cost_text(const Catalogue& catalogue, const net::Origin& origin,
                      const Expansion& expansion);

/// What people are told of an AS or country that no map knows; empty where one does.
std::string unknown_note(const Catalogue& catalogue, const net::Origin& origin,
                         const Expansion& expansion);

}  // namespace ostrakon::policy
