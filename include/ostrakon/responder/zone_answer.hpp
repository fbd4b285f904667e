// What a zone answers to a question in it.
//
// For one name: [a], then a zone nested in this one, then the test points of RFC 5782, then what is
// listed. Whether the client may ask at all has been settled before.
#pragma once

#include "ostrakon/responder/exchange.hpp"

namespace ostrakon::responder {

/// Answers out of `zone`, the one with the longest origin that the question's name ends in.
void answer_in_zone(Exchange& exchange, const PreparedZone& zone) noexcept;

/// Answers with the SOA of a zone or the catalog.
void answer_apex_soa(Exchange& exchange, const PreparedZone& zone) noexcept;

/// Answers what the catalog has at its origin: SOA and NS.
void answer_catalog(Exchange& exchange, const PreparedZone& catalog) noexcept;

/// Answers that the name exists and has nothing of this type, as the zone around a nested one does
/// for the DS of its origin.
void answer_no_data(Exchange& exchange, const PreparedZone& zone) noexcept;

}  // namespace ostrakon::responder
