// What LMDB does to a server that does not take care: maps that are outgrown under it, states that
// are held for ever, address space that is not there.
#include "support/live_site.hpp"
#include "support/sanitizer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

namespace ostrakon::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kListed = "7.2.0.192.bl.example.org";

ProcessResult tool(const LiveSite& site, std::vector<std::string> words) {
    words.insert(words.begin(), program("ostrakon"));
    words.insert(words.end(), {"--config", site.configuration()});
    return run(std::move(words));
}

// Another process has a larger size, again and again, while all workers are asked.
TEST(LiveTraps, AnOutgrownMapIsReplacedWhileWorkersAnswer) {
    const LiveSite site({.server = "threads = 2", .database_mib = 1});
    site.ban("192.0.2.7");
    LiveServer server(site);
    std::atomic<bool> is_done = false;
    std::atomic<int> wrong = 0;
    std::atomic<int> right = 0;
    std::vector<std::thread> askers;
    for (int i = 0; i < 3; ++i) {
        askers.emplace_back([&] {
            while (!is_done) {
                UdpClient client(server.address());  // each port finds its own worker
                const Reply reply = client.ask({.name = kListed});
                const bool is_right = reply.data == std::vector<std::string>{"127.0.0.2"};
                right += is_right ? 1 : 0;
                wrong += is_right || reply.rcode == "SERVFAIL" ? 0 : 1;
            }
        });
    }
    struct Step {
        unsigned addresses, mib;
    };
    for (const auto& [addresses, mib] : {Step{20'000, 16}, Step{150'000, 256}}) {
        const std::size_t before = server.process().errors().size();
        site.fill(addresses, mib);
        EXPECT_TRUE(server.process().wait_for_errors("serving from the database", before));
        EXPECT_THAT(ask_udp(server.address(), {.name = "1.0.18.198.bl.example.org"}).data,
                    ElementsAre("127.0.0.2"));
    }
    is_done = true;
    for (std::thread& asker : askers) {
        asker.join();
    }
    EXPECT_EQ(wrong, 0);
    EXPECT_GT(right, 0);
    EXPECT_EQ(server.stop().status, 0);
}

// One held state costs the file some 100 KiB with every ban.
TEST(LiveTraps, AnIdleServerHoldsNoState) {
    const LiveSite site({.server = "threads = 2"});
    site.ban("192.0.2.7");
    LiveServer server(site);
    TcpClient idle(server.address());
    for (int i = 0; i < 8; ++i) {
        ASSERT_THAT(ask_udp(server.address(), {.name = kListed}).data, ElementsAre("127.0.0.2"));
        ASSERT_THAT(idle.ask({.name = kListed}).data, ElementsAre("127.0.0.2"));
    }
    site.ban("192.0.2.8");
    site.ban("192.0.2.9");
    // The worker that answered last may still be on its way to sleep.
    ProcessResult stats = tool(site, {"stats"});
    for (int i = 0; i < 100 && stats.output.find("oldest reader") != std::string::npos; ++i) {
        stats = tool(site, {"stats"});
    }
    EXPECT_THAT(stats.output, Not(HasSubstr("oldest reader")));
}

TEST(LiveTraps, TooLittleAddressSpaceIsNamed) {
    if (test::kIsSanitized) {
        GTEST_SKIP() << "the sanitizer needs more address space than the limit of this test";
    }
    const LiveSite site({.database_mib = 65'536});
    for (const char* words : {"ostrakond", "ostrakon list"}) {
        const ProcessResult result =
            run({"sh", "-c", "ulimit -v 4000000; exec $0/" + std::string(words) + " --config $1",
                 program("").string(), site.configuration()});
        EXPECT_NE(result.status, 0);
        EXPECT_EQ(result.output, "");
        EXPECT_THAT(result.errors, HasSubstr("RLIMIT_AS"));
        EXPECT_THAT(result.errors, HasSubstr("[database] size"));
        EXPECT_EQ(std::count(result.errors.begin(), result.errors.end(), '\n'), 1) << result.errors;
    }
}

}  // namespace
}  // namespace ostrakon::test
