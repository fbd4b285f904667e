// The outer form of DNS messages, as far as a zone transfer needs it: ldns reads the records.
// Included by this module's sources only.
#pragma once

#include "ostrakon/dns/name.hpp"
#include "ostrakon/tsig/record.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ostrakon::fetch {

using Bytes = std::vector<std::uint8_t>;
using ByteSpan = std::span<const std::uint8_t>;

inline constexpr std::uint16_t kTypeSoa = 6;
inline constexpr std::uint16_t kTypeAxfr = 252;

/// A question of class IN, without recursion.
Bytes write_question(std::uint16_t id, const dns::Name& name, std::uint16_t type);

struct MessageOutline {
    std::uint16_t id = 0;
    bool is_answer = false;
    bool is_truncated = false;
    unsigned rcode = 0;
    std::optional<tsig::Record> tsig;
};

/// Nothing where the message does not hold what its header says, or a TSIG record is not its last.
std::optional<MessageOutline> read_outline(ByteSpan message);

}  // namespace ostrakon::fetch
