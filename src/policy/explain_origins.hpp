// What the maps say of an address, for `why`. Included by explain.cpp only.
#pragma once

#include "ostrakon/net/address.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/explain.hpp"

#include <string>
#include <vector>

namespace ostrakon::policy {

/// Its AS and country, by the maps of today.
std::vector<ExplainedOrigin> explain_origins(const store::Transaction& transaction,
                                             const Catalogue& catalogue,
                                             const net::Address& address);

/// A past date is judged by the maps of today: adds a note for each that is younger.
void note_younger_maps(const store::Transaction& transaction, const Catalogue& catalogue,
                       const net::Address& address, UnixTime at, std::vector<std::string>& notes);

}  // namespace ostrakon::policy
