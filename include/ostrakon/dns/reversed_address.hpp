// Reads the address, or the part of one, that a client asks about out of a query name.
//
// A question about 192.0.2.1 arrives as 1.2.0.192.<zone>, one about 2001:db8::1 as 32 nibbles, and
// a resolver that minimises names asks for the parts first: 192.<zone>, 0.192.<zone>. This file
// undoes that spelling and nothing else: the responder has already removed the zone, and knows
// which reading of a name counts.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/dns/labels.hpp"
#include "ostrakon/net/address.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace ostrakon::dns {

/// Why labels do not spell an address.
enum class ReversedAddressError : std::uint8_t {
    TooFewLabels,
    TooManyLabels,
    BadOctet,   ///< Not a decimal number 0-255 written without leading zeros.
    BadNibble,  ///< Not one hexadecimal digit.
};

/// Returns the address that exactly 4 octets spell in reverse order.
Expected<net::Ipv4, ReversedAddressError> parse_reversed_ipv4(Labels labels) noexcept;

/// The same for the leftmost 4 labels of a question's name, which has as many; the quick way, which
/// does not say what is wrong.
std::optional<net::Ipv4> whole_ipv4(const QuestionName& name) noexcept;

/// Returns the address that exactly 32 nibbles spell in reverse order; upper and lower case are the
/// same.
Expected<net::Ipv6, ReversedAddressError> parse_reversed_ipv6(Labels labels) noexcept;

/// Returns the /8, /16 or /24 that 1 to 3 octets spell: all addresses whose names end in these
/// labels.
Expected<net::Ipv4Range, ReversedAddressError> parse_ipv4_cut(Labels labels) noexcept;

/// Returns the prefix of 4 to 124 bits that 1 to 31 nibbles spell.
Expected<net::Ipv6Range, ReversedAddressError> parse_ipv6_cut(Labels labels) noexcept;

/// Whether a name that ends in this label, in front of the zone, spells an address or a part of one
/// and can never be a domain: all digits, or one hexadecimal digit.
bool is_address_label(std::string_view label) noexcept;

/// Whether the label is 40 hexadecimal digits, as the SHA-1 of a mail address is.
bool is_hash_label(std::string_view label) noexcept;

}  // namespace ostrakon::dns
