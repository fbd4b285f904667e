// What a block list may hold: addresses, prefixes and names drawn by a seed, the same ones in every
// run.
//
// No listing lies within another, so that servers with different rules of precedence must agree.
#pragma once

#include "ostrakon/net/address.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace ostrakon::bench {

/// How many of each there are.
struct Size {
    std::string_view name;
    std::size_t addresses;
    std::size_t prefixes;
    std::size_t ipv6_prefixes;
    std::size_t names;
};

/// S, M or L.
std::optional<Size> find_size(std::string_view name);

/// Of everything that is drawn.
inline constexpr std::uint64_t kListingsSeed = 20261122;

class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}
    /// 0 to `limit` - 1, a little uneven where `limit` is large.
    std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
    bool one_in(std::uint64_t chances) { return below(chances) == 0; }
    std::uint64_t bits() { return engine_(); }
    template <class T>
    const T& one_of(const std::vector<T>& items) {
        return items[below(items.size())];
    }

private:
    std::mt19937_64 engine_;
};

struct Name {
    std::string text;
    bool with_all_below;
};

/// A global unicast address that is not private, as most questions are about.
net::Ipv4 draw_public_address(Random& random);
/// A name as listed ones are.
std::string draw_name(Random& random);

class Listings {
public:
    Listings(const Size& size, Random& random);

    const std::vector<net::Ipv4>& addresses() const { return addresses_; }
    const std::vector<net::Ipv4Range>& prefixes() const { return prefixes_; }
    /// Each a /64.
    const std::vector<net::Ipv6Range>& ipv6_prefixes() const { return ipv6_prefixes_; }
    const std::vector<Name>& names() const { return names_; }

    bool is_listed(net::Ipv4 address) const { return listed_[address.bits]; }
    bool is_listed(net::Ipv6 address) const {
        return listed_64_.contains(static_cast<std::uint64_t>(address.bits >> 64));
    }
    bool is_listed(const std::string& name) const { return listed_names_.contains(name); }

    /// A /64 near listed ones, perhaps one of them.
    net::Ipv6Range draw_ipv6_prefix(Random& random) const;

private:
    void draw_prefixes(std::size_t count, Random& random);
    void draw_addresses(std::size_t count, Random& random);
    void draw_ipv6_prefixes(std::size_t count, Random& random);
    void draw_names(std::size_t count, Random& random);
    void list(net::Ipv4Range range);

    std::vector<net::Ipv4> addresses_;
    std::vector<net::Ipv4Range> prefixes_;
    std::vector<net::Ipv6Range> ipv6_prefixes_;
    std::vector<Name> names_;
    std::vector<std::uint32_t> busy_networks6_;  ///< The /32 that the IPv6 prefixes lie in.
    std::vector<bool> listed_;                   ///< A bit an address.
    std::unordered_set<std::uint64_t> listed_64_;
    std::unordered_set<std::string> listed_names_;
};

}  // namespace ostrakon::bench
