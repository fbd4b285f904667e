// A 64-bit hash of bytes, for finding equal contents in the database; equality is always checked.
#pragma once

#include <cstdint>
#include <string_view>

namespace ostrakon::policy {

/// FNV-1a, 64 bits.
constexpr std::uint64_t content_hash(std::string_view bytes) noexcept {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const char c : bytes) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
    }
    return hash;
}

}  // namespace ostrakon::policy
