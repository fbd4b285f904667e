// Packets by the hundred thousand that nobody should send: the server answers each as the rules
// allow, goes on answering everybody else, and does not grow.
#include "scenario/runner/command_runner.hpp"
#include "support/answer_rules.hpp"
#include "support/campaign.hpp"
#include "support/crowded_site.hpp"
#include "support/latencies.hpp"
#include "support/live_site.hpp"
#include "support/packet_draw.hpp"
#include "support/process_figures.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <random>
#include <thread>

namespace ostrakon::test {
namespace {

constexpr std::uint64_t kUdpPackets = 60'000;
constexpr std::uint64_t kTcpPackets = 15'000;
constexpr std::uint64_t kUdpPacketsOfCampaign = 400'000;
constexpr std::uint64_t kTcpPacketsOfCampaign = 100'000;

constexpr unsigned kWindow = 32;  // packets under way at once: fewer than any socket holds
constexpr unsigned kUdpClients = 4;
constexpr unsigned kTcpSources = 16;
constexpr unsigned kFramesMax = 12;
constexpr std::chrono::milliseconds kSlow{250};

const Question kGood{.name = "8.2.0.192.bl.example.org", .type = "A", .id = 0xFFFF};
constexpr const char* kGoodAnswer = "127.0.0.4";

class HostilePackets : public testing::Test {
protected:
    HostilePackets() {
        std::filesystem::remove_all(site_.directory() / "zones");
        for (const auto& [path, text] : crowded_site_files()) {
            if (path.starts_with("zones/")) {
                site_.write(path, text);
            }
        }
        site_.configure({.server = "threads = 2\nversion = \"ostrakon\"\nnsid = \"ns1\""});
        fill();
        server_ = std::make_unique<LiveServer>(site_);
    }

    void fill() {
        const auto settings = config::read_settings(site_.configuration());
        ASSERT_TRUE(settings) << message(settings.error());
        auto environment = store::Environment::open(
            {.directory = site_.database(), .access = store::Access::ReadWrite, .size_bytes = {}});
        ASSERT_TRUE(environment) << message(environment.error());
        for (const auto& words : crowded_site_commands()) {
            std::string output;
            ASSERT_EQ(scenario::run_command(*environment, *settings, {.words = words, .input = {}},
                                            now(), output),
                      0)
                << output;
        }
    }

    // The server learns in its own time that a client has gone.
    bool eventually(const std::function<bool()>& holds) {
        const auto deadline = std::chrono::steady_clock::now() + kPatience;
        while (!holds()) {
            ask_udp(server_->address(), kGood);
            if (std::chrono::steady_clock::now() > deadline) {
                return false;
            }
        }
        return true;
    }

    ProcessFigures figures() { return figures_of(server_->process().pid()); }

    LiveSite site_;
    std::unique_ptr<LiveServer> server_;
};

void set_id(Bytes& packet, std::uint16_t id) {
    if (packet.size() >= 2) {
        packet[0] = static_cast<std::uint8_t>(id >> 8);
        packet[1] = static_cast<std::uint8_t>(id);
    }
}

std::string in_hex(const Bytes& packet) {
    return fmt::format("{:02x}", fmt::join(packet, " "));
}

// Sends packets with ids of their own and a good question behind them. One socket's packets are
// answered in their order: once the good one has its answer, all others have theirs.
void storm_over_udp(UdpClient& client, PacketDraw& draw) {
    std::vector<Bytes> packets(kWindow);
    for (std::uint16_t id = 0; id < kWindow; ++id) {
        packets[id] = draw.packet();
        set_id(packets[id], id);
        client.send(packets[id]);
    }
    client.send(query_bytes(kGood));
    std::vector<Bytes> answers(kWindow);
    for (;;) {
        const Bytes answer = client.receive();
        ASSERT_GE(answer.size(), 12u) << "the good question was not answered";
        const auto id = static_cast<std::uint16_t>(answer[0] << 8 | answer[1]);
        if (id == kGood.id) {
            EXPECT_EQ(parse_reply(answer).rcode, "NOERROR");
            break;
        }
        ASSERT_LT(id, kWindow) << "an answer that nobody asked for";
        ASSERT_TRUE(answers[id].empty()) << "answered twice: " << in_hex(packets[id]);
        answers[id] = answer;
    }
    for (std::uint16_t id = 0; id < kWindow; ++id) {
        ASSERT_EQ(broken_rule(packets[id], answers[id], {}), "") << in_hex(packets[id]);
    }
}

// Pipelines packets; what cannot be answered ends the connection. Returns how many were sent.
std::uint64_t storm_over_tcp(const ServerAddress& server, const std::string& source,
                             PacketDraw& draw) {
    TcpClient client(server, source);
    std::vector<Bytes> packets(draw.below(kFramesMax) + 1);
    Bytes stream;
    for (Bytes& packet : packets) {
        packet = draw.packet();
        const Bytes frame = framed(packet);
        stream.insert(stream.end(), frame.begin(), frame.end());
    }
    if (draw.chance(30)) {  // the start of a message that never comes
        const std::string rest = draw.bytes(30);
        stream.insert(stream.end(), {2, 0});
        stream.insert(stream.end(), rest.begin(), rest.end());
    }
    client.send(stream);
    for (const Bytes& packet : packets) {
        const Bytes answer = client.receive();
        EXPECT_EQ(broken_rule(packet, answer, {.over_tcp = true}), "") << in_hex(packet);
        if (answer.empty()) {
            EXPECT_TRUE(client.is_closed_by_server());
            break;
        }
    }
    client.reset();
    return packets.size();
}

// Asks the good question, again and again, until it is told to finish.
class PoliteClient {
public:
    explicit PoliteClient(const ServerAddress& server) : thread_([this, server] { ask(server); }) {}
    ~PoliteClient() { finish(); }

    const Latencies& finish() {
        is_done_ = true;
        if (thread_.joinable()) {
            thread_.join();
        }
        return latencies_;
    }
    const std::string& failure() const { return failure_; }

private:
    void ask(const ServerAddress& server) {
        UdpClient client(server);
        try {
            while (!is_done_) {
                const auto asked = std::chrono::steady_clock::now();
                ask_often(client, kGood, kGoodAnswer, 1);
                latencies_.add(std::chrono::steady_clock::now() - asked);
            }
        } catch (const std::runtime_error& problem) {
            failure_ = problem.what();
        }
    }

    std::atomic<bool> is_done_{false};
    Latencies latencies_;
    std::string failure_;
    std::thread thread_;
};

TEST_F(HostilePackets, AreOutlivedByAServerThatDoesNotGrow) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(fmt::format("seed {}", seed));
    PacketDraw draw{seed};
    const std::uint64_t over_udp = is_campaign() ? kUdpPacketsOfCampaign : kUdpPackets;
    const std::uint64_t over_tcp = is_campaign() ? kTcpPacketsOfCampaign : kTcpPackets;
    std::vector<UdpClient> clients;
    for (unsigned i = 0; i < kUdpClients; ++i) {  // so that each thread of the server has some
        clients.emplace_back(server_->address());
    }
    ask_often(clients.front(), kGood, kGoodAnswer, 1000);
    const ProcessFigures before = figures();
    PoliteClient polite(server_->address());
    for (std::uint64_t sent = 0; sent < over_udp; sent += kWindow) {
        ASSERT_NO_FATAL_FAILURE(storm_over_udp(clients[sent / kWindow % kUdpClients], draw));
    }
    unsigned source = 0;
    for (std::uint64_t sent = 0; sent < over_tcp && !HasFailure();) {
        sent += storm_over_tcp(server_->address(),
                               fmt::format("127.0.1.{}", source++ % kTcpSources + 1), draw);
    }
    const Latencies& latencies = polite.finish();
    EXPECT_EQ(polite.failure(), "");
    // libuv keeps one in reserve for each of the two threads once it has had a connection.
    EXPECT_TRUE(eventually([&] { return figures().descriptors <= before.descriptors + 2; }))
        << "connections are left open";
    const ProcessFigures after = figures();
    EXPECT_LT(after.anonymous_kib, before.anonymous_kib + kFlatKib);
    fmt::print(
        "{} packets over UDP, {} over TCP; good questions meanwhile: {}, {} above {} ms; "
        "memory {} KiB before, {} after\n",
        over_udp, over_tcp, latencies.text(), latencies.count_above(kSlow), kSlow.count(),
        before.anonymous_kib, after.anonymous_kib);
    EXPECT_EQ(server_->stop().status, 0);
}

}  // namespace
}  // namespace ostrakon::test
