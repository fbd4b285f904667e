#include "ostrakon/base/printable.hpp"

#include <fmt/format.h>
#include <cstdint>

namespace ostrakon {
namespace {

constexpr std::string_view kCutMark = "…";

struct Character {
    std::uint32_t code_point = 0;
    std::size_t size_bytes = 1;
    bool is_valid = false;
};

// Decodes the UTF-8 character at the front of `text`, which is not empty (RFC 3629 §4).
Character decode_front(std::string_view text) {
    const auto byte = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) {
        return {lead, 1, true};
    }
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < size) {
        return {};
    }
    std::uint32_t code_point = lead & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0) != 0x80) {
            return {};
        }
        code_point = code_point << 6 | (byte(i) & 0x3FU);
    }
    const bool is_overlong =
        (size == 3 && code_point < 0x800) || (size == 4 && code_point < 0x10000);
    const bool is_surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    if (is_overlong || is_surrogate || code_point > 0x10FFFF) {
        return {};
    }
    return {code_point, size, true};
}

// Characters that a terminal obeys or does not show: C1 controls, marks and overrides of direction,
// separators of lines, the byte order mark.
bool is_hidden(std::uint32_t c) {
    return (c >= 0x80 && c < 0xA0) || c == 0x061C || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

std::string spelled(std::string_view bytes, const Character& character) {
    if (!character.is_valid) {
        return fmt::format("\\x{:02X}", static_cast<std::uint8_t>(bytes.front()));
    }
    switch (character.code_point) {
        case '\t':
            return "\\t";
        case '\n':
            return "\\n";
        case '\r':
            return "\\r";
        default:
            break;
    }
    if (character.code_point < 0x20 || character.code_point == 0x7F) {
        return fmt::format("\\x{:02X}", character.code_point);
    }
    if (is_hidden(character.code_point)) {
        return fmt::format("\\u{:04X}", character.code_point);
    }
    return std::string{bytes};
}

}  // namespace

std::string printable(std::string_view text, std::size_t size_max) {
    std::string shown;
    std::size_t fits = 0;  // the longest beginning that leaves room for the mark
    while (!text.empty()) {
        const Character character = decode_front(text);
        shown += spelled(text.substr(0, character.size_bytes), character);
        if (shown.size() > size_max) {
            shown.resize(fits);
            return shown.append(kCutMark);
        }
        if (shown.size() + kCutMark.size() <= size_max) {
            fits = shown.size();
        }
        text.remove_prefix(character.size_bytes);
    }
    return shown;
}

}  // namespace ostrakon
