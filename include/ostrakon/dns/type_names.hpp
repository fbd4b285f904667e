// The names of record types and rcodes, as master files and logs have them.
#pragma once

#include "ostrakon/dns/protocol.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::dns {

/// "A", "TYPE65280".
std::string type_name(RecordType type);
/// Reads that, in any case.
std::optional<RecordType> parse_type(std::string_view text);

/// "NXDOMAIN"; "RCODE12" where it has no name here.
std::string rcode_name(Rcode rcode);

}  // namespace ostrakon::dns
