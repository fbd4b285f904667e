// The real server, asked over the network.
#include "support/live_site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kListed = "7.2.0.192.bl.example.org";
constexpr const char* kUnlisted = "8.2.0.192.bl.example.org";

TEST(LiveServer, AnswersOverUdpAndTcp) {
    const LiveSite site;
    site.ban("192.0.2.7");
    site.ban("spam.example");
    LiveServer server(site);
    for (const auto ask : {ask_udp, ask_tcp}) {
        const Reply listed = ask(server.address(), {.name = kListed});
        EXPECT_THAT(listed.data, ElementsAre("127.0.0.2"));
        EXPECT_TRUE(listed.authoritative);
        EXPECT_THAT(ask(server.address(), {.name = kListed, .type = "TXT"}).data,
                    ElementsAre("\"192.0.2.7 is blocked (ip) - spam\""));
        EXPECT_EQ(ask(server.address(), {.name = kUnlisted}).rcode, "NXDOMAIN");
        EXPECT_THAT(ask(server.address(), {.name = "mx.spam.example.bl.example.org"}).data,
                    ElementsAre("127.0.1.2"));
        EXPECT_EQ(ask(server.address(), {.name = "example.com"}).rcode, "REFUSED");
    }
}

TEST(LiveServer, AnswersABanFromTheNextQueryOn) {
    const LiveSite site;
    LiveServer server(site);
    EXPECT_EQ(ask_udp(server.address(), {.name = kListed}).rcode, "NXDOMAIN");
    site.ban("192.0.2.7");
    EXPECT_THAT(ask_udp(server.address(), {.name = kListed}).data, ElementsAre("127.0.0.2"));
}

TEST(LiveServer, AnswersPipelinedQueriesThatArriveByteByByte) {
    const LiveSite site;
    site.ban("192.0.2.7");
    LiveServer server(site);
    TcpClient client(server.address());
    for (const char* name : {kListed, kUnlisted, kListed}) {
        for (const std::uint8_t byte : framed(query_bytes({.name = name}))) {
            ASSERT_TRUE(client.send(Bytes{byte}));
        }
    }
    EXPECT_THAT(parse_reply(client.receive()).data, ElementsAre("127.0.0.2"));
    EXPECT_EQ(parse_reply(client.receive()).rcode, "NXDOMAIN");
    EXPECT_THAT(parse_reply(client.receive()).data, ElementsAre("127.0.0.2"));
}

TEST(LiveServer, AnswersFromTheAddressAsked) {
    const LiveSite site({.listen = R"(["0.0.0.0:0"])"});
    site.ban("192.0.2.7");
    LiveServer server(site);
    for (const char* address : {"127.0.0.1", "127.0.0.2"}) {
        // A connected socket takes datagrams from the address it has asked, and no other.
        const Reply reply = ask_udp({address, server.address().port}, {.name = kListed});
        EXPECT_THAT(reply.data, ElementsAre("127.0.0.2")) << address;
    }
}

TEST(LiveServer, ListensOnSeveralAddresses) {
    const LiveSite site(
        {.listen = R"(["127.0.0.1:0", "[::1]:0", "127.0.0.2:0"])", .server = "threads = 3"});
    site.ban("192.0.2.7");
    LiveServer server(site);
    const auto endpoints = server.endpoints();
    ASSERT_GE(endpoints.size(), 2u);  // on a machine without IPv6 the one in the middle is missing
    for (const ServerAddress& endpoint : endpoints) {
        for (int i = 0; i < 20; ++i) {  // each from another port, so that every thread has some
            EXPECT_THAT(ask_udp(endpoint, {.name = kListed}).data, ElementsAre("127.0.0.2"));
            EXPECT_THAT(ask_tcp(endpoint, {.name = kListed}).data, ElementsAre("127.0.0.2"));
        }
    }
}

TEST(LiveServer, ClosesIdleConnections) {
    const LiveSite site({.server = "tcp_idle = \"1s\""});
    LiveServer server(site);
    TcpClient silent(server.address());
    EXPECT_TRUE(silent.is_closed_by_server());
}

TEST(LiveServer, BoundsItsConnections) {
    const LiveSite site({.server = "tcp_connections = 2\nthreads = 2"});
    LiveServer server(site);
    TcpClient first(server.address());
    TcpClient second(server.address());
    ASSERT_TRUE(first.ask({.name = kListed}).is_valid);
    ASSERT_TRUE(second.ask({.name = kListed}).is_valid);
    TcpClient third(server.address());
    EXPECT_TRUE(third.is_closed_by_server());
    EXPECT_TRUE(first.ask({.name = kListed}).is_valid);
}

TEST(LiveServer, OutlivesAStormOfNonsense) {
    const LiveSite site;
    site.ban("192.0.2.7");
    LiveServer server(site);
    UdpClient udp(server.address());
    std::uint32_t random = 12345;
    const auto next = [&random] { return random = random * 1664525U + 1013904223U; };
    for (int i = 0; i < 20000; ++i) {
        Bytes message = query_bytes({.name = kListed, .edns_payload_bytes = 1232});
        if (i % 3 == 0) {  // noise
            message.resize(next() >> 16 & 0x3FF);
            for (std::uint8_t& byte : message) {
                byte = static_cast<std::uint8_t>(next() >> 24);
            }
        } else {  // nearly right
            for (std::uint32_t changes = next() >> 30; changes > 0; --changes) {
                message[(next() >> 16) % message.size()] = static_cast<std::uint8_t>(next() >> 24);
            }
            message.resize(message.size() - (next() >> 31));
        }
        udp.send(message);
        if (i % 500 == 0) {
            TcpClient tcp(server.address());
            tcp.send(framed(message));
            tcp.send(message);
        }
        if (i % 100 == 0) {  // does not run ahead of the server
            ASSERT_TRUE(ask_udp(server.address(), {.name = kListed}).is_valid);
        }
    }
    EXPECT_THAT(ask_udp(server.address(), {.name = kListed}).data, ElementsAre("127.0.0.2"));
    EXPECT_THAT(ask_tcp(server.address(), {.name = kListed}).data, ElementsAre("127.0.0.2"));
    EXPECT_EQ(server.stop().status, 0);
}

}  // namespace
}  // namespace ostrakon::test
