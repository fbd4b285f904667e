#include "utf8.hpp"

#include <cstdint>

namespace ostrakon::web {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Character {
    std::uint32_t code = 0;
    std::size_t size = 0;  // 0: no UTF-8 begins here
};

Character first_of(std::string_view bytes) {
    const auto byte = [bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned first = byte(0);
    if (first < 0x80U) {
        return {first, 1};
    }
    const std::size_t size = first >= 0xF0U ? 4 : first >= 0xE0U ? 3 : 2;
    if (first < 0xC2U || first > 0xF4U || bytes.size() < size) {
        return {};
    }
    std::uint32_t code = first & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) {
            return {};
        }
        code = (code << 6U) | (byte(i) & 0x3FU);
    }
    const bool is_overlong = (size == 3 && code < 0x800U) || (size == 4 && code < 0x10000U);
    const bool is_surrogate = code >= 0xD800U && code <= 0xDFFFU;
    return is_overlong || is_surrogate || code > 0x10FFFFU ? Character{} : Character{code, size};
}

bool is_shown(std::uint32_t code) {
    const bool is_control =
        (code < 0x20U && code != '\n' && code != '\t') || (code >= 0x7FU && code < 0xA0U);
    const bool turns_writing = (code >= 0x202AU && code <= 0x202EU) ||
                               (code >= 0x2066U && code <= 0x2069U) || code == 0x200EU ||
                               code == 0x200FU || code == 0x061CU;
    return !is_control && !turns_writing;
}

}  // namespace

std::string only_utf8(std::string_view bytes) {
    std::string valid;
    valid.reserve(bytes.size());
    while (!bytes.empty()) {
        const Character character = first_of(bytes);
        if (character.code == '\r') {  // forms send CRLF
            bytes.remove_prefix(1);
            continue;
        }
        if (character.size == 0 || !is_shown(character.code)) {
            valid += kReplacement;
            bytes.remove_prefix(character.size == 0 ? 1 : character.size);
            continue;
        }
        valid += bytes.substr(0, character.size);
        bytes.remove_prefix(character.size);
    }
    return valid;
}

}  // namespace ostrakon::web
