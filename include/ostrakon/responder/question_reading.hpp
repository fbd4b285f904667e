// What the labels in front of a zone's origin may mean. A name can have several readings at
// once: 1.0.0.2 is the address 2.0.0.1, and it is also what a resolver asks on its way to every
// address in 2001::/16.
//
// Which kinds the zone serves, and what is listed, is judged elsewhere.
#pragma once

#include "ostrakon/dns/labels.hpp"
#include "ostrakon/net/address.hpp"

#include <cstddef>
#include <optional>

namespace ostrakon::responder {

/// All readings of one name. None at all: such a name cannot exist.
struct QuestionReading {
    std::optional<net::Ipv4> ipv4;           ///< Exactly 4 octets.
    std::optional<net::Ipv6> ipv6;           ///< Exactly 32 nibbles.
    std::optional<net::Ipv4Range> ipv4_cut;  ///< 1 to 3 octets.
    std::optional<net::Ipv6Range>
        ipv6_cut;          ///< 1 to 31 nibbles; with 4 of them ipv4 may be set, too.
    bool is_hash = false;  ///< A mail address: one label of 40 hexadecimal digits.
    bool is_name = false;
    /// A domain may lie below these labels: not where the last of them belongs to an address.
    bool may_precede_name = false;

    /// Takes the readings of the leftmost `count` labels of `name`, at least one.
    void read(const dns::QuestionName& name, std::size_t count) noexcept;
    /// Forgets them.
    void clear() noexcept {
        ipv4.reset();
        ipv6.reset();
        ipv4_cut.reset();
        ipv6_cut.reset();
        is_hash = false;
        is_name = false;
        may_precede_name = false;
    }
};

}  // namespace ostrakon::responder
