// Addresses, prefixes and ranges as values: what they are and how people write them.
//
// Not how a query name spells them; that is dns/reversed_address.hpp.
#pragma once

#include "ostrakon/base/result.hpp"

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace ostrakon::net {

__extension__ using Uint128 = unsigned __int128;

/// An IPv4 address; `bits` in host byte order, so that 192.0.2.1 is 0xC0000201.
struct Ipv4 {
    using Bits = std::uint32_t;
    static constexpr int kWidth = 32;
    Bits bits = 0;
    friend constexpr auto operator<=>(Ipv4, Ipv4) = default;
};

/// An IPv6 address; `bits` in host byte order, so that ::1 is 1.
struct Ipv6 {
    using Bits = Uint128;
    static constexpr int kWidth = 128;
    Bits bits = 0;
    friend constexpr bool operator==(Ipv6, Ipv6) = default;
    friend constexpr std::strong_ordering operator<=>(Ipv6 a, Ipv6 b) {
        return a.bits < b.bits   ? std::strong_ordering::less
               : a.bits > b.bits ? std::strong_ordering::greater
                                 : std::strong_ordering::equal;
    }
};

/// All addresses from `first` to `last`, both included; first ≤ last.
template <class A>
struct Range {
    A first;
    A last;
    friend constexpr auto operator<=>(Range, Range) = default;
    constexpr bool contains(A address) const { return first <= address && address <= last; }
    constexpr bool contains(Range other) const { return first <= other.first && other.last <= last; }
    constexpr bool overlaps(Range other) const { return first <= other.last && other.first <= last; }
};
using Ipv4Range = Range<Ipv4>;
using Ipv6Range = Range<Ipv6>;

using Address = std::variant<Ipv4, Ipv6>;
using AddressRange = std::variant<Ipv4Range, Ipv6Range>;

/// The whole space of one family.
template <class A>
constexpr Range<A> everything() {
    return {A{0}, A{static_cast<typename A::Bits>(~typename A::Bits{0})}};
}

/// The block of 2^(width - length) addresses that holds `address`; 0 ≤ length ≤ width.
template <class A>
constexpr Range<A> prefix(A address, int length) {
    using Bits = typename A::Bits;
    const Bits host = length == 0 ? static_cast<Bits>(~Bits{0})
                                  : static_cast<Bits>((Bits{1} << (A::kWidth - length)) - 1);
    return {A{static_cast<Bits>(address.bits & static_cast<Bits>(~host))}, A{static_cast<Bits>(address.bits | host)}};
}

/// The length of the prefix that `range` is, or nothing if it is none.
template <class A>
constexpr std::optional<int> prefix_length(Range<A> range) {
    for (int length = A::kWidth; length >= 0; --length) {
        const Range<A> block = prefix(range.first, length);
        if (block == range) {
            return length;
        }
        if (block.first != range.first || block.last > range.last) {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

/// ::ffff:0:0/96, the IPv6 spelling of the IPv4 space (RFC 4291 §2.5.5.2).
inline constexpr Ipv6Range kMappedIpv4{Ipv6{Uint128{0xFFFF} << 32}, Ipv6{(Uint128{0xFFFF} << 32) | 0xFFFF'FFFF}};

/// Returns the IPv4 address that `address` maps, if it lies in ::ffff:0:0/96.
constexpr std::optional<Ipv4> mapped_ipv4(Ipv6 address) {
    if (!kMappedIpv4.contains(address)) {
        return std::nullopt;
    }
    return Ipv4{static_cast<std::uint32_t>(address.bits)};
}

/// Reads four octets without leading zeros.
std::optional<Ipv4> parse_ipv4(std::string_view text);

/// Reads RFC 4291 §2.2 text, without a zone id. A mapped address stays as it is.
std::optional<Ipv6> parse_ipv6(std::string_view text);

/// Reads either family; ::ffff:192.0.2.7 becomes 192.0.2.7.
std::optional<Address> parse_address(std::string_view text);

/// Why text is not an address, prefix or range.
enum class RangeError : std::uint8_t {
    NotAnAddress,
    BadLength,    ///< The part behind the slash is not a prefix length of this family.
    HostBitsSet,  ///< 192.0.2.1/24.
    Reversed,     ///< The end lies before the start.
    MixedFamilies,
};

/// Reads an address, a prefix or FIRST-LAST. Mapped IPv4 becomes IPv4 (a prefix of at least /96 too).
Expected<AddressRange, RangeError> parse_range(std::string_view text);

std::string to_string(Ipv4 address);
/// RFC 5952 text.
std::string to_string(Ipv6 address);
std::string to_string(const Address& address);

/// Writes a range as briefly as parse_range reads it: address, prefix, or FIRST-LAST.
std::string to_string(Ipv4Range range);
std::string to_string(Ipv6Range range);
std::string to_string(const AddressRange& range);

/// 16 bytes, most significant first.
std::array<std::uint8_t, 16> to_bytes(Ipv6 address);
Ipv6 ipv6_from_bytes(const std::uint8_t* bytes);

}  // namespace ostrakon::net
