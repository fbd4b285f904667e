// Blocks of the IPv6 index against a search through a plain list.
#include "ostrakon/store/ipv6_block.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace ostrakon::store {
namespace {

net::Ipv6 random_address(std::mt19937_64& random) {
    return {static_cast<net::Uint128>(random()) << 64 | random()};
}

std::vector<Ipv6Segment> random_segments(std::mt19937_64& random, std::size_t count) {
    std::vector<Ipv6Segment> segments(count);
    for (Ipv6Segment& segment : segments) {
        segment = {random_address(random), static_cast<SetId>(random())};
    }
    std::sort(segments.begin(), segments.end(),
              [](const Ipv6Segment& a, const Ipv6Segment& b) { return a.start < b.start; });
    return segments;
}

TEST(Ipv6Block, HoldsAnySegments) {
    std::mt19937_64 random{1};
    for (std::size_t count = 1; count <= kBlockSegmentsMax; ++count) {
        const auto segments = random_segments(random, count);
        const std::string bytes = "x" + encode_block(segments);
        const auto block_bytes = std::string_view{bytes}.substr(1);
        ASSERT_EQ(decode_block(block_bytes), segments);
        const Ipv6Block block{block_bytes.data()};
        for (std::size_t i = 0; i < count; ++i) {
            const net::Ipv6 start = segments[i].start;
            ASSERT_EQ(block.segment_of(start), i);
            if (i > 0) {
                ASSERT_EQ(block.segment_of({start.bits - 1}), i - 1);
            }
            const net::Ipv6 inside = random_address(random);
            if (inside >= segments.front().start) {
                const auto after =
                    std::find_if(segments.begin(), segments.end(),
                                 [&](const Ipv6Segment& s) { return s.start > inside; });
                ASSERT_EQ(block.segment_of(inside), after - segments.begin() - 1);
            }
        }
        ASSERT_EQ(block.segment_of(net::everything<net::Ipv6>().last), count - 1);
    }
}

TEST(Ipv6Block, TakesNoPageOfItsOwn) {
    std::mt19937_64 random{2};
    EXPECT_LE(encode_block(random_segments(random, kBlockSegmentsMax)).size(), 2000U);
}

TEST(Ipv6Key, SortsAsTheAddressesDo) {
    std::mt19937_64 random{3};
    for (int i = 0; i < 1000; ++i) {
        const net::Ipv6 a = random_address(random);
        const net::Ipv6 b{a.bits ^ net::Uint128{1} << (random() % 128)};
        EXPECT_EQ(a < b, ipv6_key(a) < ipv6_key(b));
    }
}

}  // namespace
}  // namespace ostrakon::store
