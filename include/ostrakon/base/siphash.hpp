// SipHash-2-4 (Aumasson, Bernstein 2012): a hash that nobody can foresee who does not know the key.
#pragma once

#include <cstdint>
#include <string_view>

namespace ostrakon {

/// 128 secret bits, as two words whose bytes are the key's, little-endian.
struct SipKey {
    std::uint64_t k0 = 0;
    std::uint64_t k1 = 0;
};

/// The 64-bit hash of these bytes. Its time depends on their number alone.
std::uint64_t siphash24(const SipKey& key, std::string_view bytes) noexcept;

}  // namespace ostrakon
