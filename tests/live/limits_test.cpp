// Limits of the running server: rates of answers over UDP, numbers of connections over TCP.
#include "support/live_site.hpp"
#include "support/process_figures.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <functional>
#include <optional>

namespace ostrakon::test {
namespace {

using std::chrono::steady_clock;
using testing::HasSubstr;

constexpr int kLimit = 20;
constexpr int kQueries = 400;
const Question kListed{.name = "7.2.0.192.bl.example.org"};

// Seconds of the clock that a stretch of time may have touched.
int seconds_touched(steady_clock::time_point begin) {
    return static_cast<int>(
               std::chrono::ceil<std::chrono::seconds>(steady_clock::now() - begin).count()) +
           1;
}

class Limits : public testing::Test {
protected:
    static SiteOptions options(const std::string& limits) {
        return {.server = "threads = 2", .more = "[limits]\nslip = 1\n" + limits};
    }
    void start(const std::string& limits) {
        site_ = std::make_unique<LiveSite>(options(limits));
        site_->ban("192.0.2.7");
        server_ = std::make_unique<LiveServer>(*site_);
    }
    void reload(const std::string& limits) {
        site_->configure(options(limits));
        server_->reload();
    }

    struct Counts {
        int whole = 0;
        int truncated = 0;
        int seconds = 0;
    };

    // Many questions from sockets of their own, which the kernel spreads over both workers. With
    // slip = 1 each gets some answer.
    Counts ask_often() {
        Counts counts;
        const auto begin = steady_clock::now();
        std::vector<UdpClient> clients;
        for (int i = 0; i < kQueries; ++i) {
            clients.emplace_back(server_->address());
            clients.back().send(query_bytes(kListed));
        }
        for (UdpClient& client : clients) {
            const Reply reply = parse_reply(client.receive());
            counts.whole += reply.data.empty() ? 0 : 1;
            counts.truncated += reply.truncated ? 1 : 0;
        }
        counts.seconds = seconds_touched(begin);
        return counts;
    }

    std::unique_ptr<LiveSite> site_;
    std::unique_ptr<LiveServer> server_;
};

const std::string kLimited = fmt::format("responses_per_second = {}\n", kLimit);

TEST_F(Limits, HoldForAllWorkersTogether) {
    start(kLimited + "exempt = []\n");
    const Counts counts = ask_often();
    EXPECT_GE(counts.whole, kLimit);
    EXPECT_LE(counts.whole, kLimit * counts.seconds);
    EXPECT_EQ(counts.whole + counts.truncated, kQueries);
    ASSERT_TRUE(server_->process().wait_for_errors("rate limiting: 0 answers dropped"));
    EXPECT_THAT(server_->process().errors(), HasSubstr("most of them for 127.0.0.0/24"));
}

TEST_F(Limits, LeaveTcpAlone) {
    start("responses_per_second = 1\nexempt = []\n");
    TcpClient client(server_->address());
    for (int i = 0; i < 100; ++i) {
        ASSERT_EQ(client.ask(kListed).data, std::vector<std::string>{"127.0.0.2"});
    }
}

TEST_F(Limits, ChangeWithAReload) {
    start("responses_per_second = 0\nexempt = []\n");
    EXPECT_EQ(ask_often().whole, kQueries);
    reload(kLimited + "exempt = []\n");
    EXPECT_LT(ask_often().whole, kQueries);
    reload(kLimited + "exempt = []\ndry_run = true\n");
    EXPECT_EQ(ask_often().whole, kQueries);
    reload(kLimited);  // this machine is exempt where nothing else is said
    EXPECT_EQ(ask_often().whole, kQueries);
    reload(kLimited + "exempt = []\n");
    EXPECT_LT(ask_often().whole, kQueries);
    reload("responses_per_second = 0\n");
    EXPECT_EQ(ask_often().whole, kQueries);
}

TEST_F(Limits, AreAnsweredForByTheCheck) {
    const LiveSite site(options("responses_per_second = 1000001\n"));
    const ProcessResult result =
        run({program("ostrakond").string(), "--check", "--config", site.configuration().string()});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.errors, HasSubstr("responses_per_second"));
}

// Somebody holds all connections that there are, and sends a byte now and then or none.
class FullHouse : public testing::Test {
protected:
    static constexpr unsigned kConnections = 64;
    static constexpr unsigned kPerSource = 16;

    FullHouse()
        : site_({.server = fmt::format("threads = 2\ntcp_connections = {}\ntcp_idle = \"1h\"",
                                       kConnections),
                 // What counts hits opens its file in its own time.
                 .more = "[hits]\ncount = false\n"}) {
        site_.ban("192.0.2.7");
        server_.emplace(site_);
        before_ = figures();
        const Bytes query = framed(query_bytes(kListed));
        for (unsigned i = 0; i < kConnections; ++i) {
            slow_.emplace_back(server_->address(), fmt::format("127.0.1.{}", i / kPerSource + 1));
            slow_.back().send(std::span(query).first(i % query.size()));
        }
    }

    ProcessFigures figures() { return figures_of(server_->process().pid()); }

    bool eventually(const std::function<bool()>& holds) {
        const auto deadline = steady_clock::now() + kPatience;
        while (!holds()) {
            if (steady_clock::now() > deadline) {
                return false;
            }
        }
        return true;
    }

    LiveSite site_;
    std::optional<LiveServer> server_;
    ProcessFigures before_;
    std::vector<TcpClient> slow_;
};

TEST_F(FullHouse, Rfc7766Section6_2_3MakesRoomForNewClients) {
    UdpClient udp(server_->address());
    for (unsigned i = 0; i < 2 * kConnections; ++i) {
        // Until the others have been idle for long enough new ones are refused.
        ASSERT_TRUE(eventually([&] {
            TcpClient client(server_->address());
            return client.ask(kListed).data == std::vector<std::string>{"127.0.0.2"};
        }));
        EXPECT_EQ(udp.ask(kListed).data, std::vector<std::string>{"127.0.0.2"});
    }
    slow_.clear();
    // libuv keeps one descriptor in reserve for each thread that has had a connection.
    EXPECT_TRUE(eventually([&] { return figures().descriptors <= before_.descriptors + 2; }))
        << "connections are left open";
    ASSERT_TRUE(server_->process().wait_for_errors("closed to make room"));
    EXPECT_EQ(server_->stop().status, 0);
}

TEST_F(FullHouse, Rfc7828Section3_3_2TellsClientsNotToStay) {
    // RFC 7828 §3.1: the option, empty in a question.
    Bytes query = query_bytes({.name = kListed.name, .edns_payload_bytes = 1232});
    query[query.size() - 1] = 4;
    constexpr std::array<std::uint8_t, 4> kKeepalive{0, 11, 0, 0};
    query.insert(query.end(), kKeepalive.begin(), kKeepalive.end());
    const auto told = [&]() -> int {
        TcpClient client(server_->address());
        client.send(framed(query));
        const Bytes answer = client.receive();
        if (answer.size() < 6 || answer[answer.size() - 5] != 11) {
            return -1;
        }
        return answer[answer.size() - 2] << 8 | answer[answer.size() - 1];
    };
    EXPECT_TRUE(eventually([&] { return told() == 0; }));
    slow_.clear();
    EXPECT_TRUE(eventually([&] { return told() == 36000; }));
}

}  // namespace
}  // namespace ostrakon::test
