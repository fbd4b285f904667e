// Where an address comes from, as values: the AS that announces it, the country it was given to.
//
// Which addresses come from where is said by maps: policy/maps.hpp.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::net {

enum class OriginKind : std::uint8_t { As, Country };
inline constexpr OriginKind kOriginKinds[] = {OriginKind::As, OriginKind::Country};

/// An AS by its number, or a country by its two letters, "DE" as 0x4445. Number 0 is none.
struct Origin {
    OriginKind kind = OriginKind::As;
    std::uint32_t number = 0;
    friend constexpr auto operator<=>(const Origin&, const Origin&) = default;
};

/// Reads the number of an AS, 1 to 4294967295, without leading zeros; with `AS` in front or not.
std::optional<Origin> parse_as_number(std::string_view text);

/// Reads the two letters of a country (ISO 3166-1 alpha-2, or one of the registries' own as EU).
std::optional<Origin> parse_country(std::string_view text);

/// Whether a number of this kind is one that parse_as_number or parse_country gives.
bool is_origin(const Origin& origin);

/// "AS64500", "country:DE".
std::string to_string(const Origin& origin);

}  // namespace ostrakon::net
