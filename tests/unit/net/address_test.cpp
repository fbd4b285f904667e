// Addresses, prefixes and ranges: how they are read, written and compared.
#include "ostrakon/net/address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <random>

namespace ostrakon::net {
namespace {

using namespace std::string_view_literals;

Ipv6 ipv6(std::uint64_t high, std::uint64_t low) {
    return {Uint128{high} << 64 | low};
}

TEST(Ipv4, IsFourOctetsWithoutLeadingZeros) {
    EXPECT_EQ(parse_ipv4("0.0.0.0"), Ipv4{0});
    EXPECT_EQ(parse_ipv4("192.0.2.1"), Ipv4{0xC0000201});
    EXPECT_EQ(parse_ipv4("255.255.255.255"), Ipv4{0xFFFFFFFF});
    for (const std::string_view text : {""sv,
                                        "."sv,
                                        "..."sv,
                                        "192.0.2"sv,
                                        "192.0.2."sv,
                                        "192.0.2.1."sv,
                                        "192.0.2.1.1"sv,
                                        ".192.0.2.1"sv,
                                        "256.0.2.1"sv,
                                        "192.0.2.01"sv,
                                        "192.0.2.001"sv,
                                        "00.0.0.0"sv,
                                        "192.0.2.0x1"sv,
                                        "192.0.2.-1"sv,
                                        "192.0.2.+1"sv,
                                        " 192.0.2.1"sv,
                                        "192.0.2.1 "sv,
                                        "192.0.2.1\0"sv,
                                        "192.0.2.4294967297"sv,
                                        "3221225985"sv,
                                        "192,0,2,1"sv,
                                        "a.b.c.d"sv,
                                        "::1"sv}) {
        EXPECT_FALSE(parse_ipv4(text)) << text;
    }
}

TEST(Ipv6, IsReadInEverySpelling) {
    struct Case {
        std::string_view text;
        std::uint64_t high, low;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"::", 0, 0},
        {"::1", 0, 1},
        {"1::", 0x0001'0000'0000'0000, 0},
        {"2001:db8::1", 0x2001'0db8'0000'0000, 1},
        {"2001:DB8:0:0:0:0:0:1", 0x2001'0db8'0000'0000, 1},
        {"2001:0db8:0000:0000:0000:0000:0000:0001", 0x2001'0db8'0000'0000, 1},
        {"1:2:3:4:5:6:7::", 0x0001'0002'0003'0004, 0x0005'0006'0007'0000},
        {"::ffff:192.0.2.1", 0, 0x0000'ffff'c000'0201},
        {"64:ff9b::192.0.2.1", 0x0064'ff9b'0000'0000, 0xc000'0201},
    });
    for (const auto& [text, high, low] : kCases) {
        EXPECT_EQ(parse_ipv6(text), ipv6(high, low)) << text;
    }
}

TEST(Ipv6, IsRefusedWhereItIsNone) {
    for (const std::string_view text :
         {""sv, ":"sv, ":::"sv, "1"sv, "1:2:3:4:5:6:7"sv, "1:2:3:4:5:6:7:8:9"sv, "1::2::3"sv,
          "::12345"sv, "::g"sv, "fe80::1%eth0"sv, "[::1]"sv, "::1/128"sv, " ::1"sv, "::1 "sv,
          "::1\0"sv, "::ffff:192.0.2"sv, "::ffff:192.0.2.256"sv, "192.0.2.1"sv,
          "0000:0000:0000:0000:0000:0000:0000:0000:0000:00000"sv}) {
        EXPECT_FALSE(parse_ipv6(text)) << text;
    }
}

TEST(Ipv6, IsWrittenAsRfc5952Says) {
    constexpr auto kCases = std::to_array<std::pair<std::string_view, std::string_view>>({
        {"::", "::"},
        {"0:0:0:0:0:0:0:1", "::1"},
        {"1:0:0:0:0:0:0:0", "1::"},
        {"2001:0DB8:0:0:0:0:0:000A", "2001:db8::a"},
        {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},  // §4.2.2: a single zero group stays
        {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},           // §4.2.3: the longest run
        {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},     // §4.2.3: the first of equal runs
        {"::ffff:c000:201", "::ffff:192.0.2.1"},           // §5
        {"::102:304", "::102:304"},
        {"::1:0", "::1:0"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    });
    for (const auto& [text, canonical] : kCases) {
        ASSERT_TRUE(parse_ipv6(text)) << text;
        EXPECT_EQ(to_string(*parse_ipv6(text)), canonical);
    }
}

// Random addresses with many zero groups.
Ipv6 random_ipv6(std::mt19937_64& random) {
    Ipv6 address;
    for (int group = 0; group < 8; ++group) {
        const bool is_zero = random() % 2 == 0;
        address.bits =
            address.bits << 16 | (is_zero ? 0 : random() & (random() % 2 == 0 ? 0xFFFF : 0xF));
    }
    return address;
}

TEST(Ipv6, IsWrittenAsTheSystemDoesAndReadBack) {
    std::mt19937_64 random{20261122};
    for (int i = 0; i < 20'000; ++i) {
        const Ipv6 address = random_ipv6(random);
        const std::string text = to_string(address);
        ASSERT_EQ(parse_ipv6(text), address) << text;
        ASSERT_EQ(ipv6_from_bytes(to_bytes(address).data()), address);
        if (address.bits >> 32 == 0) {
            continue;  // the system writes ::1.2.3.4, which RFC 4291 §2.5.5.1 has given up
        }
        std::array<char, INET6_ADDRSTRLEN> expected{};
        inet_ntop(AF_INET6, to_bytes(address).data(), expected.data(), expected.size());
        ASSERT_EQ(text, expected.data());
    }
}

TEST(Address, MapsIpv4ToItself) {
    EXPECT_EQ(parse_address("::ffff:192.0.2.7"), Address{Ipv4{0xC0000207}});
    EXPECT_EQ(parse_address("::FFFF:C000:207"), Address{Ipv4{0xC0000207}});
    EXPECT_EQ(parse_address("192.0.2.7"), Address{Ipv4{0xC0000207}});
    EXPECT_EQ(parse_address("::fffe:c000:207"), (Address{ipv6(0, 0xfffe'c000'0207)}));
    EXPECT_EQ(parse_address("example.com"), std::nullopt);
    EXPECT_EQ(mapped_ipv4(ipv6(1, 0xffff'c000'0207)), std::nullopt);
    EXPECT_EQ(mapped_ipv4(ipv6(0, 0x1'ffff'c000'0207)), std::nullopt);
}

TEST(Range, IsReadAndWrittenInItsShortestForm) {
    constexpr auto kCases = std::to_array<std::pair<std::string_view, std::string_view>>({
        {"192.0.2.7", "192.0.2.7"},
        {"192.0.2.7/32", "192.0.2.7"},
        {"192.0.2.0/24", "192.0.2.0/24"},
        {"0.0.0.0/0", "0.0.0.0/0"},
        {"128.0.0.0/1", "128.0.0.0/1"},
        {"192.0.2.10-192.0.2.90", "192.0.2.10-192.0.2.90"},
        {"192.0.2.0-192.0.2.255", "192.0.2.0/24"},
        {"192.0.2.7-192.0.2.7", "192.0.2.7"},
        {"0.0.0.0-255.255.255.255", "0.0.0.0/0"},
        {"192.0.2.1-192.0.2.2", "192.0.2.1-192.0.2.2"},
        {"2001:DB8::/48", "2001:db8::/48"},
        {"2001:db8::1", "2001:db8::1"},
        {"2001:db8::1/128", "2001:db8::1"},
        {"::/0", "::/0"},
        {"2001:db8::-2001:db8::ff", "2001:db8::/120"},
        {"2001:db8::1-2001:db8::ff", "2001:db8::1-2001:db8::ff"},
        {"::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0"},
        // one family has one spelling
        {"::ffff:192.0.2.7", "192.0.2.7"},
        {"::ffff:192.0.2.0/120", "192.0.2.0/24"},
        {"::ffff:0:0/96", "0.0.0.0/0"},
        {"::ffff:192.0.2.1-::ffff:192.0.2.3", "192.0.2.1-192.0.2.3"},
        {"::ffff:192.0.2.1-192.0.2.3", "192.0.2.1-192.0.2.3"},
        {"::fffe:0:0/95", "::fffe:0:0/95"},
    });
    for (const auto& [text, canonical] : kCases) {
        const auto range = parse_range(text);
        ASSERT_TRUE(range) << text;
        EXPECT_EQ(to_string(*range), canonical);
        EXPECT_EQ(*parse_range(canonical), *range) << canonical;
    }
}

TEST(Range, TellsMistakesApart) {
    using enum RangeError;
    constexpr auto kCases = std::to_array<std::pair<std::string_view, RangeError>>({
        {"", NotAnAddress},
        {"/", NotAnAddress},
        {"-", NotAnAddress},
        {"/24", NotAnAddress},
        {"example.com", NotAnAddress},
        {"192.0.2/24", NotAnAddress},
        {"192.0.2.1-", NotAnAddress},
        {"192.0.2.1-9", NotAnAddress},
        {"192.0.2.1 - 192.0.2.9", NotAnAddress},
        {"192.0.2.0/24-192.0.3.0/24", NotAnAddress},
        {"192.0.2.0/-1", NotAnAddress},
        {"192.0.2.0/", BadLength},
        {"192.0.2.0/33", BadLength},
        {"192.0.2.0/024", BadLength},
        {"192.0.2.0/24x", BadLength},
        {"192.0.2.0/ 24", BadLength},
        {"192.0.2.0/+24", BadLength},
        {"192.0.2.0/24/24", BadLength},
        {"192.0.2.0/255.255.255.0", BadLength},
        {"192.0.2.0/99999999999", BadLength},
        {"2001:db8::/129", BadLength},
        {"192.0.2.1/24", HostBitsSet},
        {"192.0.2.1/0", HostBitsSet},
        {"2001:db8::1/64", HostBitsSet},
        {"::ffff:192.0.2.1/120", HostBitsSet},
        {"192.0.2.9-192.0.2.1", Reversed},
        {"2001:db8::2-2001:db8::1", Reversed},
        {"192.0.2.1-2001:db8::1", MixedFamilies},
        {"::1-::ffff:192.0.2.1", MixedFamilies},
    });
    for (const auto& [text, error] : kCases) {
        const auto range = parse_range(text);
        ASSERT_FALSE(range) << text;
        EXPECT_EQ(range.error(), error) << text;
    }
}

template <class A>
void expect_prefixes_to_be_blocks(A address) {
    for (int length = 0; length <= A::kWidth; ++length) {
        const Range<A> block = prefix(address, length);
        ASSERT_TRUE(block.contains(address));
        ASSERT_EQ(prefix_length(block), length);
        ASSERT_EQ(prefix(block.last, length), block);
        if (length > 0) {
            ASSERT_TRUE(prefix(address, length - 1).contains(block));
        }
    }
    EXPECT_EQ(prefix(address, 0), everything<A>());
    EXPECT_EQ(prefix(address, A::kWidth), (Range<A>{address, address}));
}

TEST(Prefix, IsABlockOfEveryLength) {
    std::mt19937_64 random{20261122};
    for (int i = 0; i < 100; ++i) {
        expect_prefixes_to_be_blocks(Ipv4{static_cast<std::uint32_t>(random())});
        expect_prefixes_to_be_blocks(ipv6(random(), random()));
    }
}

TEST(Prefix, HasNoLengthWhereTheRangeIsNone) {
    EXPECT_EQ(prefix_length(Ipv4Range{{1}, {2}}), std::nullopt);
    EXPECT_EQ(prefix_length(Ipv4Range{{0}, {2}}), std::nullopt);
    EXPECT_EQ(prefix_length(Ipv4Range{{0}, {0xFFFFFFFE}}), std::nullopt);
    EXPECT_EQ(prefix_length(Ipv4Range{{1}, {0xFFFFFFFF}}), std::nullopt);
    EXPECT_EQ(prefix_length(Ipv6Range{ipv6(0, 0), ipv6(0, 2)}), std::nullopt);
}

TEST(Range, KnowsWhatItHolds) {
    const Ipv4Range range{{10}, {20}};
    EXPECT_TRUE(range.contains(Ipv4{10}) && range.contains(Ipv4{20}));
    EXPECT_FALSE(range.contains(Ipv4{9}) || range.contains(Ipv4{21}));
    EXPECT_TRUE(range.contains(Ipv4Range{{10}, {20}}));
    EXPECT_FALSE(range.contains(Ipv4Range{{9}, {20}}));
    EXPECT_TRUE(range.overlaps(Ipv4Range{{20}, {30}}) && range.overlaps(Ipv4Range{{0}, {10}}));
    EXPECT_FALSE(range.overlaps(Ipv4Range{{21}, {30}}) || range.overlaps(Ipv4Range{{0}, {9}}));
}

}  // namespace
}  // namespace ostrakon::net
