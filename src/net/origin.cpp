#include "ostrakon/net/origin.hpp"

#include <charconv>

namespace ostrakon::net {
namespace {

constexpr bool is_capital(std::uint32_t letter) {
    return letter >= 'A' && letter <= 'Z';
}

constexpr char capital(char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter & ~0x20) : letter;
}

}  // namespace

std::optional<Origin> parse_as_number(std::string_view text) {
    if (text.size() > 2 && capital(text[0]) == 'A' && capital(text[1]) == 'S') {
        text.remove_prefix(2);
    }
    Origin origin{OriginKind::As, 0};
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), origin.number);
    if (error != std::errc{} || end != text.data() + text.size() || text.front() == '0') {
        return std::nullopt;
    }
    return origin;
}

std::optional<Origin> parse_country(std::string_view text) {
    if (text.size() != 2) {
        return std::nullopt;
    }
    const Origin origin{OriginKind::Country, static_cast<std::uint32_t>(capital(text[0])) << 8 |
                                                 static_cast<std::uint8_t>(capital(text[1]))};
    return is_origin(origin) ? std::optional{origin} : std::nullopt;
}

bool is_origin(const Origin& origin) {
    return origin.kind == OriginKind::As
               ? origin.number != 0
               : is_capital(origin.number >> 8) && is_capital(origin.number & 0xFF);
}

std::string to_string(const Origin& origin) {
    if (origin.kind == OriginKind::As) {
        return "AS" + std::to_string(origin.number);
    }
    return {'c',
            'o',
            'u',
            'n',
            't',
            'r',
            'y',
            ':',
            static_cast<char>(origin.number >> 8),
            static_cast<char>(origin.number & 0xFF)};
}

}  // namespace ostrakon::net
