// The names that a zone has by its configuration, whatever is listed: [a], the cuts to zones nested
// in it, and the names on the way to these.
#pragma once

#include "ostrakon/net/address.hpp"
#include "ostrakon/responder/respond.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::transfer {

/// What a zone has at one of its names. Names are in wire form, relative to the origin, without the
/// root's zero byte; empty: the origin.
struct FixedNode {
    std::uint32_t ttl_s = 0;
    std::vector<net::Ipv4> a;
    std::vector<net::Ipv6> aaaa;
    std::vector<std::string> ns;  ///< In wire form, absolute: of the zone that begins here.
    std::uint32_t ns_ttl_s = 0;

    bool is_cut() const { return !ns.empty(); }
    /// Whether nothing is looked up here as a listing.
    bool is_taken() const { return is_cut() || !a.empty() || !aaaa.empty(); }
};

class FixedNodes {
public:
    FixedNodes() = default;
    FixedNodes(const responder::Site& site, std::size_t zone);

    /// All of them, the addresses of name servers below a cut (glue) among them.
    const std::map<std::string, FixedNode, std::less<>>& nodes() const { return nodes_; }
    /// Names that have something of their own, or lie on the way to one that has; as
    /// dns::reversed_key; those that belong to addresses left out.
    const std::set<std::string>& name_keys() const { return name_keys_; }
    /// Addresses whose names are such ones: a whole address, or a block cut at octets or nibbles.
    const std::vector<net::Ipv4Range>& ipv4() const { return ipv4_; }
    const std::vector<net::Ipv6Range>& ipv6() const { return ipv6_; }

    /// Whether a listing can have records at this name: neither taken, nor at or below a cut.
    bool is_free(std::string_view owner) const;

private:
    void add_way_to(std::string_view owner);

    std::map<std::string, FixedNode, std::less<>> nodes_;
    std::set<std::string> name_keys_;
    std::vector<net::Ipv4Range> ipv4_;
    std::vector<net::Ipv6Range> ipv6_;
};

}  // namespace ostrakon::transfer
