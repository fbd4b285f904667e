// Which addresses mean something else on every site.
#include "ostrakon/net/private_ranges.hpp"

#include <gtest/gtest.h>

namespace ostrakon::net {
namespace {

TEST(PrivateRanges, AreToldByTheirAddresses) {
    for (const char* const text :
         {"0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.1.1",
          "172.16.0.1", "172.31.255.255", "192.168.255.255", "224.0.0.1", "255.255.255.255",
          "::", "::1", "fd00::1", "fe80::1", "ff02::1", "64:ff9b::10.0.0.1"}) {
        EXPECT_TRUE(is_private(*parse_address(text))) << text;
    }
    for (const char* const text :
         {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.128.0.0", "128.0.0.0", "172.32.0.0",
          "192.169.0.0", "223.255.255.255", "::2", "2001:db8::1", "fec0::1", "64:ff9b::192.0.2.1",
          "64:ff9c::10.0.0.1"}) {
        EXPECT_FALSE(is_private(*parse_address(text))) << text;
    }
}

TEST(PrivateRanges, HoldMappedIpv4AsItIs) {
    EXPECT_TRUE(is_private(*parse_ipv6("::ffff:10.0.0.1")));
    EXPECT_FALSE(is_private(*parse_ipv6("::ffff:192.0.2.1")));
}

}  // namespace
}  // namespace ostrakon::net
