// The real server's life: start, reload, a new database file, stop.
#include "support/live_site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <thread>

namespace ostrakon::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kListed = "7.2.0.192.bl.example.org";

TEST(LiveReload, TakesANewZone) {
    const LiveSite site;
    site.ban("192.0.2.7");
    LiveServer server(site);
    EXPECT_EQ(ask_udp(server.address(), {.name = "7.2.0.192.new.example.org"}).rcode, "REFUSED");
    site.write_zone("new.example.org", "[codes]\nip = \"127.0.0.9\"");
    EXPECT_THAT(server.reload(), HasSubstr("taken over: serving 2 zones"));
    EXPECT_THAT(ask_udp(server.address(), {.name = "7.2.0.192.new.example.org"}).data,
                ElementsAre("127.0.0.9"));
    EXPECT_THAT(ask_udp(server.address(), {.name = kListed}).data, ElementsAre("127.0.0.2"));
}

TEST(LiveReload, LeavesAllAsItWasWhenAnythingIsWrong) {
    const LiveSite site;
    site.ban("192.0.2.7");
    LiveServer server(site);
    site.write_zone("new.example.org");
    site.write_zone("bad.example.org", "ttl = \"soon\"\ncolour = \"red\"");
    const std::string log = server.reload();
    EXPECT_THAT(log, HasSubstr("bad.example.org.toml:4:"));
    EXPECT_THAT(log, HasSubstr("bad.example.org.toml:5:"));
    EXPECT_THAT(log, HasSubstr("not taken over: serving as before"));
    EXPECT_EQ(ask_udp(server.address(), {.name = "7.2.0.192.new.example.org"}).rcode, "REFUSED");
    EXPECT_THAT(ask_udp(server.address(), {.name = kListed}).data, ElementsAre("127.0.0.2"));
    site.write_zone("bad.example.org");
    EXPECT_THAT(server.reload(), HasSubstr("taken over: serving 3 zones"));
}

TEST(LiveReload, SaysWhatNeedsARestart) {
    const LiveSite site;
    LiveServer server(site);
    site.configure({.listen = R"(["127.0.0.3:0"])", .server = "threads = 7\ntcp_idle = \"1s\""});
    const std::string log = server.reload();
    EXPECT_THAT(log, HasSubstr("[server] listen has changed: that takes effect with a restart"));
    EXPECT_THAT(log, HasSubstr("[server] threads has changed"));
    EXPECT_THAT(log, Not(HasSubstr("[database]")));
    TcpClient silent(server.address());
    EXPECT_TRUE(silent.is_closed_by_server()) << "the new idle time holds at once";
}

TEST(LiveReload, LosesNoQuery) {
    const LiveSite site({.server = "threads = 2"});
    site.ban("192.0.2.7");
    LiveServer server(site);
    std::atomic<bool> done{false};
    std::thread reloading([&] {
        for (int i = 0; i < 50; ++i) {
            site.write_zone("new.example.org", i % 2 == 0 ? "" : "ttl = \"soon\"");
            server.reload();
        }
        done = true;
    });
    UdpClient client(server.address());
    while (!done) {
        ASSERT_THAT(client.ask({.name = kListed}).data, ElementsAre("127.0.0.2"));
    }
    reloading.join();
}

TEST(LiveStop, AnswersWhatHasArrived) {
    const LiveSite site;
    site.ban("192.0.2.7");
    LiveServer server(site);
    UdpClient udp(server.address());
    TcpClient tcp(server.address());
    ASSERT_TRUE(tcp.ask({.name = kListed}).is_valid);
    const Bytes query = query_bytes({.name = kListed});
    // Stopped, the server has the queries and the signal before it can do anything.
    server.process().signal(SIGSTOP);
    for (int i = 0; i < 20; ++i) {
        udp.send(query);
        ASSERT_TRUE(tcp.send(framed(query)));
    }
    server.process().signal(SIGTERM);
    server.process().signal(SIGCONT);
    for (int i = 0; i < 20; ++i) {
        EXPECT_THAT(parse_reply(udp.receive()).data, ElementsAre("127.0.0.2"));
        EXPECT_THAT(parse_reply(tcp.receive()).data, ElementsAre("127.0.0.2"));
    }
    EXPECT_TRUE(tcp.is_closed_by_server());
    EXPECT_EQ(server.process().wait().status, 0);
    EXPECT_FALSE(server.notifications().wait_for("STOPPING=1").empty());
}

TEST(LiveStop, ComesAfterAnInterruptToo) {
    const LiveSite site;
    LiveServer server(site);
    server.process().signal(SIGINT);
    EXPECT_EQ(server.process().wait().status, 0);
}

TEST(LiveDatabase, IsOpenedAnewWhenItsFileIsReplaced) {
    const LiveSite site({.server = "threads = 2"});
    site.ban("192.0.2.7");
    LiveServer server(site);
    ASSERT_THAT(ask_udp(server.address(), {.name = kListed}).data, ElementsAre("127.0.0.2"));
    const LiveSite other;
    other.ban("192.0.2.8");
    std::filesystem::rename(other.database() / "data.mdb", site.database() / "new");
    std::filesystem::rename(site.database() / "new", site.database() / "data.mdb");
    ASSERT_TRUE(server.process().wait_for_errors("serving from the database"));
    EXPECT_EQ(ask_udp(server.address(), {.name = kListed}).rcode, "NXDOMAIN");
    EXPECT_THAT(ask_udp(server.address(), {.name = "8.2.0.192.bl.example.org"}).data,
                ElementsAre("127.0.0.2"));
    EXPECT_EQ(server.stop().status, 0);
}

TEST(LiveDatabase, IsOpenedAnewWhenAnotherProcessHasMadeItLarger) {
    for (const bool has_been_asked_before : {false, true}) {
        SCOPED_TRACE(has_been_asked_before);
        const LiveSite site({.server = "threads = 1", .database_mib = 1});
        site.ban("192.0.2.7");
        LiveServer server(site);
        if (has_been_asked_before) {
            ASSERT_THAT(ask_udp(server.address(), {.name = kListed}).data,
                        ElementsAre("127.0.0.2"));
        }
        site.fill(20'000, 64);
        // What is larger than the map is noticed with the next question, and mended within a
        // second.
        ask_udp(server.address(), {.name = kListed});
        ASSERT_TRUE(server.process().wait_for_errors("serving from the database"));
        EXPECT_THAT(ask_udp(server.address(), {.name = kListed}).data, ElementsAre("127.0.0.2"));
        EXPECT_THAT(ask_udp(server.address(), {.name = "1.0.18.198.bl.example.org"}).data,
                    ElementsAre("127.0.0.2"));
    }
}

TEST(LiveDatabase, IsServfailWhileItCannotBeRead) {
    const LiveSite site;
    site.ban("192.0.2.7");
    LiveServer server(site);
    std::filesystem::rename(site.database() / "data.mdb", site.directory() / "kept");
    ASSERT_TRUE(server.process().wait_for_errors("the database file is gone"));
    EXPECT_THAT(ask_udp(server.address(), {.name = kListed}).data, ElementsAre("127.0.0.2"));
    const TemporaryDirectory elsewhere;
    std::filesystem::rename(elsewhere.write("data.mdb", std::string(8192, 'x')),
                            site.database() / "data.mdb");
    ASSERT_TRUE(server.process().wait_for_errors("answering SERVFAIL"));
    EXPECT_EQ(ask_udp(server.address(), {.name = kListed}).rcode, "SERVFAIL");
    EXPECT_EQ(ask_tcp(server.address(), {.name = "8.2.0.192.bl.example.org"}).rcode, "SERVFAIL");
    std::filesystem::rename(site.directory() / "kept", site.database() / "data.mdb");
    ASSERT_TRUE(server.process().wait_for_errors("serving from the database"));
    EXPECT_THAT(ask_udp(server.address(), {.name = kListed}).data, ElementsAre("127.0.0.2"));
}

}  // namespace
}  // namespace ostrakon::test
