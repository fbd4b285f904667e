// One datagram that cannot be sent must not cost the others.
#include "ostrakon/server/udp_send.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace ostrakon::server {
namespace {

// A socket that refuses some datagrams, as sendmmsg(2) does: it stops before the first of them, and
// reports an error when that is the first of the call.
struct FakeSocket {
    std::vector<std::size_t> refused;
    std::size_t room = 1000;        // datagrams until it is full
    std::size_t room_per_wait = 0;  // that each wait makes
    std::vector<std::size_t> sent = {};
    int calls = 0;
    int waits = 0;

    int send_some(std::size_t first, std::size_t count) {
        ++calls;
        int done = 0;
        for (std::size_t i = first; i < first + count; ++i) {
            if (std::find(refused.begin(), refused.end(), i) != refused.end()) {
                return done > 0 ? done : -EINVAL;
            }
            if (room == 0) {
                return done > 0 ? done : -EAGAIN;
            }
            --room;
            sent.push_back(i);
            ++done;
        }
        return done;
    }
    SendOutcome send(std::size_t count) {
        return send_all(
            count, [this](std::size_t first, std::size_t left) { return send_some(first, left); },
            [this] {
                ++waits;
                room += room_per_wait;
            });
    }
};

TEST(UdpSend, SendsAllAtOnce) {
    FakeSocket socket{{}};
    const SendOutcome outcome = socket.send(64);
    EXPECT_EQ(outcome.sent, 64u);
    EXPECT_EQ(socket.calls, 1);
}

TEST(UdpSend, DoesNotCallForNothing) {
    FakeSocket socket{{}};
    EXPECT_EQ(socket.send(0).sent, 0u);
    EXPECT_EQ(socket.calls, 0);
}

TEST(UdpSend, SkipsExactlyWhatIsRefused) {
    for (const auto& refused : std::vector<std::vector<std::size_t>>{
             {0}, {5}, {63}, {0, 1, 2}, {0, 63}, {7, 8, 30}, {62, 63}}) {
        FakeSocket socket{refused};
        const SendOutcome outcome = socket.send(64);
        EXPECT_EQ(outcome.sent, 64 - refused.size());
        EXPECT_EQ(outcome.failed, refused.size());
        EXPECT_EQ(outcome.dropped, 0u);
        std::vector<std::size_t> expected;
        for (std::size_t i = 0; i < 64; ++i) {
            if (std::find(refused.begin(), refused.end(), i) == refused.end()) {
                expected.push_back(i);
            }
        }
        EXPECT_EQ(socket.sent, expected);
    }
}

TEST(UdpSend, WaitsForRoom) {
    FakeSocket socket{.refused = {}, .room = 10, .room_per_wait = 30};
    const SendOutcome outcome = socket.send(64);
    EXPECT_EQ(outcome.sent, 64u);
    EXPECT_EQ(socket.waits, 2);
}

TEST(UdpSend, GivesUpWhenThereIsNoRoom) {
    FakeSocket socket{.refused = {}, .room = 10};
    const SendOutcome outcome = socket.send(64);
    EXPECT_EQ(outcome.sent, 10u);
    EXPECT_EQ(outcome.dropped, 54u);
    EXPECT_EQ(socket.waits, kSendWaitsMax);
}

}  // namespace
}  // namespace ostrakon::server
