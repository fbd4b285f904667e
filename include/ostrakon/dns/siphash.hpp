// SipHash-2-4, the keyed hash of server cookies (RFC 9018 §4.4).
//
// For messages of a few dozen bytes. It is here because none of the libraries that the server links
// has it; a table that needs a quick hash wants another one.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace ostrakon::dns {

/// 128 bits, as they are written in a file or an RFC, from left to right.
using SipHashKey = std::array<std::uint8_t, 16>;

/// The hash of `message`. Its first byte on the wire is the lowest one of the result.
std::uint64_t siphash24(const SipHashKey& key, std::span<const std::uint8_t> message) noexcept;

}  // namespace ostrakon::dns
