// Maps: what is written is read back, whole and address by address.
#include "ostrakon/policy/maps.hpp"

#include "database.hpp"
#include "ostrakon/policy/map_ranges.hpp"
#include "ostrakon/policy/origin_map.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <random>

namespace ostrakon::policy {
namespace {

template <class A>
std::uint32_t number_in(const std::vector<MapRange<A>>& ranges, A address) {
    std::uint32_t number = 0;
    typename A::Bits width = 0;
    for (const auto& [range, of] : ranges) {
        const auto own_width = static_cast<typename A::Bits>(range.last.bits - range.first.bits);
        if (range.contains(address) && (number == 0 || own_width <= width)) {
            number = of;
            width = own_width;
        }
    }
    return number;
}

// Ranges that lie over and in each other, some at the ends of the space.
template <class A>
std::vector<MapRange<A>> random_ranges(std::mt19937& random, std::size_t count) {
    std::vector<MapRange<A>> ranges;
    const auto bits = [&] {
        typename A::Bits all = 0;
        for (int i = 0; i < A::kWidth / 32; ++i) {
            all = static_cast<typename A::Bits>(all << 16 << 16 | random());
        }
        return random() % 20 == 0 ? (random() % 2 == 0 ? typename A::Bits{0}
                                                       : static_cast<typename A::Bits>(~all | all))
                                  : all;
    };
    while (ranges.size() < count) {
        const A first{bits()};
        const net::Range<A> block =
            net::prefix(first, static_cast<int>(random() % (A::kWidth + 1)));
        const A other{bits()};
        const net::Range<A> range =
            random() % 4 == 0 ? net::Range<A>{std::min(first, other), std::max(first, other)}
                              : block;
        ranges.push_back({range, static_cast<std::uint32_t>(random() % 5 + 1)});
    }
    return ranges;
}

template <class A>
std::vector<A> places_of_interest(const std::vector<MapRange<A>>& ranges) {
    std::vector<A> places{net::everything<A>().first, net::everything<A>().last};
    for (const auto& [range, number] : ranges) {
        for (const int step : {-1, 0, 1}) {
            places.push_back(A{static_cast<typename A::Bits>(range.first.bits + step)});
            places.push_back(A{static_cast<typename A::Bits>(range.last.bits + step)});
        }
    }
    return places;
}

template <class A>
void expect_round_trip(store::Environment& environment, unsigned seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random{seed};
    for (int round = 0; round < 4; ++round) {
        const auto ranges = random_ranges<A>(random, round == 3 ? 0 : 150);
        const auto flat = flattened(ranges);
        auto transaction = store::WriteTransaction::begin(environment);
        const MapPartId part{7, net::OriginKind::As};
        write_map(*transaction, part, flat);
        EXPECT_EQ(map_ranges(*transaction, part, net::everything<A>()), flat);
        for (const A place : places_of_interest(ranges)) {
            const std::uint32_t number = number_in(ranges, place);
            EXPECT_EQ(number_in(flat, place), number);
            EXPECT_EQ(map_number(*transaction, part, place), number);
            const auto found = map_ranges(*transaction, part, net::Range<A>{place, place});
            EXPECT_EQ(number_in(found, place), number);
        }
        store::Cursor cursor{*transaction, store::Table::MapBlocks};
        for (bool more = cursor.first(); more; more = cursor.next()) {
            EXPECT_TRUE(is_map_block(cursor.key(), cursor.value()));
            EXPECT_FALSE(is_map_block(cursor.key(), cursor.value().substr(1)));
        }
        EXPECT_EQ(transaction->count(store::Table::MapBlocks) == 0, flat.empty());
        ASSERT_TRUE(transaction->commit());
    }
}

using MapTest = DatabaseTest;

TEST_F(MapTest, IsReadAsItWasWritten) {
    for (unsigned seed = 1; seed <= 6; ++seed) {
        expect_round_trip<net::Ipv4>(*environment_, seed);
        expect_round_trip<net::Ipv6>(*environment_, seed);
    }
}

template <class A>
void expect_overlay(unsigned seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random{seed};
    const auto first = flattened(random_ranges<A>(random, 40));
    auto holed = first;
    std::erase_if(holed, [&](const auto&) { return random() % 2 == 0; });
    const auto second = flattened(random_ranges<A>(random, 40));
    const auto both = overlaid(holed, second);
    for (std::size_t i = 1; i < both.size(); ++i) {
        EXPECT_LT(both[i - 1].range.last, both[i].range.first);
    }
    for (const auto* ranges : {&first, &second}) {
        for (const A place : places_of_interest(*ranges)) {
            const std::uint32_t known = number_in(holed, place);
            EXPECT_EQ(number_in(both, place), known != 0 ? known : number_in(second, place));
        }
    }
}

TEST_F(MapTest, OfSeveralIsTheFirstThatKnows) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        expect_overlay<net::Ipv4>(seed);
        expect_overlay<net::Ipv6>(seed);
    }
}

net::Ipv4Range range4(std::string_view text) {
    return std::get<net::Ipv4Range>(*parse_subject(text));
}

TEST(Expansion, CountsPrefixesAndAddresses) {
    Expansion expansion;
    expansion.ipv4 = {range4("192.0.2.0-192.0.2.95"), range4("198.51.100.1-198.51.100.6")};
    expansion.ipv6 = {std::get<net::Ipv6Range>(*parse_subject("2001:db8::/62"))};
    EXPECT_EQ(to_string(expansion), "7 prefixes, 106 addresses");
    Expansion all;
    all.ipv4 = {net::everything<net::Ipv4>()};
    EXPECT_EQ(to_string(all), "1 prefix, 4,294,967,296 addresses");
    EXPECT_EQ(to_string(Expansion{}), "0 prefixes, 0 addresses");
}

TEST(Expansion, HasADifference) {
    Expansion from;
    from.ipv4 = {range4("192.0.2.0-192.0.2.99"), range4("198.51.100.0/24")};
    Expansion other;
    other.ipv4 = {range4("192.0.2.10-192.0.2.19"), range4("192.0.2.30-198.51.100.3")};
    EXPECT_EQ(difference(from, other).ipv4,
              (std::vector{range4("192.0.2.0-192.0.2.9"), range4("192.0.2.20-192.0.2.29"),
                           range4("198.51.100.4-198.51.100.255")}));
    EXPECT_TRUE(difference(from, from).empty());
}

}  // namespace
}  // namespace ostrakon::policy
