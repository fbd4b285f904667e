// [log] queries of the running server: what was asked is in the file, and rotation loses nothing.
#include "support/dns_client.hpp"
#include "support/live_site.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace ostrakon::test {
namespace {

using testing::HasSubstr;

constexpr const char* kOn = "[log]\nqueries = \"queries.log\"\n";

std::string ask_for(const LiveServer& server, const std::string& name) {
    UdpClient client(server.address());
    client.send(query_bytes({.name = name}));
    return parse_reply(client.receive()).rcode;
}

TEST(LiveQueryLog, HoldsEveryQuestionByTheEnd) {
    LiveSite site;
    site.configure({.more = kOn});
    site.ban("192.0.2.7");
    LiveServer server{site};
    for (int i = 0; i < 50; ++i) {
        ask_for(server, fmt::format("{}.2.0.192.bl.example.org", i));
    }
    server.stop();
    const std::string log = read_file(site.directory() / "queries.log");
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 50);
    EXPECT_THAT(log, HasSubstr("Z 127.0.0.1 7.2.0.192.bl.example.org A NOERROR 127.0.0.2 -\n"));
    EXPECT_THAT(log, HasSubstr("Z 127.0.0.1 8.2.0.192.bl.example.org A NXDOMAIN - -\n"));
}

TEST(LiveQueryLog, IsReopenedSwitchedOffAndOnByAReload) {
    LiveSite site;
    site.configure({.more = kOn});
    LiveServer server{site};
    const auto file = site.directory() / "queries.log";
    ask_for(server, "1.2.0.192.bl.example.org");
    std::filesystem::rename(file, site.directory() / "queries.log.1");
    server.reload();
    ask_for(server, "2.2.0.192.bl.example.org");
    site.configure({});
    server.reload();
    ask_for(server, "3.2.0.192.bl.example.org");
    const std::string rotated = read_file(site.directory() / "queries.log.1");
    EXPECT_THAT(rotated, HasSubstr("1.2.0.192"));
    const std::string log = read_file(file);
    EXPECT_THAT(rotated + log, HasSubstr("2.2.0.192"));
    EXPECT_THAT(log, testing::Not(HasSubstr("3.2.0.192")));
    site.configure({.more = std::string{kOn} + "queries_client = \"none\"\n"});
    server.reload();
    ask_for(server, "4.2.0.192.bl.example.org");
    server.stop();
    EXPECT_THAT(read_file(file), HasSubstr("Z - 4.2.0.192.bl.example.org A NXDOMAIN - -\n"));
}

TEST(LiveQueryLog, ThatCannotBeOpenedIsNoReload) {
    LiveSite site;
    LiveServer server{site};
    site.configure({.more = "[log]\nqueries = \"none/queries.log\"\n"});
    EXPECT_THAT(server.reload(), HasSubstr("serving as before"));
    EXPECT_EQ(ask_for(server, "1.2.0.192.bl.example.org"), "NXDOMAIN");
}

TEST(LiveQueryLog, IsReadByCompare) {
    LiveSite site;
    site.configure({.more = kOn});
    site.ban("192.0.2.7");
    LiveServer server{site};
    for (const char* name : {"7.2.0.192.bl.example.org", "8.2.0.192.bl.example.org"}) {
        ask_for(server, name);
    }
    server.stop();
    LiveServer again{site};
    const ProcessResult compared = run(ProcessOptions{
        .arguments = {program("ostrakon").string(), "--config", site.configuration().string(),
                      "compare", (site.directory() / "queries.log").string(), "--against",
                      fmt::format("127.0.0.1:{}", again.address().port)},
        .environment = {}});
    EXPECT_EQ(compared.status, 0) << compared.errors << compared.output;
    EXPECT_THAT(compared.output, HasSubstr("2 questions of 2 lines"));
}

}  // namespace
}  // namespace ostrakon::test
