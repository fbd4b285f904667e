// What the server needs to start, and the one clear line when that is not there.
#include "support/live_site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace ostrakon::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kListed = "7.2.0.192.bl.example.org";

ProcessResult start(const LiveSite& site, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{program("ostrakond"), "--config", site.configuration()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(std::move(arguments));
}

// A start that fails says why in one line and exits 1.
void expect_refusal(const ProcessResult& result, const std::string& why) {
    EXPECT_EQ(result.status, 1);
    EXPECT_EQ(result.output, "");
    EXPECT_THAT(result.errors, AllOf(StartsWith("ostrakond: "), HasSubstr(why), EndsWith("\n")));
    EXPECT_EQ(std::count(result.errors.begin(), result.errors.end(), '\n'), 1) << result.errors;
}

TEST(LiveStart, SaysItsVersion) {
    const ProcessResult result = run({program("ostrakond"), "--version"});
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.output, StartsWith("ostrakond "));
}

TEST(LiveStart, RefusesWhatItDoesNotKnow) {
    EXPECT_EQ(run({program("ostrakond"), "--colour"}).status, 1);
    EXPECT_EQ(run({program("ostrakond"), "file"}).status, 1);
}

TEST(LiveStart, NeedsAConfiguration) {
    expect_refusal(run({program("ostrakond"), "--config", "/nonexistent/ostrakon.toml"}),
                   "/nonexistent/ostrakon.toml");
}

TEST(LiveStart, TellsEveryMistakeOfTheConfiguration) {
    const LiveSite site;
    site.write_zone("bad.example.org", "ttl = \"soon\"\ncolour = \"red\"");
    const ProcessResult result = start(site);
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.errors,
                AllOf(HasSubstr("bad.example.org.toml:4:"), HasSubstr("bad.example.org.toml:5:")));
}

TEST(LiveStart, NeedsADatabase) {
    const LiveSite site;
    std::filesystem::remove_all(site.database());
    std::filesystem::create_directory(site.database());
    expect_refusal(start(site), "open database " + site.database().string());
    EXPECT_TRUE(std::filesystem::is_empty(site.database()));
}

TEST(LiveStart, RefusesAForeignDatabase) {
    const LiveSite site;
    const TemporaryDirectory elsewhere;
    std::filesystem::copy_file(elsewhere.write("data.mdb", std::string(8192, 'x')),
                               site.database() / "data.mdb",
                               std::filesystem::copy_options::overwrite_existing);
    expect_refusal(start(site), "not a database of this program");
    EXPECT_EQ(read_file(site.database() / "data.mdb"), std::string(8192, 'x'));
}

TEST(LiveStart, RefusesAPortInUse) {
    const LiveSite first;
    LiveServer server(first);
    const std::string endpoint = "127.0.0.1:" + std::to_string(server.address().port);
    const LiveSite second({.listen = "[\"" + endpoint + "\"]"});
    expect_refusal(start(second), "listen on " + endpoint + " (UDP): Address already in use");
    EXPECT_TRUE(ask_udp(server.address(), {.name = kListed}).is_valid);
}

TEST(LiveStart, RefusesAUserThatIsNotThere) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "only root changes its user";
    }
    const LiveSite site({.user = "nobody-of-this-name"});
    expect_refusal(start(site), "there is no such user");
}

TEST(LiveStart, GivesUpRoot) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "only root changes its user";
    }
    const LiveSite site({.user = "nobody"});
    site.ban("192.0.2.7");
    const ProcessResult owned = run({"chown", "-R", "nobody", site.directory()});
    ASSERT_EQ(owned.status, 0) << owned.errors;
    LiveServer server(site);
    EXPECT_EQ(ask_udp(server.address(), {.name = kListed}).rcode, "NOERROR");
    const std::string status =
        read_file("/proc/" + std::to_string(server.process().pid()) + "/status");
    const std::string nobody = run({"id", "-u", "nobody"}).output;
    const std::string uid = nobody.substr(0, nobody.find('\n'));
    EXPECT_THAT(status, HasSubstr("Uid:\t" + uid + "\t" + uid + "\t" + uid + "\t" + uid + "\n"));
    for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapAmb"}) {
        EXPECT_THAT(status, HasSubstr(std::string(set) + ":\t0000000000000000\n"));
    }
    EXPECT_THAT(status, HasSubstr("NoNewPrivs:\t1\n"));
    EXPECT_EQ(server.stop().status, 0);
}

TEST(LiveStart, OpensTheDatabaseAsTheUser) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "only root changes its user";
    }
    const LiveSite site({.user = "nobody"});
    std::filesystem::permissions(site.directory(), std::filesystem::perms::all);
    std::filesystem::permissions(site.database(), std::filesystem::perms::owner_all);
    expect_refusal(start(site), "Permission denied");
}

TEST(LiveStart, LeavesIpv6OutWhereThereIsNone) {
    const std::string no_ipv6 =
        "ip link set lo up && echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6";
    if (run({"unshare", "--net", "sh", "-c", no_ipv6}).status != 0) {
        GTEST_SKIP() << "needs root, unshare and ip to take IPv6 away";
    }
    const LiveSite both({.listen = R"(["127.0.0.1:0", "[::1]:0"])"});
    Process server({.arguments = {"unshare", "--net", "sh", "-c",
                                  no_ipv6 + " && exec " + program("ostrakond").string() +
                                      " --config " + both.configuration().string()}});
    EXPECT_TRUE(server.wait_for_errors("this machine has no IPv6: not listening on [::1]:0"));
    EXPECT_TRUE(server.wait_for_errors("serving "));
    server.signal(SIGTERM);
    EXPECT_EQ(server.wait().status, 0);
    const LiveSite only_ipv6({.listen = R"(["[::1]:0"])"});
    expect_refusal(run({"unshare", "--net", "sh", "-c",
                        no_ipv6 + " && exec " + program("ostrakond").string() + " --config " +
                            only_ipv6.configuration().string()}),
                   "this machine has no IPv6");
}

TEST(LiveCheck, SaysThatAllIsWell) {
    const LiveSite site;
    const ProcessResult result = start(site, {"--check"});
    EXPECT_EQ(result.status, 0) << result.errors;
    EXPECT_THAT(result.output, AllOf(StartsWith("ok: "), HasSubstr("1 zone"), EndsWith("\n")));
    EXPECT_EQ(result.errors, "");
}

TEST(LiveCheck, DoesNotMindWarnings) {
    const LiveSite site({.listen = R"(["192.0.2.1:53"])"});  // nothing is bound
    const ProcessResult result = start(site, {"--check"});
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.errors, AllOf(StartsWith("warning: "), HasSubstr("bl.example.org.toml")));
}

TEST(LiveCheck, TellsEveryMistakeWithItsPlace) {
    const LiveSite site;
    site.write_zone("bad.example.org", "ttl = \"soon\"\ncolour = \"red\"");
    const ProcessResult result = start(site, {"--check"});
    EXPECT_EQ(result.status, 1);
    EXPECT_EQ(result.output, "");
    EXPECT_THAT(result.errors,
                AllOf(HasSubstr("bad.example.org.toml:4:"), HasSubstr("bad.example.org.toml:5:")));
}

TEST(LiveCheck, LooksAsTheUser) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "only root changes its user";
    }
    const LiveSite missing({.user = "nobody-of-this-name"});
    EXPECT_THAT(start(missing, {"--check"}).errors, HasSubstr("there is no such user"));
    const LiveSite site({.user = "nobody"});
    std::filesystem::permissions(site.directory(), std::filesystem::perms::all);
    std::filesystem::permissions(site.database(), std::filesystem::perms::owner_all);
    const ProcessResult result = start(site, {"--check"});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.errors, HasSubstr("Permission denied"));
}

TEST(LiveCheck, MissesTheDatabase) {
    const LiveSite site;
    std::filesystem::remove_all(site.database());
    const ProcessResult result = start(site, {"--check"});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.errors, HasSubstr("open database " + site.database().string()));
}

}  // namespace
}  // namespace ostrakon::test
