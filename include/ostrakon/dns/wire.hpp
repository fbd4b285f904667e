// Bytes of a message as numbers and as text: the only place where byte order and casts are written
// down.
//
// The caller has checked the bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ostrakon::dns {

constexpr std::uint16_t load_u16(const std::uint8_t* at) noexcept {
    return static_cast<std::uint16_t>(at[0] << 8 | at[1]);
}

constexpr std::uint32_t load_u32(const std::uint8_t* at) noexcept {
    return std::uint32_t{load_u16(at)} << 16 | load_u16(at + 2);
}

constexpr void store_u16(std::uint8_t* at, std::uint16_t value) noexcept {
    at[0] = static_cast<std::uint8_t>(value >> 8);
    at[1] = static_cast<std::uint8_t>(value);
}

constexpr void store_u32(std::uint8_t* at, std::uint32_t value) noexcept {
    store_u16(at, static_cast<std::uint16_t>(value >> 16));
    store_u16(at + 2, static_cast<std::uint16_t>(value));
}

/// The same bytes as text; borrows them.
inline std::string_view as_text(std::span<const std::uint8_t> bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace ostrakon::dns
