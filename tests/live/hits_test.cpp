// Hits of listings of the running server: kept when it ends, and most of them when it is killed.
#include "ostrakon/hits/hit_file.hpp"
#include "support/dns_client.hpp"
#include "support/live_site.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace ostrakon::test {
namespace {

void ask_for(const LiveServer& server, const std::string& name, int times) {
    UdpClient client(server.address());
    for (int i = 0; i < times; ++i) {
        client.send(query_bytes({.name = name}));
        ASSERT_EQ(parse_reply(client.receive()).rcode, "NOERROR");
    }
}

// All hits in the file of a site.
std::uint64_t kept_hits(const LiveSite& site) {
    const auto counts = hits::read_counts(site.database() / "hits");
    EXPECT_TRUE(counts) << message(counts.error());
    std::uint64_t sum = 0;
    if (counts && *counts) {
        for (const hits::Counter& counter : (*counts)->counters) {
            sum += counter.hits;
        }
    }
    return sum;
}

TEST(LiveHits, AreKeptWhenTheServerEnds) {
    LiveSite site;
    site.ban("192.0.2.7");
    for (int run = 1; run <= 2; ++run) {
        LiveServer server{site};
        ask_for(server, "7.2.0.192.bl.example.org", 5);
        server.stop();
        EXPECT_EQ(kept_hits(site), 5U * run);
    }
}

TEST(LiveHits, SurviveAKillAsTheyWereLastWritten) {
    LiveSite site;
    site.ban("192.0.2.7");
    {
        LiveServer server{site};
        ask_for(server, "7.2.0.192.bl.example.org", 5);
        server.reload();  // has them written
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (kept_hits(site) < 5 && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::yield();
        }
        ask_for(server, "7.2.0.192.bl.example.org", 3);
        server.process().signal(SIGKILL);
        server.process().wait();
    }
    EXPECT_GE(kept_hits(site), 5U);
    LiveServer again{site};
    ask_for(again, "7.2.0.192.bl.example.org", 2);
    again.stop();
    EXPECT_GE(kept_hits(site), 7U);
    EXPECT_LE(kept_hits(site), 10U);
}

TEST(LiveHits, ThatAreDamagedBeginAnew) {
    LiveSite site;
    site.ban("192.0.2.7");
    site.write("db/hits", "no such file");
    LiveServer server{site};
    ask_for(server, "7.2.0.192.bl.example.org", 2);
    const ProcessResult ended = server.stop();
    EXPECT_THAT(ended.errors, testing::HasSubstr("the file is damaged"));
    EXPECT_EQ(kept_hits(site), 2U);
}

TEST(LiveHits, AreNotCountedWhereThatIsOff) {
    LiveSite site;
    site.configure({.more = "[hits]\ncount = false\n"});
    site.ban("192.0.2.7");
    LiveServer server{site};
    ask_for(server, "7.2.0.192.bl.example.org", 2);
    site.configure({.more = "[hits]\ncount = true\n"});
    server.reload();
    ask_for(server, "7.2.0.192.bl.example.org", 3);
    site.configure({.more = "[hits]\ncount = false\n"});
    server.reload();
    ask_for(server, "7.2.0.192.bl.example.org", 4);
    EXPECT_EQ(kept_hits(site), 3U);
}

TEST(LiveHits, ThatCannotBeWrittenStopNobody) {
    LiveSite site;
    site.configure({.more = "[hits]\nfile = \"none/hits\"\n"});
    site.ban("192.0.2.7");
    LiveServer server{site};
    ask_for(server, "7.2.0.192.bl.example.org", 2);
    EXPECT_THAT(server.stop().errors, testing::HasSubstr("counted, but not kept"));
}

}  // namespace
}  // namespace ostrakon::test
