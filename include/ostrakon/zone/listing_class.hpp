// Classes: why something is listed. The built-in ones have fixed names and codes; a site may add
// its own.
#pragma once

#include "ostrakon/net/address.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace ostrakon::zone {

/// The class that is no block.
inline constexpr std::string_view kAllowClass = "allow";

struct BuiltInClass {
    std::string_view name;
    net::Ipv4 code;  ///< The A record where a zone's [codes] does not say otherwise.
};

inline constexpr std::array<BuiltInClass, 9> kBuiltInClasses{{
    {"ip", {0x7F000002}},
    {"isp", {0x7F000004}},
    {"domain", {0x7F000102}},
    {"country", {0x7F000005}},
    {"dynamic", {0x7F00000A}},
    {"misconfigured", {0x7F000006}},
    {"email", {0x7F000302}},
    {"upstream", {0x7F000003}},
    {kAllowClass, {0x7F000402}},
}};

/// The built-in sources, which a zone serves only when it names them.
inline constexpr std::string_view kDynamicNames = "dynamic-names";
inline constexpr std::array<std::string_view, 2> kBuiltInSources{kDynamicNames, "unknown-tld"};

/// Whether this is one of kBuiltInSources.
bool is_built_in_source(std::string_view name) noexcept;

/// The source of the site's own decisions.
inline constexpr std::string_view kOwnSource = "own";

/// Whether `code` may be an answer: in 127.0.0.0/8, not 127.0.0.1 and not in 127.255.255.0/24.
constexpr bool is_valid_code(net::Ipv4 code) noexcept {
    return code.bits >> 24 == 127 && code.bits != 0x7F000001 && code.bits >> 8 != 0x7FFFFF;
}

/// The default code of a built-in class, or nothing for any other name.
std::optional<net::Ipv4> built_in_code(std::string_view class_name) noexcept;

/// Whether text can name a class or a feed: 1 to 63 of a–z, 0–9, '-', '_' and '.', the first a
/// letter or digit.
bool is_valid_identifier(std::string_view text) noexcept;

}  // namespace ostrakon::zone
