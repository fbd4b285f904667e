// Which sockets a list of addresses becomes, and what is said about those that cannot be had.
#include "ostrakon/server/listeners.hpp"

#include "support/dns_client.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>

namespace ostrakon::server {
namespace {

using testing::HasSubstr;

config::Endpoint endpoint(const char* address, std::uint16_t port = 0) {
    return {*net::parse_address(address), port};
}

Result<Listeners> bind(std::vector<config::Endpoint> endpoints, std::size_t workers = 1) {
    return bind_listeners(endpoints, workers);
}

// Another program with this address, which shares it if asked.
FileDescriptor occupy(int type, std::uint16_t port, bool shared) {
    FileDescriptor socket(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
    const int on = shared ? 1 : 0;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int bound =
        ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    EXPECT_EQ(bound, 0);
    if (type == SOCK_STREAM) {
        EXPECT_EQ(::listen(socket.get(), 1), 0);
    }
    return socket;
}

std::uint16_t port_of(const FileDescriptor& socket) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

TEST(Listeners, MakeOnePortOfPortZero) {
    const auto listeners = bind({endpoint("127.0.0.1"), endpoint("127.0.0.2")}, 3);
    ASSERT_TRUE(listeners) << message(listeners.error());
    ASSERT_EQ(listeners->endpoints.size(), 2u);
    ASSERT_EQ(listeners->workers.size(), 3u);
    for (const auto& sockets : listeners->workers) {
        ASSERT_EQ(sockets.size(), 2u);
        for (std::size_t i = 0; i < sockets.size(); ++i) {
            EXPECT_NE(listeners->endpoints[i].port, 0);
            EXPECT_EQ(port_of(sockets[i].udp), listeners->endpoints[i].port);
            EXPECT_EQ(port_of(sockets[i].tcp), listeners->endpoints[i].port);
            EXPECT_FALSE(sockets[i].is_wildcard);
        }
    }
}

TEST(Listeners, ShareAPortBetweenFamilies) {
    const auto first = bind({endpoint("0.0.0.0")});
    ASSERT_TRUE(first) << message(first.error());
    const auto second = bind({endpoint("::", first->endpoints[0].port)});
    if (!second && message(second.error()).find("no IPv6") != std::string::npos) {
        GTEST_SKIP() << "this machine has no IPv6";
    }
    ASSERT_TRUE(second) << message(second.error());
    EXPECT_TRUE(first->workers[0][0].is_wildcard);
    EXPECT_TRUE(second->workers[0][0].is_wildcard);
}

TEST(Listeners, RefuseAnAddressThatAnotherProgramHas) {
    for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
        for (const bool shared : {false, true}) {
            const FileDescriptor other = occupy(type, 0, shared);
            const auto listeners = bind({endpoint("127.0.0.1", port_of(other))}, 2);
            ASSERT_FALSE(listeners) << type << shared;
            EXPECT_THAT(message(listeners.error()),
                        HasSubstr(type == SOCK_DGRAM ? "(UDP): Address already in use"
                                                     : "(TCP): Address already in use"));
        }
    }
}

TEST(Listeners, RefuseTheirOwnAddressTwice) {
    const auto first = bind({endpoint("127.0.0.1")}, 2);
    ASSERT_TRUE(first);
    EXPECT_FALSE(bind({first->endpoints[0]}, 2));
}

TEST(Listeners, SayThatAnAddressIsNotHere) {
    const auto listeners = bind({endpoint("127.0.0.1"), endpoint("192.0.2.1")});
    ASSERT_FALSE(listeners);
    EXPECT_THAT(message(listeners.error()), HasSubstr("listen on 192.0.2.1:0 (UDP)"));
    EXPECT_THAT(message(listeners.error()), HasSubstr("no interface of this machine"));
}

TEST(Listeners, SayWhatBufferTheyGot) {
    const auto listeners = bind({endpoint("127.0.0.1")});
    ASSERT_TRUE(listeners);
    EXPECT_GT(listeners->receive_buffer_bytes, 0);
    EXPECT_LE(listeners->receive_buffer_bytes, kReceiveBufferBytes);
}

TEST(Listeners, NeedAnAddress) {
    EXPECT_FALSE(bind({}));
}

}  // namespace
}  // namespace ostrakon::server
