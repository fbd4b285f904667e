// The digest of a whole zone (ZONEMD, RFC 8976), by which a secondary sees that what it has is what
// was sent: the scheme SIMPLE with SHA-384.
//
// It goes over all records in canonical order. So it costs a walk through the zone, memory for all
// of its records and their sorting, for every serial anew.
#pragma once

#include "ostrakon/transfer/zone_records.hpp"

namespace ostrakon::transfer {

inline constexpr dns::RecordType kDigestType{63};  // ZONEMD

/// The ZONEMD record of the contents, made of all other records.
Record digest_record(Contents& contents);

/// Over records that somebody else has listed; all of them but the SOA and the digest itself.
Record digest_record(const zone::Zone& zone, std::uint32_t serial, std::vector<Record> records);

}  // namespace ostrakon::transfer
