// What the maps in use say together: the AS and country of an address, the addresses of an AS or
// country, and which of these have own listings.
#pragma once

#include "ostrakon/net/origin.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/map_contents.hpp"
#include "ostrakon/policy/subject.hpp"
#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/listing.hpp"
#include "ostrakon/store/transaction.hpp"

#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace ostrakon::policy {

/// Where an address comes from, and the map that says so.
struct FoundOrigin {
    net::Origin origin;
    MapId map = 0;
};

/// Asks the maps in use, the first that knows. Allocates nothing.
std::optional<FoundOrigin> origin_of(const store::Transaction& transaction,
                                     const Catalogue& catalogue, net::OriginKind kind,
                                     net::Ipv4 address) noexcept;
std::optional<FoundOrigin> origin_of(const store::Transaction& transaction,
                                     const Catalogue& catalogue, net::OriginKind kind,
                                     net::Ipv6 address) noexcept;

/// The ranges of a window whose origin is known, cut to it, ascending.
template <class A>
std::vector<MapRange<A>> origin_ranges(const store::Transaction& transaction,
                                       const Catalogue& catalogue, net::OriginKind kind,
                                       net::Range<A> window);
extern template std::vector<MapRange<net::Ipv4>> origin_ranges(const store::Transaction&,
                                                               const Catalogue&, net::OriginKind,
                                                               net::Ipv4Range);
extern template std::vector<MapRange<net::Ipv6>> origin_ranges(const store::Transaction&,
                                                               const Catalogue&, net::OriginKind,
                                                               net::Ipv6Range);

/// All addresses of one AS or country, ascending.
struct Expansion {
    std::vector<net::Ipv4Range> ipv4;
    std::vector<net::Ipv6Range> ipv6;

    bool empty() const { return ipv4.empty() && ipv6.empty(); }
    /// How many prefixes are needed to write it.
    std::uint64_t prefixes() const;
    /// IPv6 counted in /64.
    Coverage coverage() const;
    friend bool operator==(const Expansion&, const Expansion&) = default;
};
using Expansions = std::map<net::Origin, Expansion>;

/// Fills in the expansion of each origin that `expansions` has; one that no map knows is empty.
void expand(const store::Transaction& transaction, const Catalogue& catalogue,
            Expansions& expansions);

/// What is in one expansion and not in the other.
Expansion difference(const Expansion& from, const Expansion& without);

/// "12 prefixes, 4,096 addresses".
std::string to_string(const Expansion& expansion);

/// Every AS and country with an own listing that is active, and the ids of these.
std::map<net::Origin, std::vector<store::ListingId>> listed_origins(
    const store::Transaction& transaction);

/// Calls visit(id) for each own listing that an AS or country ever had. Allocates nothing.
template <class Visit>
void for_each_listing_of(const store::Transaction& transaction, const net::Origin& origin,
                         Visit&& visit);

/// The key of an origin in the table of subjects, on the stack.
class OriginKey {
public:
    static constexpr std::size_t kSizeMax = 16;
    explicit OriginKey(const net::Origin& origin) noexcept;
    std::string_view view() const noexcept { return {bytes_.data(), size_}; }

private:
    std::array<char, kSizeMax> bytes_{};
    std::size_t size_ = 0;
};

template <class Visit>
void for_each_listing_of(const store::Transaction& transaction, const net::Origin& origin,
                         Visit&& visit) {
    const auto ids = transaction.get(store::Table::Subjects, OriginKey{origin}.view());
    for (std::size_t at = 0; ids && at + sizeof(store::ListingId) <= ids->size();
         at += sizeof(store::ListingId)) {
        visit(store::load_raw<store::ListingId>(ids->data() + at));
    }
}

}  // namespace ostrakon::policy
