// Who may come, who must wait, and who has to go.
#include "visitors.hpp"

#include "ostrakon/base/file_descriptor.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <vector>

namespace ostrakon::http {
namespace {

constexpr net::Ipv4 kOne{0xC0000201};
constexpr net::Ipv4 kOther{0xC0000202};
constexpr net::Ipv6 kIpv6{(net::Uint128{0x20010DB800000001} << 64U) | 1U};
constexpr net::Ipv6 kSame64{(net::Uint128{0x20010DB800000001} << 64U) | 2U};
constexpr net::Ipv6 kOther64{(net::Uint128{0x20010DB800000002} << 64U) | 1U};

using Admission = Visitors::Admission;

class Pair {
public:
    Pair() {
        std::array<int, 2> ends{};
        ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data());
        near_ = FileDescriptor(ends[0]);
        far_ = FileDescriptor(ends[1]);
    }
    int socket() const { return near_.get(); }
    bool is_shut() const {
        char byte = 0;
        return ::recv(far_.get(), &byte, 1, MSG_DONTWAIT) == 0;
    }

private:
    FileDescriptor near_, far_;
};

TEST(Visitors, CountsANetworkByItself) {
    ServerCounters counters;
    Visitors visitors({.connections_max = 10, .connections_per_network_max = 2}, counters);
    const std::array<Pair, 6> pairs;
    visitors.enter(pairs[0].socket(), kOne);
    EXPECT_EQ(visitors.admit(kOne), Admission::Come);
    visitors.enter(pairs[1].socket(), kOne);
    EXPECT_EQ(visitors.admit(kOne), Admission::Refused);
    EXPECT_EQ(visitors.admit(kOther), Admission::Come);
    visitors.leave(pairs[0].socket());
    EXPECT_EQ(visitors.admit(kOne), Admission::Come);
    visitors.enter(pairs[2].socket(), kIpv6);
    visitors.enter(pairs[3].socket(), kSame64);
    EXPECT_EQ(visitors.admit(kSame64), Admission::Refused);
    EXPECT_EQ(visitors.admit(kOther64), Admission::Come);
    EXPECT_EQ(counters.refused, 2U);
}

TEST(Visitors, DoesNotCountWhereProxiesAre) {
    ServerCounters counters;
    Visitors visitors({.connections_max = 10, .connections_per_network_max = 1}, counters);
    const std::array<Pair, 4> pairs;
    visitors.enter(pairs[0].socket(), net::Ipv4{0x7F000001});
    visitors.enter(pairs[1].socket(), net::Ipv6{1});
    visitors.enter(pairs[2].socket(), std::nullopt);
    EXPECT_EQ(visitors.admit(net::Ipv4{0x7F000001}), Admission::Come);
    EXPECT_EQ(visitors.admit(net::Ipv6{1}), Admission::Come);
    EXPECT_EQ(visitors.admit(std::nullopt), Admission::Come);
}

TEST(Visitors, SendsTheOneAwayThatHasAskedLongest) {
    ServerCounters counters;
    Visitors visitors({.connections_max = 3}, counters);
    const std::array<Pair, 3> pairs;
    for (const Pair& pair : pairs) {
        visitors.enter(pair.socket(), kOne);
    }
    visitors.change(pairs[0].socket(), Visitor::State::Waiting);
    EXPECT_EQ(visitors.admit(kOther), Admission::Later);
    EXPECT_FALSE(pairs[0].is_shut());
    EXPECT_TRUE(pairs[1].is_shut());
    EXPECT_FALSE(pairs[2].is_shut());
    EXPECT_EQ(counters.displaced, 1U);
    visitors.leave(pairs[1].socket());
    EXPECT_EQ(visitors.admit(kOther), Admission::Come);
}

TEST(Visitors, SendsOneOfThoseWhoHaveMostAway) {
    ServerCounters counters;
    Visitors visitors({.connections_max = 5}, counters);
    const std::array<Pair, 5> pairs;
    visitors.enter(pairs[0].socket(), kOther);        // here longest, and alone
    visitors.enter(pairs[1].socket(), std::nullopt);  // a proxy's
    visitors.enter(pairs[2].socket(), kOne);
    visitors.enter(pairs[3].socket(), kOne);
    visitors.enter(pairs[4].socket(), kIpv6);
    visitors.change(pairs[2].socket(), Visitor::State::Taking);  // not as long as the next
    EXPECT_EQ(visitors.admit(kOther64), Admission::Later);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        EXPECT_EQ(pairs[i].is_shut(), i == 3) << i;
    }
}

TEST(Visitors, LetsWaitWhoAllWaitForAnAnswer) {
    ServerCounters counters;
    Visitors visitors({.connections_max = 1}, counters);
    const Pair pair;
    visitors.enter(pair.socket(), kOne);
    visitors.change(pair.socket(), Visitor::State::Waiting);
    EXPECT_EQ(visitors.admit(kOther), Admission::Later);
    EXPECT_FALSE(pair.is_shut());
}

TEST(Visitors, ExpiresWhoAsksOrTakesTooLong) {
    using std::chrono::milliseconds;
    ServerCounters counters;
    Visitors visitors({.arrival_max = milliseconds(-1), .departure_max = milliseconds(-1)},
                      counters);
    const std::array<Pair, 3> pairs;
    for (const Pair& pair : pairs) {
        visitors.enter(pair.socket(), kOne);
    }
    visitors.change(pairs[1].socket(), Visitor::State::Waiting);
    visitors.change(pairs[2].socket(), Visitor::State::Taking);
    visitors.expire();
    EXPECT_TRUE(pairs[0].is_shut());
    EXPECT_FALSE(pairs[1].is_shut());
    EXPECT_TRUE(pairs[2].is_shut());
    EXPECT_EQ(counters.expired, 2U);
}

}  // namespace
}  // namespace ostrakon::http
