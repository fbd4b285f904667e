#include "ostrakon/policy/origin_map.hpp"

#include "ostrakon/policy/listings.hpp"
#include "ostrakon/policy/map_ranges.hpp"
#include "ostrakon/policy/maps.hpp"
#include "range_steps.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <unordered_map>

namespace ostrakon::policy {
namespace {

using store::Table;

template <class A>
std::optional<FoundOrigin> find_origin(const store::Transaction& transaction,
                                       const Catalogue& catalogue, net::OriginKind kind,
                                       A address) noexcept {
    for (const MapId map : catalogue.maps_in_use(kind)) {
        if (const std::uint32_t number = map_number(transaction, {map, kind}, address)) {
            return FoundOrigin{{kind, number}, map};
        }
    }
    return std::nullopt;
}

template <class A>
std::vector<net::Range<A>>& ranges_of(Expansion& expansion) {
    if constexpr (std::is_same_v<A, net::Ipv4>) {
        return expansion.ipv4;
    } else {
        return expansion.ipv6;
    }
}

// Adds the ranges of one kind and family to the expansions of those origins that are asked for.
template <class A>
void expand_kind(const store::Transaction& transaction, const Catalogue& catalogue,
                 net::OriginKind kind,
                 const std::unordered_map<std::uint32_t, Expansion*>& wanted) {
    for (const auto& [range, number] :
         origin_ranges(transaction, catalogue, kind, net::everything<A>())) {
        if (const auto found = wanted.find(number); found != wanted.end()) {
            ranges_of<A>(*found->second).push_back(range);
        }
    }
}

// How many aligned blocks make up a range.
template <class A>
std::uint64_t prefixes_in(net::Range<A> range) {
    std::uint64_t count = 0;
    while (true) {
        int length = A::kWidth;
        while (length > 0 && net::prefix(range.first, length - 1).first == range.first &&
               net::prefix(range.first, length - 1).last <= range.last) {
            --length;
        }
        ++count;
        const A last = net::prefix(range.first, length).last;
        if (last == range.last) {
            return count;
        }
        range.first = next_to(last);
    }
}

template <class A>
std::vector<net::Range<A>> without(const std::vector<net::Range<A>>& from,
                                   const std::vector<net::Range<A>>& other) {
    std::vector<net::Range<A>> left;
    auto hole = other.begin();
    for (net::Range<A> range : from) {
        while (hole != other.end() && hole->last < range.first) {
            ++hole;
        }
        bool is_left = true;
        for (auto at = hole; is_left && at != other.end() && at->first <= range.last; ++at) {
            if (range.first < at->first) {
                left.push_back({range.first, previous_to(at->first)});
            }
            is_left = at->last < range.last;
            if (is_left) {
                range.first = next_to(at->last);
            }
        }
        if (is_left) {
            left.push_back(range);
        }
    }
    return left;
}

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return digits;
}

}  // namespace

std::optional<FoundOrigin> origin_of(const store::Transaction& transaction,
                                     const Catalogue& catalogue, net::OriginKind kind,
                                     net::Ipv4 address) noexcept {
    return find_origin(transaction, catalogue, kind, address);
}

std::optional<FoundOrigin> origin_of(const store::Transaction& transaction,
                                     const Catalogue& catalogue, net::OriginKind kind,
                                     net::Ipv6 address) noexcept {
    return find_origin(transaction, catalogue, kind, address);
}

template <class A>
std::vector<MapRange<A>> origin_ranges(const store::Transaction& transaction,
                                       const Catalogue& catalogue, net::OriginKind kind,
                                       net::Range<A> window) {
    std::vector<MapRange<A>> known;
    for (const MapId map : catalogue.maps_in_use(kind)) {
        auto ranges = map_ranges(transaction, {map, kind}, window);
        known = known.empty() ? std::move(ranges) : overlaid(known, ranges);
    }
    return known;
}
template std::vector<MapRange<net::Ipv4>> origin_ranges(const store::Transaction&, const Catalogue&,
                                                        net::OriginKind, net::Ipv4Range);
template std::vector<MapRange<net::Ipv6>> origin_ranges(const store::Transaction&, const Catalogue&,
                                                        net::OriginKind, net::Ipv6Range);

std::uint64_t Expansion::prefixes() const {
    std::uint64_t count = 0;
    for (const net::Ipv4Range range : ipv4) {
        count += prefixes_in(range);
    }
    for (const net::Ipv6Range range : ipv6) {
        count += prefixes_in(range);
    }
    return count;
}

Coverage Expansion::coverage() const {
    Coverage total;
    for (const net::Ipv4Range range : ipv4) {
        total += policy::coverage(Subject{range});
    }
    for (const net::Ipv6Range range : ipv6) {
        total += policy::coverage(Subject{range});
    }
    return total;
}

void expand(const store::Transaction& transaction, const Catalogue& catalogue,
            Expansions& expansions) {
    for (const net::OriginKind kind : net::kOriginKinds) {
        std::unordered_map<std::uint32_t, Expansion*> wanted;
        for (auto& [origin, expansion] : expansions) {
            if (origin.kind == kind) {
                expansion = {};
                wanted.emplace(origin.number, &expansion);
            }
        }
        if (!wanted.empty()) {
            expand_kind<net::Ipv4>(transaction, catalogue, kind, wanted);
            expand_kind<net::Ipv6>(transaction, catalogue, kind, wanted);
        }
    }
}

Expansion difference(const Expansion& from, const Expansion& other) {
    return {without(from.ipv4, other.ipv4), without(from.ipv6, other.ipv6)};
}

std::string to_string(const Expansion& expansion) {
    const std::uint64_t prefixes = expansion.prefixes();
    const std::uint64_t addresses = expansion.coverage().addresses;
    return fmt::format("{} prefix{}, {} address{}", grouped(prefixes), prefixes == 1 ? "" : "es",
                       grouped(addresses), addresses == 1 ? "" : "es");
}

std::map<net::Origin, std::vector<store::ListingId>> listed_origins(
    const store::Transaction& transaction) {
    std::map<net::Origin, std::vector<store::ListingId>> listed;
    store::Cursor cursor{transaction, Table::Subjects};
    for (const std::string_view start : {"AS", "country:"}) {
        for (bool more = cursor.seek(start); more && cursor.key().starts_with(start);
             more = cursor.next()) {
            const auto subject = parse_subject(cursor.key());
            const auto* origin = subject ? std::get_if<net::Origin>(&*subject) : nullptr;
            if (origin == nullptr) {
                continue;
            }
            for_each_listing_of(transaction, *origin, [&](store::ListingId id) {
                const auto listing = view_own_listing(transaction, id);
                if (listing && listing->state == store::ListingState::Active) {
                    listed[*origin].push_back(id);
                }
            });
        }
    }
    return listed;
}

OriginKey::OriginKey(const net::Origin& origin) noexcept {
    const std::string_view start = origin.kind == net::OriginKind::As ? "AS" : "country:";
    std::copy(start.begin(), start.end(), bytes_.begin());
    size_ = start.size();
    if (origin.kind == net::OriginKind::As) {
        const auto written =
            std::to_chars(bytes_.data() + size_, bytes_.data() + bytes_.size(), origin.number);
        size_ = static_cast<std::size_t>(written.ptr - bytes_.data());
    } else {
        bytes_[size_++] = static_cast<char>(origin.number >> 8);
        bytes_[size_++] = static_cast<char>(origin.number);
    }
}

}  // namespace ostrakon::policy
