// Counts the answers that each network of clients gets in each second. All workers count together,
// since the questions of one network come to all of them.
//
// A fixed table without locks. A network has one of the eight places of a set, which fill a cache
// line; which set it is depends on chance, so that nobody can choose networks that share one. What
// was counted in an earlier second is no longer needed; where a set is full of this second's, the
// place of the network with the fewest answers is taken. Thus a network that gets many answers
// keeps its place, however many others are made up.
#pragma once

#include "ostrakon/net/address.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace ostrakon::server {

/// A network of clients as a number. `low` is 0 for all but IPv6 networks longer than /64.
struct ClientNetwork {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    friend constexpr bool operator==(const ClientNetwork&, const ClientNetwork&) = default;
};

class RateTable {
public:
    /// Sets of eight networks: room for 131,072 in one second, in a mebibyte.
    static constexpr std::size_t kSetsDefault = std::size_t{1} << 14;
    /// Counting ends here; more would not fit.
    static constexpr std::uint32_t kCountMax = (std::uint32_t{1} << 20) - 576;

    /// `sets` is a power of two, at least 2.
    explicit RateTable(std::size_t sets = kSetsDefault);

    /// Counts an answer that this network gets in this second, and returns how many those are. Any
    /// thread. Answers that two threads count at the same moment when a network appears or a second
    /// begins may count as one.
    std::uint32_t count(const ClientNetwork& network, std::int64_t second) noexcept {
        const std::uint64_t hash = hash_of(network);
        // Tag of the network, second, count: 32, 12 and 20 bits.
        const std::uint64_t first =
            hash << 32 | (static_cast<std::uint64_t>(second) << kCountBits & kSecondMask) | 1;
        Set& set = sets_[hash >> set_shift_];
        const std::size_t home = hash >> 32 & (kWays - 1);
        Place& place = set.places[home];
        const std::uint64_t word = place.load(std::memory_order_relaxed);
        if (word >> kCountBits == first >> kCountBits) {
            return add(place, word);
        }
        return count_anew(set, home, first);
    }

private:
    static constexpr std::size_t kWays = 8;
    static constexpr int kCountBits = 20;
    static constexpr std::uint64_t kCountMask = (std::uint64_t{1} << kCountBits) - 1;
    static constexpr std::uint64_t kSecondMask = 0xFFF00000;

    using Place = std::atomic<std::uint64_t>;
    struct alignas(64) Set {
        std::array<Place, kWays> places;
    };

    // A product of sums with random numbers (NH of UMAC, RFC 4418 §5.2.2), in which hardly any two
    // networks are equal. Then its bits are mixed, since networks that follow each other would fill
    // the sets unevenly.
    std::uint64_t hash_of(const ClientNetwork& network) const noexcept {
        const net::Uint128 product =
            net::Uint128{network.high + secrets_[0]} * (network.low + secrets_[1]);
        const auto hash =
            static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
        return (hash ^ hash >> 32) * 0x9E3779B97F4A7C15U;
    }

    static std::uint32_t add(Place& place, std::uint64_t word) noexcept {
        if ((word & kCountMask) >= kCountMax) {
            return kCountMax;
        }
        return static_cast<std::uint32_t>(
            (place.fetch_add(1, std::memory_order_relaxed) & kCountMask) + 1);
    }

    static std::uint32_t count_anew(Set& set, std::size_t home, std::uint64_t first) noexcept;

    std::array<std::uint64_t, 2> secrets_;
    int set_shift_;
    std::unique_ptr<Set[]> sets_;
};

}  // namespace ostrakon::server
