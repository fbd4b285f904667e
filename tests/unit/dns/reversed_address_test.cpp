// What query names say about addresses: whole ones, parts of them, and what is neither.
#include "ostrakon/dns/reversed_address.hpp"

#include "support/wire_labels.hpp"

#include <gtest/gtest.h>

namespace ostrakon::dns {
namespace {

using enum ReversedAddressError;

auto ipv4(std::string_view dotted) {
    const auto wire = test::wire_labels(dotted);
    return parse_reversed_ipv4(Labels{wire});
}
auto ipv6(std::string_view dotted) {
    const auto wire = test::wire_labels(dotted);
    return parse_reversed_ipv6(Labels{wire});
}
auto ipv4_cut(std::string_view dotted) {
    const auto wire = test::wire_labels(dotted);
    return parse_ipv4_cut(Labels{wire});
}
auto ipv6_cut(std::string_view dotted) {
    const auto wire = test::wire_labels(dotted);
    return parse_ipv6_cut(Labels{wire});
}

constexpr std::string_view kDocumentation =
    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2";

TEST(ReversedIpv4, ReadsTheLastOctetFirst) {
    EXPECT_EQ(*ipv4("1.2.0.192"), net::Ipv4{0xC0000201});
    EXPECT_EQ(*ipv4("255.255.255.255"), net::Ipv4{0xFFFFFFFF});
    EXPECT_EQ(*ipv4("0.0.0.0"), net::Ipv4{0});
}

TEST(ReversedIpv4, TellsMistakesApart) {
    struct Case {
        std::string_view name;
        ReversedAddressError error;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"", TooFewLabels},
        {"2.0.192", TooFewLabels},
        {"9.1.2.0.192", TooManyLabels},
        {"256.2.0.192", BadOctet},
        {"1000.2.0.192", BadOctet},
        {"01.2.0.192", BadOctet},
        {"00.2.0.192", BadOctet},
        {"-1.2.0.192", BadOctet},
        {"mail.2.0.192", BadOctet},
        {"1 .2.0.192", BadOctet},
    });
    for (const auto& [name, error] : kCases) {
        SCOPED_TRACE(name);
        ASSERT_FALSE(ipv4(name));
        EXPECT_EQ(ipv4(name).error(), error);
    }
}

TEST(ReversedIpv6, ReadsTheLastNibbleFirst) {
    EXPECT_EQ(*ipv6(kDocumentation), *net::parse_ipv6("2001:db8::1"));
}

TEST(ReversedIpv6, TakesUpperCase) {
    EXPECT_EQ(*ipv6("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2"),
              *net::parse_ipv6("2001:db8::1"));
}

TEST(ReversedIpv6, TellsMistakesApart) {
    EXPECT_EQ(ipv6(kDocumentation.substr(2)).error(), TooFewLabels);
    EXPECT_EQ(ipv6("0." + std::string{kDocumentation}).error(), TooManyLabels);
    EXPECT_EQ(ipv6("g" + std::string{kDocumentation.substr(1)}).error(), BadNibble);
    EXPECT_EQ(ipv6("10" + std::string{kDocumentation.substr(1)}).error(), BadNibble);
}

TEST(AddressCut, IsTheRangeOfAllLongerNames) {
    EXPECT_EQ(net::to_string(*ipv4_cut("192")), "192.0.0.0/8");
    EXPECT_EQ(net::to_string(*ipv4_cut("0.192")), "192.0.0.0/16");
    EXPECT_EQ(net::to_string(*ipv4_cut("2.0.192")), "192.0.2.0/24");
    EXPECT_EQ(net::to_string(*ipv6_cut("2")), "2000::/4");
    EXPECT_EQ(net::to_string(*ipv6_cut("1.0.0.2")), "2001::/16");
    EXPECT_EQ(net::to_string(*ipv6_cut("8.B.d.0.1.0.0.2")), "2001:db8::/32");
    EXPECT_EQ(net::to_string(*ipv6_cut(kDocumentation.substr(2))), "2001:db8::/124");
}

TEST(AddressCut, IsNeitherNothingNorAWholeAddress) {
    EXPECT_EQ(ipv4_cut("").error(), TooFewLabels);
    EXPECT_EQ(ipv4_cut("1.2.0.192").error(), TooManyLabels);
    EXPECT_EQ(ipv4_cut("02.192").error(), BadOctet);
    EXPECT_EQ(ipv6_cut("").error(), TooFewLabels);
    EXPECT_EQ(ipv6_cut(kDocumentation).error(), TooManyLabels);
    EXPECT_EQ(ipv6_cut("10.2").error(), BadNibble);
}

TEST(AddressLabel, EndsNoDomain) {
    for (const std::string_view label : {"0", "192", "00", "4294967296", "a", "F"}) {
        EXPECT_TRUE(is_address_label(label)) << label;
    }
    for (const std::string_view label : {"com", "g", "ab", "1a", "0x10", "-1"}) {
        EXPECT_FALSE(is_address_label(label)) << label;
    }
}

TEST(HashLabel, HasFortyHexDigits) {
    EXPECT_TRUE(is_hash_label("0123456789abcdefABCDEF0123456789abcdef01"));
    EXPECT_FALSE(is_hash_label("0123456789abcdefABCDEF0123456789abcdef0"));
    EXPECT_FALSE(is_hash_label("0123456789abcdefABCDEF0123456789abcdef012"));
    EXPECT_FALSE(is_hash_label("0123456789abcdefABCDEF0123456789abcdef0g"));
}

}  // namespace
}  // namespace ostrakon::dns
