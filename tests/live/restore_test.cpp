// backup and restore under a running server: its next answer is right, and no worker believes what
// it remembered of the state before.
#include "support/live_site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace ostrakon::test {
namespace {

using testing::ElementsAre;

constexpr int kRounds = 10;
constexpr int kAskers = 2;

class LiveRestore : public testing::Test {
protected:
    ProcessResult tool(std::vector<std::string> words) const {
        words.insert(words.begin(), program("ostrakon"));
        words.insert(words.end(), {"--quiet", "--config", site_.configuration()});
        return run(std::move(words));
    }
    void expect_done(std::vector<std::string> words) const {
        const ProcessResult result = tool(std::move(words));
        ASSERT_EQ(result.status, 0) << result.errors;
    }
    std::string file(const std::string& name) const { return (site_.directory() / name).string(); }

    const LiveSite site_{{.server = "threads = 2",
                          .more = "[lifecycle]\nrepeat_minimum = \"0s\"\nevidence_to_lift = "
                                  "false\n[classes]\nphish = \"127.0.0.7\"\n"}};
};

std::uint32_t serial(const ServerAddress& server) {
    const Reply reply = ask_tcp(server, {.name = "bl.example.org", .type = "SOA"});
    // "ns1… hostmaster… SERIAL refresh …"
    std::string text = reply.data.at(0);
    for (int word = 0; word < 2; ++word) {
        text.erase(0, text.find(' ') + 1);
    }
    return static_cast<std::uint32_t>(std::stoul(text));
}

// Two states in which the same verdict-set numbers mean different codes; the second is asked for
// while the first is remembered, and the other way round.
TEST_F(LiveRestore, IsInTheNextAnswer) {
    LiveServer server(site_);
    ASSERT_NO_FATAL_FAILURE(expect_done({"ban", "192.0.2.7", "--reason", "x"}));
    ASSERT_NO_FATAL_FAILURE(expect_done({"backup", file("first")}));
    ASSERT_NO_FATAL_FAILURE(expect_done({"unban", "192.0.2.7", "--reason", "x"}));
    ASSERT_NO_FATAL_FAILURE(expect_done({"ban", "192.0.2.8", "--class", "phish", "--reason", "x"}));
    ASSERT_NO_FATAL_FAILURE(expect_done({"check", "--repair"}));
    ASSERT_NO_FATAL_FAILURE(expect_done({"backup", file("second")}));
    std::atomic<bool> is_done = false;
    std::atomic<int> wrong = 0;
    std::vector<std::thread> askers;
    for (int i = 0; i < kAskers; ++i) {
        askers.emplace_back([&] {
            UdpClient client(server.address());
            while (!is_done) {
                const Reply reply = client.ask({.name = "7.2.0.192.bl.example.org"});
                wrong += reply.data.empty() ? (reply.rcode == "NXDOMAIN" ? 0 : 1)
                                            : (reply.data[0] == "127.0.0.2" ? 0 : 1);
            }
        });
    }
    std::uint32_t last_serial = 0;
    for (int round = 0; round < kRounds; ++round) {
        const bool is_first = round % 2 == 0;
        ASSERT_NO_FATAL_FAILURE(expect_done({"restore", file(is_first ? "first" : "second")}));
        for (const auto ask : {ask_udp, ask_tcp}) {
            const Reply seven = ask(server.address(), {.name = "7.2.0.192.bl.example.org"});
            const Reply eight = ask(server.address(), {.name = "8.2.0.192.bl.example.org"});
            if (is_first) {
                EXPECT_THAT(seven.data, ElementsAre("127.0.0.2"));
                EXPECT_EQ(eight.rcode, "NXDOMAIN");
            } else {
                EXPECT_EQ(seven.rcode, "NXDOMAIN");
                EXPECT_THAT(eight.data, ElementsAre("127.0.0.7"));
            }
        }
        const std::uint32_t present = serial(server.address());
        EXPECT_GT(present, last_serial);
        last_serial = present;
    }
    is_done = true;
    for (std::thread& asker : askers) {
        asker.join();
    }
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(server.stop().status, 0);
}

// Every ban of a change set is in a backup, or none of them.
TEST_F(LiveRestore, TakesBackupsWhileOthersWrite) {
    std::atomic<bool> is_done = false;
    std::thread writer([&] {
        for (int i = 0; !is_done; ++i) {
            const std::string third = std::to_string(i % 250);
            tool({"ban", "198.51." + third + ".1", "198.51." + third + ".2", "--reason", "x"});
        }
    });
    for (int i = 0; i < 10; ++i) {
        const std::string name = file("backup" + std::to_string(i));
        std::vector<std::string> words{"backup", name};
        if (i % 2 == 0) {
            words.emplace_back("--compact");
        }
        EXPECT_EQ(tool(words).status, 0);
        const LiveSite other;
        const ProcessResult restored = run(
            {program("ostrakon"), "restore", name, "--config", other.configuration(), "--quiet"});
        EXPECT_EQ(restored.status, 0) << restored.errors;
        const ProcessResult listed =
            run({program("ostrakon"), "stats", "--config", other.configuration()});
        const std::size_t at = listed.output.find("own bans");
        EXPECT_EQ(std::stoi(listed.output.substr(at + 8)) % 2, 0) << listed.output;
        EXPECT_EQ(run({program("ostrakon"), "check", "--config", other.configuration()}).status, 0);
    }
    is_done = true;
    writer.join();
}

}  // namespace
}  // namespace ostrakon::test
