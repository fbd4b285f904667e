// Writes what was decided as records: codes, texts, addresses, the apex, and the SOA of negative
// answers.
//
// A record that does not fit is the message writer's to remember; TC or a shorter answer is decided
// at the very end.
#pragma once

#include "ostrakon/responder/exchange.hpp"
#include "ostrakon/verdict/judge.hpp"

#include <string_view>

namespace ostrakon::responder {

void write_codes(Exchange& exchange, std::span<const net::Ipv4> codes,
                 std::uint32_t ttl_s) noexcept;

/// One TXT record.
void write_text(Exchange& exchange, std::string_view text, std::uint32_t ttl_s,
                dns::RecordClass record_class = dns::RecordClass::In) noexcept;

/// The A or AAAA records of a node at the question's name; false, and nothing written, if it has
/// none of this type. ANY gets one of both (RFC 8482 §4.1).
bool write_addresses(Exchange& exchange, const Node& node) noexcept;

void write_name_servers(Exchange& exchange, const PreparedZone& zone) noexcept;

/// The zone's SOA, with the serial of the snapshot; there is one.
void write_soa(Exchange& exchange, const PreparedZone& zone, dns::Section section,
               std::uint32_t ttl_s) noexcept;

}  // namespace ostrakon::responder
