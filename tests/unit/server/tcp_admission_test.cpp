// How many connections there may be, in all and for one client.
#include "ostrakon/server/tcp_admission.hpp"

#include <gtest/gtest.h>

namespace ostrakon::server {
namespace {

net::Address address(const char* text) {
    return *net::parse_address(text);
}

TEST(TcpAdmission, BoundsTheTotal) {
    TcpAdmission admission(2);
    EXPECT_TRUE(admission.enter(address("192.0.2.1")));
    EXPECT_TRUE(admission.enter(address("192.0.2.2")));
    EXPECT_FALSE(admission.enter(address("192.0.2.3")));
    admission.leave(address("192.0.2.1"));
    EXPECT_TRUE(admission.enter(address("192.0.2.3")));
    EXPECT_EQ(admission.open_count(), 2u);
}

TEST(TcpAdmission, BoundsOneClient) {
    TcpAdmission admission(100, 2);
    EXPECT_TRUE(admission.enter(address("192.0.2.1")));
    EXPECT_TRUE(admission.enter(address("192.0.2.1")));
    EXPECT_FALSE(admission.enter(address("192.0.2.1")));
    EXPECT_TRUE(admission.enter(address("192.0.2.2")));
    admission.leave(address("192.0.2.1"));
    EXPECT_TRUE(admission.enter(address("192.0.2.1")));
}

TEST(TcpAdmission, CountsAnIpv6NetworkAsOneClient) {
    TcpAdmission admission(100, 2);
    EXPECT_TRUE(admission.enter(address("2001:db8::1")));
    EXPECT_TRUE(admission.enter(address("2001:db8::2")));
    EXPECT_FALSE(admission.enter(address("2001:db8::3")));
    EXPECT_TRUE(admission.enter(address("2001:db8:0:1::3")));
}

TEST(TcpAdmission, KeepsWhatIsOpenWhenTheBoundSinks) {
    TcpAdmission admission(3);
    EXPECT_TRUE(admission.enter(address("192.0.2.1")));
    EXPECT_TRUE(admission.enter(address("192.0.2.1")));
    admission.set_total_max(1);
    admission.leave(address("192.0.2.1"));
    EXPECT_FALSE(admission.enter(address("192.0.2.1")));
    admission.set_total_max(2);
    EXPECT_TRUE(admission.enter(address("192.0.2.1")));
}

}  // namespace
}  // namespace ostrakon::server
