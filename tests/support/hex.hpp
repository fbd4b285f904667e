// Bytes written as hexadecimal digits.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::test {

/// "0a1b" → two bytes; a digit that is none counts as 0.
inline std::vector<std::uint8_t> from_hex(std::string_view digits) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::vector<std::uint8_t> bytes;
    for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
        const auto high = kDigits.find(digits[at]) % 16;
        const auto low = kDigits.find(digits[at + 1]) % 16;
        bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
    }
    return bytes;
}

inline std::string to_hex(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string digits;
    for (const std::uint8_t byte : bytes) {
        digits += kDigits[byte >> 4];
        digits += kDigits[byte & 15];
    }
    return digits;
}

}  // namespace ostrakon::test
