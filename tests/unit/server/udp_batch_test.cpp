// Batches of queries through real sockets.
#include "ostrakon/server/udp_batch.hpp"

#include "ostrakon/server/listeners.hpp"
#include "stub_handler.hpp"
#include "support/allocation_counter.hpp"
#include "support/dns_client.hpp"
#include "support/process.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <cstring>
#include <optional>
#include <thread>

namespace ostrakon::server {
namespace {

using test::Bytes;
using test::UdpClient;

bool has_ipv6() {
    const config::Endpoint wanted{net::Ipv6{1}, 0};
    return bind_listeners(std::span(&wanted, 1), 1).has_value();
}

Bytes query(std::uint16_t id) {
    return test::query_bytes({.name = "2.0.0.127.bl.example.org", .id = id});
}

// One listening socket, its batch and its handler.
class Service {
public:
    explicit Service(const char* address) {
        const config::Endpoint wanted{*net::parse_address(address), 0};
        auto bound = bind_listeners(std::span(&wanted, 1), 1);
        EXPECT_TRUE(bound) << message(bound.error());
        listeners_ = std::move(*bound);
    }
    std::uint16_t port() const { return listeners_.endpoints[0].port; }
    UdpBatch::Socket socket() const {
        const ListenerSockets& sockets = listeners_.workers[0][0];
        return {sockets.udp.get(), sockets.is_wildcard};
    }
    std::size_t serve(int rounds_max = kRoundsMax) {
        return batch.serve(socket(), handler, rounds_max);
    }
    // A datagram that has been sent arrives in its own time. Serves until `count` have come, or
    // waits in vain.
    std::size_t serve_until(std::size_t count) {
        std::size_t total = 0;
        while (total < count && is_readable()) {
            total += serve();
        }
        return total;
    }
    // Sends queries 0 to count - 1 and waits until all of them wait at the socket.
    void fill(UdpClient& client, std::uint16_t count) {
        client.send(query(0));
        ASSERT_TRUE(is_readable());
        const std::uint32_t one = memory_in_use();
        for (std::uint16_t i = 1; i < count; ++i) {
            client.send(query(i));
        }
        const auto deadline = std::chrono::steady_clock::now() + test::kAnswerPatience;
        while (memory_in_use() < count * one) {
            ASSERT_LT(std::chrono::steady_clock::now(), deadline);
            std::this_thread::yield();
        }
    }

    StubRecord record;
    StubHandler handler{record};
    UdpBatch batch;

private:
    int fd() const { return listeners_.workers[0][0].udp.get(); }
    bool is_readable() const {
        pollfd readable{fd(), POLLIN, 0};
        return ::poll(&readable, 1, static_cast<int>(test::kAnswerPatience.count()) * 1000) > 0;
    }
    // What the kernel keeps for the datagrams that wait (sock_diag(7)).
    std::uint32_t memory_in_use() const {
        std::array<std::uint32_t, SK_MEMINFO_VARS> memory{};
        socklen_t size = sizeof memory;
        ::getsockopt(fd(), SOL_SOCKET, SO_MEMINFO, memory.data(), &size);
        return memory[SK_MEMINFO_RMEM_ALLOC];
    }
    Listeners listeners_;
};

TEST(UdpBatch, AnswersWhatWaits) {
    Service service("127.0.0.1");
    UdpClient client({"127.0.0.1", service.port()});
    ASSERT_NO_FATAL_FAILURE(service.fill(client, 100));
    EXPECT_EQ(service.serve(), 100u);
    EXPECT_EQ(service.record.batches, 2u);
    EXPECT_EQ(service.record.unrenewed, 0u);
    for (std::uint16_t i = 0; i < 100; ++i) {
        EXPECT_EQ(test::parse_reply(client.receive()).id, i);
    }
    EXPECT_EQ(service.batch.counters().received, 100u);
    EXPECT_EQ(service.batch.counters().sent, 100u);
}

TEST(UdpBatch, LeavesOthersTheirTurn) {
    Service service("127.0.0.1");
    UdpClient client({"127.0.0.1", service.port()});
    ASSERT_NO_FATAL_FAILURE(service.fill(client, 3 * kBatchSizeMax));
    EXPECT_EQ(service.serve(2), 2 * kBatchSizeMax);
    EXPECT_EQ(service.serve(2), kBatchSizeMax);
    EXPECT_EQ(service.serve(2), 0u);
}

TEST(UdpBatch, PresentsTheClientInItsOwnFamily) {
    Service ipv4("127.0.0.1");
    UdpClient({"127.0.0.1", ipv4.port()}).send(query(1));
    EXPECT_EQ(ipv4.serve_until(1), 1u);
    EXPECT_EQ(ipv4.handler.last_client.address, net::Address{net::Ipv4{0x7F000001}});
    EXPECT_EQ(ipv4.handler.last_client.transport, responder::Transport::Udp);
}

TEST(UdpBatch, PresentsIpv6Clients) {
    if (!has_ipv6()) {
        GTEST_SKIP() << "this machine has no IPv6";
    }
    Service ipv6("::1");
    UdpClient({"::1", ipv6.port()}).send(query(1));
    EXPECT_EQ(ipv6.serve_until(1), 1u);
    EXPECT_EQ(ipv6.handler.last_client.address, net::Address{net::Ipv6{1}});
}

TEST(UdpBatch, AnswersFromTheAddressAsked) {
    Service ipv4("0.0.0.0");
    for (const char* asked : {"127.0.0.1", "127.0.0.2", "127.1.2.3"}) {
        UdpClient client({asked, ipv4.port()});  // connected: takes answers from there alone
        client.send(query(5));
        EXPECT_EQ(ipv4.serve_until(1), 1u);
        EXPECT_EQ(test::parse_reply(client.receive()).id, 5) << asked;
    }
}

// What one batch leaves in the buffers is nothing that the next one may go by.
TEST(UdpBatch, ServesSocketsOfEveryKindInTurn) {
    Service plain("127.0.0.1");
    Service wildcard("0.0.0.0");
    std::optional<Service> ipv6;
    if (has_ipv6()) {
        ipv6.emplace("::1");
    }
    UdpBatch& shared = plain.batch;
    std::size_t sent = 0;
    const auto ask = [&](Service& service, const char* address, std::uint16_t count) {
        UdpClient client({address, service.port()});
        ASSERT_NO_FATAL_FAILURE(service.fill(client, count));
        EXPECT_EQ(shared.serve(service.socket(), service.handler), count) << address;
        for (std::uint16_t i = 0; i < count; ++i) {
            EXPECT_EQ(test::parse_reply(client.receive()).id, i) << address;
        }
        EXPECT_EQ(shared.counters().sent, sent += count) << address;
    };
    for (const std::uint16_t count : std::array<std::uint16_t, 6>{1, 3, 2, 40, 1, 64}) {
        ask(wildcard, "127.0.0.2", count);
        ask(plain, "127.0.0.1", count);
        ask(plain, "127.0.0.1", 1);
        ask(wildcard, "127.1.2.3", 2);
        ask(wildcard, "127.0.0.1", count);
        if (ipv6) {
            ask(*ipv6, "::1", 2);
            ask(plain, "127.0.0.1", 2);
            ask(*ipv6, "::1", count);
        }
    }
}

// A thread of its own enters a network of its own, in which it is free to add addresses.
TEST(UdpBatch, AnswersFromTheIpv6AddressAsked) {
    bool has_network = false;
    std::thread([&has_network] {
        has_network =
            ::unshare(CLONE_NEWNET) == 0 &&
            test::run({"sh", "-c",
                       "ip link set lo up && ip addr add 2001:db8::1/128 dev lo nodad && "
                       "ip addr add 2001:db8::2/128 dev lo nodad && "
                       // The kernel makes their routes in its own time.
                       "until [ $(ip -6 route show table local | grep -c 2001:db8:) = 2 ]; do "
                       ":; done"})
                    .status == 0;
        if (!has_network) {
            return;
        }
        Service service("::");
        for (const char* asked : {"2001:db8::2", "::1"}) {
            // Left to itself the system would answer from the client's own address.
            UdpClient client({asked, service.port()}, "2001:db8::1");
            client.send(query(6));
            EXPECT_EQ(service.serve_until(1), 1u);
            EXPECT_EQ(test::parse_reply(client.receive()).id, 6) << asked;
        }
    }).join();
    if (!has_network) {
        GTEST_SKIP() << "needs root, ip and IPv6";
    }
}

TEST(UdpBatch, KeepsQuietWhereThereIsNoAnswer) {
    Service service("127.0.0.1");
    UdpClient client({"127.0.0.1", service.port()});
    Bytes answer = query(1);
    answer[2] |= 0x80;
    client.send(answer);
    client.send(Bytes{1, 2, 3});
    client.send(Bytes{});
    client.send(query(2));
    EXPECT_EQ(service.serve_until(4), 4u);
    EXPECT_EQ(test::parse_reply(client.receive()).id, 2);
    EXPECT_EQ(service.batch.counters().unanswered, 3u);
}

TEST(UdpBatch, DoesNotLookAtWhatIsTooLong) {
    Service service("127.0.0.1");
    UdpClient client({"127.0.0.1", service.port()});
    client.send(Bytes(kUdpQuerySizeMax + 1, 0));
    client.send(Bytes(65507, 0));
    client.send(Bytes(kUdpQuerySizeMax, 0));
    EXPECT_EQ(service.serve_until(3), 3u);
    EXPECT_EQ(service.record.queries, 1u);
    EXPECT_EQ(service.batch.counters().unanswerable, 2u);
}

TEST(UdpBatch, AllocatesNothing) {
    Service service("0.0.0.0");
    UdpClient client({"127.0.0.1", service.port()});
    ASSERT_NO_FATAL_FAILURE(service.fill(client, 10));
    const std::size_t before = test::allocation_count();
    EXPECT_EQ(service.serve(), 10u);
    EXPECT_EQ(test::allocation_count(), before);
}

// A UDP header of our own, with any source port and no checksum.
bool send_from_port(std::uint16_t source, int raw_socket, std::uint16_t port,
                    const Bytes& message) {
    udphdr header{};
    header.source = htons(source);
    header.dest = htons(port);
    header.len = htons(static_cast<std::uint16_t>(sizeof header + message.size()));
    Bytes datagram(sizeof header + message.size());
    std::memcpy(datagram.data(), &header, sizeof header);
    std::copy(message.begin(), message.end(), datagram.begin() + sizeof header);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::sendto(raw_socket, datagram.data(), datagram.size(), 0,
                    reinterpret_cast<const sockaddr*>(&to), sizeof to) > 0;
}

TEST(UdpBatch, LosesNoAnswerToAQueryFromPortZero) {
    const FileDescriptor raw(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_UDP));
    if (!raw.is_open()) {
        GTEST_SKIP() << "raw sockets need root";
    }
    Service service("127.0.0.1");
    UdpClient client({"127.0.0.1", service.port()});
    for (std::uint16_t i = 0; i < 20; ++i) {
        if (i % 5 == 0) {
            ASSERT_TRUE(send_from_port(0, raw.get(), service.port(), query(99)));
        }
        client.send(query(i));
    }
    EXPECT_EQ(service.serve_until(24), 24u);
    for (std::uint16_t i = 0; i < 20; ++i) {
        EXPECT_EQ(test::parse_reply(client.receive()).id, i);
    }
    EXPECT_EQ(service.batch.counters().unanswerable, 4u);
    EXPECT_EQ(service.batch.counters().send_failed, 0u);
}

// A forged question that seems to come from chargen would be answered for ever.
TEST(UdpBatch, TalksToNoServiceThatAnswersToAnything) {
    const FileDescriptor raw(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_UDP));
    if (!raw.is_open()) {
        GTEST_SKIP() << "raw sockets need root";
    }
    Service service("127.0.0.1");
    constexpr auto kNoClients = std::to_array<std::uint16_t>({0, 7, 13, 17, 19, 37});
    constexpr auto kClients = std::to_array<std::uint16_t>({1, 53, 63, 64, 71, 123, 1024, 65535});
    for (const std::uint16_t port : kNoClients) {
        ASSERT_TRUE(send_from_port(port, raw.get(), service.port(), query(1)));
    }
    EXPECT_EQ(service.serve_until(kNoClients.size()), kNoClients.size());
    EXPECT_EQ(service.batch.counters().unanswerable, kNoClients.size());
    EXPECT_EQ(service.batch.counters().sent, 0u);
    for (const std::uint16_t port : kClients) {
        ASSERT_TRUE(send_from_port(port, raw.get(), service.port(), query(1)));
    }
    EXPECT_EQ(service.serve_until(kClients.size()), kClients.size());
    EXPECT_EQ(service.batch.counters().sent, kClients.size());
}

}  // namespace
}  // namespace ostrakon::server
