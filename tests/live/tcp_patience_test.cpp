// TCP clients that are slow, silent, rude or too many: UDP goes on, they are gone in time, and the
// server neither works nor grows for them.
#include "support/campaign.hpp"
#include "support/latencies.hpp"
#include "support/live_site.hpp"
#include "support/process_figures.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <functional>
#include <memory>
#include <thread>

namespace ostrakon::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr unsigned kConnectionsPerSource = 100;  // the server takes 128 from one address
constexpr int kQuestions = 1000;
constexpr std::uint16_t kPipelined = 1000;

const Question kListed{.name = "7.2.0.192.bl.example.org"};
constexpr const char* kAnswer = "127.0.0.2";

// Far below what is usual, so that nobody waits for it; the campaign has the default.
milliseconds idle_time() {
    return is_campaign() ? milliseconds(10'000) : milliseconds(1000);
}

class TcpPatience : public testing::Test {
protected:
    void start(unsigned descriptors_max = 0) {
        site_ = std::make_unique<LiveSite>(
            SiteOptions{.server = fmt::format("threads = {}\ntcp_connections = 4096\n"
                                              "tcp_idle = \"{}s\"",
                                              threads_, idle_time().count() / 1000)});
        site_->ban("192.0.2.7");
        server_ = std::make_unique<LiveServer>(*site_, ServerOptions{descriptors_max});
        udp_ = std::make_unique<UdpClient>(server_->address());
        latencies("before");
        before_ = figures();
    }

    void TearDown() override {
        if (server_) {
            // libuv keeps one in reserve for each thread that has had a connection.
            const std::size_t kept = before_.descriptors + static_cast<std::size_t>(threads_);
            EXPECT_TRUE(eventually([&] { return figures().descriptors <= kept; }))
                << "connections are left open";
            EXPECT_EQ(ask_tcp(server_->address(), kListed).data, std::vector<std::string>{kAnswer});
            EXPECT_LT(figures().anonymous_kib, before_.anonymous_kib + kFlatKib);
            EXPECT_EQ(server_->stop().status, 0);
        }
    }

    ProcessFigures figures() { return figures_of(server_->process().pid()); }

    // Every question is answered, and at once, whatever else goes on.
    void latencies(const char* when) {
        fmt::print("UDP {}: {}\n", when, ask_often(*udp_, kListed, kAnswer, kQuestions).text());
    }

    // Connections from enough addresses that the server takes them.
    std::vector<TcpClient> connect(unsigned count) {
        std::vector<TcpClient> clients;
        for (unsigned i = 0; i < count; ++i) {
            clients.emplace_back(server_->address(),
                                 fmt::format("127.0.1.{}", i / kConnectionsPerSource + 1));
        }
        return clients;
    }

    // Waits until the server has closed them all, and looks at what that has cost it.
    void expect_dropped(std::vector<TcpClient>& clients) {
        const auto begun = steady_clock::now();
        const milliseconds cpu = figures().cpu;
        for (TcpClient& client : clients) {
            ASSERT_TRUE(client.is_closed_by_server(idle_time() + kAnswerPatience));
        }
        const auto took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun);
        const milliseconds worked = figures().cpu - cpu;
        fmt::print(
            "{} connections dropped after {} ms, which took {} ms of CPU; memory {} KiB "
            "before, {} now\n",
            clients.size(), took.count(), worked.count(), before_.anonymous_kib,
            figures().anonymous_kib);
        EXPECT_LT(worked, std::max(took, idle_time()) / 2) << "waiting is not work";
    }

    // The server learns in its own time that a client has gone.
    bool eventually(const std::function<bool()>& holds) {
        const auto deadline = steady_clock::now() + kPatience;
        while (!holds()) {
            udp_->ask(kListed);
            if (steady_clock::now() > deadline) {
                return false;
            }
        }
        return true;
    }

    std::unique_ptr<LiveSite> site_;
    std::unique_ptr<LiveServer> server_;
    std::unique_ptr<UdpClient> udp_;
    ProcessFigures before_;
    int threads_ = 2;
};

Bytes framed_query(const Question& question) {
    return framed(query_bytes(question));
}

TEST_F(TcpPatience, EndsWithTwoThousandIdleConnections) {
    constexpr unsigned kWanted = 2000;
    constexpr unsigned kReserve = 100;
    const std::size_t limit = raise_descriptor_limit(kWanted + kReserve);
    start();
    std::vector<TcpClient> clients =
        connect(static_cast<unsigned>(std::min<std::size_t>(kWanted, limit - kReserve)));
    latencies("beside idle connections");
    expect_dropped(clients);
}

// The whole message would come in time if it counted that bytes arrive at all.
TEST_F(TcpPatience, EndsThoughAByteComesNowAndThen) {
    start();
    std::vector<TcpClient> clients = connect(40);
    const Bytes query = framed_query(kListed);
    const milliseconds pause = idle_time() / 10;
    const auto begun = steady_clock::now();
    bool is_any_open = true;
    for (std::size_t at = 0; at + 1 < query.size() && is_any_open; ++at) {
        is_any_open = false;
        for (TcpClient& client : clients) {
            is_any_open = client.send(Bytes{query[at]}) || is_any_open;
        }
        ::poll(nullptr, 0, static_cast<int>(pause.count()));  // what a slow client is
        latencies("beside slow clients");
    }
    EXPECT_FALSE(is_any_open) << "they could send all of a message";
    const std::chrono::duration<double> took = steady_clock::now() - begun;
    fmt::print("a byte every {} ms: dropped within {:.1f} s of the first\n", pause.count(),
               took.count());
}

TEST_F(TcpPatience, EndsWithMessagesThatStopHalfWay) {
    start();
    std::vector<TcpClient> clients = connect(50);
    const Bytes query = framed_query(kListed);
    for (std::size_t i = 0; i < clients.size(); ++i) {
        ASSERT_TRUE(clients[i].send(std::span(query).first(i % query.size())));
    }
    TcpClient and_a_half(server_->address());
    ASSERT_TRUE(and_a_half.send(query));
    ASSERT_TRUE(and_a_half.send(std::span(query).first(query.size() / 2)));
    EXPECT_EQ(parse_reply(and_a_half.receive()).data, std::vector<std::string>{kAnswer});
    clients.push_back(std::move(and_a_half));
    latencies("beside half messages");
    expect_dropped(clients);
}

TEST_F(TcpPatience, HoldsForAThousandPipelinedQuestions) {
    start();
    std::vector<TcpClient> clients = connect(8);
    Bytes stream;
    for (std::uint16_t id = 0; id < kPipelined; ++id) {
        const Bytes one =
            framed_query({.name = kListed.name, .type = id % 2 == 0 ? "A" : "TXT", .id = id});
        stream.insert(stream.end(), one.begin(), one.end());
    }
    std::vector<std::thread> senders;
    for (TcpClient& client : clients) {
        senders.emplace_back([&client, &stream] { client.send(stream); });
    }
    latencies("beside pipelined questions");
    for (TcpClient& client : clients) {
        for (std::uint16_t id = 0; id < kPipelined; ++id) {
            const Reply reply = parse_reply(client.receive());
            ASSERT_EQ(reply.id, id);
            ASSERT_EQ(reply.data.size(), 1u);
        }
    }
    for (std::thread& sender : senders) {
        sender.join();
    }
}

TEST_F(TcpPatience, IsNotTriedByResets) {
    start();
    const Bytes query = framed_query({.name = kListed.name, .type = "TXT"});
    for (unsigned i = 0; i < 1000; ++i) {
        TcpClient client(server_->address(), fmt::format("127.0.1.{}", i % 16 + 1));
        for (unsigned whole = i % 5; whole > 0; --whole) {
            client.send(query);
        }
        client.send(std::span(query).first(i % query.size()));
        client.reset();
    }
    latencies("after resets");
}

TEST_F(TcpPatience, EndsWithClientsThatNeverRead) {
    constexpr unsigned kNeverReading = 20;
    start();
    std::vector<TcpClient> clients = connect(kNeverReading);
    Bytes stream;
    for (int i = 0; i < 1000; ++i) {
        const Bytes one = framed_query({.name = kListed.name, .type = "TXT"});
        stream.insert(stream.end(), one.begin(), one.end());
    }
    // Whole streams, until the server takes no more from a client.
    for (TcpClient& client : clients) {
        for (std::size_t sent = 1; sent > 0;) {
            sent = client.send_some(stream);
        }
    }
    latencies("beside clients that never read");
    EXPECT_LT(figures().anonymous_kib, before_.anonymous_kib + kFlatKib + kNeverReading * 1024);
    // Their time begins when the kernel holds all the answers that it takes.
    for (TcpClient& client : clients) {
        ASSERT_TRUE(client.is_reset_by_server(kPatience));
    }
}

// The threads of the server take descriptors from each other.
TEST_F(TcpPatience, HoldsWithoutDescriptors) {
    constexpr unsigned kDescriptors = 64;
    threads_ = 4;
    start(kDescriptors);
    std::vector<TcpClient> clients = connect(3 * kDescriptors);
    latencies("without descriptors");
    EXPECT_LE(figures().descriptors, before_.descriptors + kDescriptors) << "not all were taken";
    std::vector<TcpClient> patient;
    for (unsigned i = 0; i < clients.size(); ++i) {
        if (i % 2 == 0) {
            clients[i].reset();  // and others take its place
        } else {
            patient.push_back(std::move(clients[i]));
        }
    }
    latencies("when some have left");
    expect_dropped(patient);
}

}  // namespace
}  // namespace ostrakon::test
