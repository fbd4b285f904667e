// The outer form of DNS messages, as far as a zone transfer needs it: ldns reads the records.
// Included by this module's sources only.
#pragma once

#include "ostrakon/dns/name.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ostrakon::fetch {

using Bytes = std::vector<std::uint8_t>;
using ByteSpan = std::span<const std::uint8_t>;

inline constexpr std::size_t kDnsHeaderSize = 12;
inline constexpr std::uint16_t kTypeSoa = 6;
inline constexpr std::uint16_t kTypeTsig = 250;
inline constexpr std::uint16_t kTypeAxfr = 252;

void put_16(Bytes& bytes, std::uint16_t value);
void put_48(Bytes& bytes, std::uint64_t value);
std::uint16_t read_16(ByteSpan bytes, std::size_t at);

/// A question of class IN, without recursion.
Bytes write_question(std::uint16_t id, const dns::Name& name, std::uint16_t type);

/// The TSIG record at the end of a message (RFC 8945 §4.2). The spans borrow the message.
struct TsigRecord {
    std::size_t begin = 0;  ///< Where the record begins.
    ByteSpan name, algorithm;
    std::uint64_t time = 0;
    std::uint16_t fudge = 0;
    ByteSpan mac;
    std::uint16_t original_id = 0;
    std::uint16_t error = 0;
    ByteSpan other;
};

struct MessageOutline {
    std::uint16_t id = 0;
    bool is_answer = false;
    bool is_truncated = false;
    unsigned rcode = 0;
    std::optional<TsigRecord> tsig;
};

/// Nothing where the message does not hold what its header says, or a TSIG record is not its last.
std::optional<MessageOutline> read_outline(ByteSpan message);

}  // namespace ostrakon::fetch
