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
    EXPECT_EQ(admission.enter(address("192.0.2.1")), TcpEntry::Admitted);
    EXPECT_EQ(admission.enter(address("192.0.2.2")), TcpEntry::Admitted);
    EXPECT_EQ(admission.enter(address("192.0.2.3")), TcpEntry::Full);
    admission.leave(address("192.0.2.1"));
    EXPECT_EQ(admission.enter(address("192.0.2.3")), TcpEntry::Admitted);
    EXPECT_EQ(admission.open_count(), 2u);
}

TEST(TcpAdmission, BoundsOneClient) {
    TcpAdmission admission(100, 2);
    EXPECT_EQ(admission.enter(address("192.0.2.1")), TcpEntry::Admitted);
    EXPECT_EQ(admission.enter(address("192.0.2.1")), TcpEntry::Admitted);
    EXPECT_EQ(admission.enter(address("192.0.2.1")), TcpEntry::ClientFull);
    EXPECT_EQ(admission.enter(address("192.0.2.2")), TcpEntry::Admitted);
    admission.leave(address("192.0.2.1"));
    EXPECT_EQ(admission.enter(address("192.0.2.1")), TcpEntry::Admitted);
}

TEST(TcpAdmission, CountsAnIpv6NetworkAsOneClient) {
    TcpAdmission admission(100, 2);
    EXPECT_EQ(admission.enter(address("2001:db8::1")), TcpEntry::Admitted);
    EXPECT_EQ(admission.enter(address("2001:db8::2")), TcpEntry::Admitted);
    EXPECT_EQ(admission.enter(address("2001:db8::3")), TcpEntry::ClientFull);
    EXPECT_EQ(admission.enter(address("2001:db8:0:1::3")), TcpEntry::Admitted);
}

TEST(TcpAdmission, KeepsWhatIsOpenWhenTheBoundSinks) {
    TcpAdmission admission(3);
    EXPECT_EQ(admission.enter(address("192.0.2.1")), TcpEntry::Admitted);
    EXPECT_EQ(admission.enter(address("192.0.2.1")), TcpEntry::Admitted);
    admission.set_total_max(1);
    admission.leave(address("192.0.2.1"));
    EXPECT_EQ(admission.enter(address("192.0.2.1")), TcpEntry::Full);
    admission.set_total_max(2);
    EXPECT_EQ(admission.enter(address("192.0.2.1")), TcpEntry::Admitted);
}

TEST(TcpAdmission, KnowsWhenItIsNearlyFull) {
    TcpAdmission admission(20);
    for (int i = 0; i < 17; ++i) {
        admission.enter(address("192.0.2.1"));
    }
    EXPECT_FALSE(admission.is_nearly_full());
    admission.enter(address("192.0.2.1"));
    EXPECT_TRUE(admission.is_nearly_full());
    admission.leave(address("192.0.2.1"));
    EXPECT_FALSE(admission.is_nearly_full());
    admission.set_total_max(10);
    EXPECT_TRUE(admission.is_nearly_full());
}

TEST(TcpAdmission, CountsWhatBecameOfConnections) {
    TcpAdmission admission(2, 1);
    EXPECT_EQ(admission.enter(address("192.0.2.1")), TcpEntry::Admitted);
    admission.note_refused(admission.enter(address("192.0.2.1")));
    EXPECT_EQ(admission.enter(address("192.0.2.2")), TcpEntry::Admitted);
    admission.note_refused(admission.enter(address("192.0.2.3")));
    admission.note_refused(admission.enter(address("192.0.2.3")));
    admission.note_displaced();
    admission.note_timed_out();
    const TcpCounters counters = admission.counters();
    EXPECT_EQ(counters.admitted, 2U);
    EXPECT_EQ(counters.refused_client, 1U);
    EXPECT_EQ(counters.refused_full, 2U);
    EXPECT_EQ(counters.displaced, 1U);
    EXPECT_EQ(counters.timed_out, 1U);
}

}  // namespace
}  // namespace ostrakon::server
