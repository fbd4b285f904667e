// Buckets of the IPv4 index against a plain array with one set for each address.
#include "ostrakon/store/ipv4_bucket.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace ostrakon::store {
namespace {

// 32 bits each time.
class Random {
public:
    explicit Random(std::uint32_t seed) : engine_(seed) {}
    std::uint32_t operator()() { return static_cast<std::uint32_t>(engine_()); }

private:
    std::mt19937 engine_;
};

using Plain = std::vector<SetId>;  // kBucketAddresses long

std::vector<Ipv4Segment> segments_of(const Plain& plain) {
    std::vector<Ipv4Segment> segments;
    for (std::uint32_t at = 0; at < plain.size(); ++at) {
        if (segments.empty() || segments.back().set != plain[at]) {
            segments.push_back({static_cast<std::uint16_t>(at), plain[at]});
        }
    }
    return segments;
}

Plain random_plain(Random& random, std::uint32_t pieces, std::uint32_t sets) {
    Plain plain(kBucketAddresses);
    for (std::uint32_t i = 0; i < pieces; ++i) {
        const std::uint32_t a = random() % kBucketAddresses;
        const std::uint32_t b = std::min(kBucketAddresses - 1, a + random() % 300);
        std::fill(plain.begin() + a, plain.begin() + b + 1, random() % sets * 1'000'003U);
    }
    return plain;
}

void expect_same(const Plain& plain, Random& random) {
    const auto segments = segments_of(plain);
    const std::string bytes = encode_bucket(segments);
    ASSERT_EQ(decode_bucket(bytes), segments);
    // At an odd address: values of the database lie anywhere.
    const std::string shifted = "x" + bytes;
    const Ipv4Bucket bucket{shifted.data() + 1};
    for (std::uint32_t lower = 0; lower < kBucketAddresses; ++lower) {
        ASSERT_EQ(bucket.set(bucket.segment_of(static_cast<std::uint16_t>(lower))), plain[lower])
            << lower;
    }
    for (int i = 0; i < 300; ++i) {
        const std::uint32_t first = random() % kBucketAddresses;
        const std::uint32_t last =
            std::min<std::uint32_t>(kBucketAddresses - 1, first + (random() & random() & 0xFFFF));
        const bool expected = std::any_of(plain.begin() + first, plain.begin() + last + 1,
                                          [](SetId set) { return set != 0; });
        ASSERT_EQ(bucket.is_anything_in(static_cast<std::uint16_t>(first),
                                        static_cast<std::uint16_t>(last)),
                  expected)
            << first << "-" << last;
    }
}

TEST(Ipv4Bucket, HoldsOneSegment) {
    Random random{1};
    expect_same(Plain(kBucketAddresses, 7), random);
    expect_same(Plain(kBucketAddresses, 0), random);
}

TEST(Ipv4Bucket, HoldsAnySegments) {
    Random random{2};
    for (const std::uint32_t pieces : {1U, 2U, 40U, 400U, 3000U}) {
        for (const std::uint32_t sets : {2U, 3U, 200U}) {
            expect_same(random_plain(random, pieces, sets), random);
        }
    }
}

// Positions of sets take one byte up to 256 sets, then two.
TEST(Ipv4Bucket, HoldsManySets) {
    Random random{3};
    for (const std::uint32_t sets : {255U, 256U, 257U, 65536U}) {
        Plain plain(kBucketAddresses);
        for (std::uint32_t at = 0; at < kBucketAddresses; ++at) {
            plain[at] = at % sets + (sets == 65536U ? 1 : 0);
        }
        expect_same(plain, random);
    }
}

TEST(Ipv4Bucket, KnowsTheEdges) {
    Plain plain(kBucketAddresses);
    plain.front() = 1;
    plain.back() = 2;
    const std::string bytes = encode_bucket(segments_of(plain));
    const Ipv4Bucket bucket{bytes.data()};
    EXPECT_TRUE(bucket.is_anything_in(0, 0));
    EXPECT_FALSE(bucket.is_anything_in(1, 0xFFFE));
    EXPECT_TRUE(bucket.is_anything_in(0xFFFF, 0xFFFF));
    EXPECT_TRUE(bucket.is_anything_in(1, 0xFFFF));
}

}  // namespace
}  // namespace ostrakon::store
