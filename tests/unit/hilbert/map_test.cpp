// Addresses on a map: each in its cell, none twice, whatever part of the space is shown.
#include "ostrakon/hilbert/map.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

namespace ostrakon::hilbert {
namespace {

net::Ipv4Range range_of(std::string_view text) {
    return std::get<net::Ipv4Range>(*net::parse_range(text));
}

TEST(HilbertMap, TakesSquaresAlone) {
    for (const char* const good : {"0.0.0.0/0", "192.0.0.0/8", "192.0.2.0/24", "128.0.0.0/2"}) {
        EXPECT_TRUE(check_square(range_of(good))) << good;
    }
    for (const char* const bad :
         {"192.0.0.0/9", "192.0.2.0/26", "192.0.2.7", "0.0.0.0/1", "192.0.2.1-192.0.2.9"}) {
        const auto checked = check_square(range_of(bad));
        ASSERT_FALSE(checked) << bad;
        EXPECT_THAT(message(checked.error()), testing::HasSubstr(bad));
    }
    EXPECT_THAT(message(check_square(range_of("192.0.0.0/9")).error()),
                testing::HasSubstr("192.0.0.0/8 is one"));
}

TEST(HilbertMap, CountsEveryAddressInItsCell) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    for (const char* const shown : {"0.0.0.0/0", "192.0.0.0/8", "192.0.0.0/16", "192.0.2.0/24"}) {
        SCOPED_TRACE(shown);
        const net::Ipv4Range square = range_of(shown);
        Map map{square};
        std::map<std::uint64_t, std::uint64_t> expected;  // cell → addresses
        std::uint64_t total = 0;
        std::uint64_t at = square.first.bits;
        for (int i = 0; i < 100; ++i) {  // disjoint, ascending
            at += random() % 300;
            const std::uint64_t last = at + random() % 5000;
            if (last > square.last.bits) {
                break;
            }
            map.add({net::Ipv4{static_cast<std::uint32_t>(at)},
                     net::Ipv4{static_cast<std::uint32_t>(last)}},
                    static_cast<std::size_t>(i % 3));
            for (std::uint64_t address = at; address <= last; ++address) {
                ++expected[(address - square.first.bits) / map.cell_size()];
            }
            total += last - at + 1;
            at = last + 1;
        }
        EXPECT_EQ(map.total(0) + map.total(1) + map.total(2), total);
        for (std::uint32_t index = 0; index < map.cells(); ++index) {
            const auto found = expected.find(index);
            ASSERT_EQ(map.content(index).addresses, found == expected.end() ? 0 : found->second);
        }
    }
}

TEST(HilbertMap, LeavesOutWhatItDoesNotShow) {
    Map map{range_of("192.0.2.0/24")};
    map.add(range_of("192.0.1.0/24"), 0);
    map.add(range_of("0.0.0.0/0"), 1);
    EXPECT_EQ(map.total(0), 0U);
    EXPECT_EQ(map.total(1), 256U);
    EXPECT_EQ(map.side(), 16U);
    EXPECT_EQ(map.cell_size(), 1U);
}

TEST(HilbertMap, ShowsWhatMostOfACellIs) {
    Map map{range_of("0.0.0.0/0")};
    map.add(range_of("192.0.2.0/24"), 0);
    map.add(range_of("192.0.4.0/22"), 2);
    const auto index = static_cast<std::uint32_t>(range_of("192.0.0.0/20").first.bits / 4096);
    EXPECT_EQ(map.content(index).kind, 2U);
    EXPECT_EQ(map.content(index).addresses, 1280U);
}

// A part of the space is the same picture, only larger.
TEST(HilbertMap, TurnsNoPartOfIt) {
    const Map whole{range_of("0.0.0.0/0")};
    const Map part{range_of("192.0.0.0/8")};
    const auto first = static_cast<std::uint32_t>(part.square().first.bits / whole.cell_size());
    const Cell corner{whole.place(first).x & ~63U, whole.place(first).y & ~63U};
    for (std::uint32_t index = 0; index < part.cells(); index += 97) {
        const Cell small = whole.place(first + index / 256);
        const Cell large = part.place(index);
        ASSERT_EQ((Cell{small.x - corner.x, small.y - corner.y}),
                  (Cell{large.x / 16, large.y / 16}));
    }
}

}  // namespace
}  // namespace ostrakon::hilbert
