// How rbldnsd spells addresses, prefixes and ranges, at the beginning of a line.
//
// Its grammar is laxer than net::parse_range in some places (1.2.3 is a /24, octets may have
// leading zeros) and stricter in others (an ip4set takes no /0). What stands behind the address is
// the caller's.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/net/address.hpp"

#include <optional>
#include <string_view>

namespace ostrakon::feed {

/// Why a line does not begin with addresses that its data set takes.
enum class AddressMistake : std::uint8_t {
    NotAnAddress,
    HostBitsSet,
    BareNumber,  ///< "10", where 10/8 or 0.0.0.10 may be meant.
    Everything,  ///< 0/0 in an ip4set.
    NotWhole,    ///< A prefix where whole addresses are wanted, or the other way round.
};

/// What kinds of ranges a data set takes.
enum class Ipv4Grammar : std::uint8_t {
    Ranges,     ///< ip4set: prefix, prefix/length, first-last.
    Prefixes,   ///< ip4trie: prefix, prefix/length.
    Addresses,  ///< ip4tset: four octets.
};
enum class Ipv6Grammar : std::uint8_t {
    Prefixes,   ///< ip6trie.
    Networks,   ///< ip6tset: four words, a /64.
    Addresses,  ///< Exclusions of an ip6tset: all eight words.
};

/// Takes addresses off the front of `line`.
Expected<net::Ipv4Range, AddressMistake> take_ipv4(std::string_view& line, Ipv4Grammar grammar);
Expected<net::Ipv6Range, AddressMistake> take_ipv6(std::string_view& line, Ipv6Grammar grammar);

/// Takes the A of a value off the front of `text`, with shortcuts as inet_aton has them: "5" is
/// 127.0.0.5, "127.5" is 127.0.0.5. Nothing if there is none, or 0.
std::optional<net::Ipv4> take_code(std::string_view& text);

/// Calls `visit` for each unit that `range` is cut into: the fewest whole /8, /16, /24 and /32, in
/// ascending order. In an ip4set the narrowest unit that holds an address decides.
template <class Visit>
void for_each_unit(net::Ipv4Range range, Visit&& visit) {
    constexpr int kUnitLengths[] = {8, 16, 24, 32};
    for (net::Ipv4 at = range.first;;) {
        for (const int length : kUnitLengths) {
            const net::Ipv4Range unit = net::prefix(at, length);
            if (unit.first == at && unit.last <= range.last) {
                visit(unit);
                at = unit.last;
                break;
            }
        }
        if (at >= range.last) {
            return;
        }
        ++at.bits;
    }
}

}  // namespace ostrakon::feed
