// What else is promised of a pull: settings that come along, files that are made, maps, rights.
#include "pull/feed_site.hpp"
#include "support/web_server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ostrakon::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(FeedSettingsOfAPull, HoldFromTheNextCommandOn) {
    FeedSite site;
    const std::string url = site.publish("192.0.2.1\n192.0.2.2\n");
    site.configure({url, "iplist", "code = \"127.0.0.9\"\n"});
    EXPECT_EQ(site.pull()["result"], "updated");
    EXPECT_EQ(site.codes("192.0.2.2"), std::vector<std::string>{"127.0.0.9"});
    // It is not due, and its settings hold all the same.
    site.configure(
        {url, "iplist", "code = \"127.0.0.8\"\nremoval = \"https://removal.example.net/ask\"\n"});
    EXPECT_EQ(site.pull()["result"], "not due");
    EXPECT_EQ(site.codes("192.0.2.2"), std::vector<std::string>{"127.0.0.8"});
    EXPECT_THAT(site.texts("192.0.2.2"), ElementsAre(HasSubstr("https://removal.example.net/ask")));
    site.configure({url, "iplist", "class = \"dynamic\"\n"});
    EXPECT_EQ(site({"feeds"}).status, 0);
    EXPECT_EQ(site.codes("192.0.2.2"), std::vector<std::string>{"127.0.0.10"});
}

TEST(FeedSettingsOfAPull, MakeOneChangeSetAFeed) {
    FeedSite site;
    site.configure({site.publish("192.0.2.1\n", "published/one")}, "one");
    site.configure({site.publish("192.0.2.2\n", "published/two")}, "two");
    const Json reports = site({"pull", "--json", "--by", "timer"}).json();
    ASSERT_EQ(reports.size(), 2U);
    EXPECT_NE(reports[0]["change"], reports[1]["change"]);
    const Json changes = site({"changes", "--json"}).json();
    for (const Json& report : reports) {
        const auto found = std::find_if(changes.begin(), changes.end(), [&](const Json& change) {
            return change["change"] == report["change"];
        });
        ASSERT_NE(found, changes.end()) << changes;
        EXPECT_EQ((*found)["by"], "timer");
        EXPECT_EQ((*found)["addresses"], 1);
        EXPECT_THAT((*found)["command"].get<std::string>(),
                    HasSubstr("pull " + report["name"].get<std::string>()));
    }
}

TEST(FeedSettingsOfAPull, ComeIntoADatabaseThatIsMadeForThem) {
    const TemporaryDirectory lists;
    const auto file = lists.write("list", "192.0.2.1\n");
    const Site site(
        fmt::format("[[feed]]\nname = \"list\"\nurl = \"file://{}\"\n"
                    "format = \"plain\"\n",
                    file.string()));
    EXPECT_EQ(site({"pull"}).status, 0);
    EXPECT_EQ(site({"why", "192.0.2.1"}).status, 0);
}

// What a key file says only its owner reads; the database is written as who it belongs to.
TEST(RightsOfAPull, AreThoseOfCallerAndOwner) {
    if (geteuid() != 0) {
        GTEST_SKIP() << "only root can be somebody else";
    }
    if (!WebServer::is_installed()) {
        GTEST_SKIP() << "nginx is not installed";
    }
    constexpr uid_t kNobody = 65534;
    const WebServer server(R"(location = /guarded {
if ($http_auth_key != "0nly-f0r-r00t") { return 403; } rewrite ^ /list last; })");
    server.serve("list", "192.0.2.1\n");
    FeedSite site;
    const auto directory = site.files().directory();
    site.files().write("feed.key", "0nly-f0r-r00t\n");
    std::filesystem::permissions(directory / "feed.key", std::filesystem::perms{0600});
    std::filesystem::permissions(directory, std::filesystem::perms{0711});
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator{site.files().database()}) {
        ASSERT_EQ(chown(entry.path().c_str(), kNobody, kNobody), 0);
    }
    ASSERT_EQ(chown(site.files().database().c_str(), kNobody, kNobody), 0);
    site.configure({server.url("/guarded"), "plain",
                    fmt::format("key_file = \"{}\"\nkey_header = \"Auth-Key\"\n",
                                (directory / "feed.key").string())});
    const Json first = site.pull();
    EXPECT_EQ(first["result"], "updated") << first;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator{site.files().database()}) {
        struct stat status {};
        ASSERT_EQ(stat(entry.path().c_str(), &status), 0);
        EXPECT_EQ(status.st_uid, kNobody) << entry.path();
        EXPECT_EQ(status.st_mode & 07, 0U) << entry.path();
    }
}

// A registry's file, its digest beside it.
class PulledMap : public ::testing::Test {
protected:
    static std::string registry(const std::string& start) {
        return "2|arin|1790287199|1|19700101|20260924|+0200\narin|*|ipv4|*|1|summary\n"
               "arin|US|ipv4|" +
               start + "|256|20050314|allocated\n";
    }
    void publish(const std::string& text, const std::string& digest_of) const {
        server_.serve("delegated", text);
        touch_anew(server_.root() / "delegated");
        site_.files().write("digested", digest_of);
        const auto sum = run({"md5sum", (site_.files().directory() / "digested").string()});
        server_.serve("delegated.md5", "MD5 (delegated) = " + sum.output.substr(0, 32) + "\n");
    }
    bool is_of_country(const std::string& address) const {
        return site_({"why", address}).status == 0;
    }

    const WebServer server_{""};
    FeedSite site_;
};

TEST_F(PulledMap, Rule07OfAnotherDigestIsHeld) {
    publish(registry("192.0.2.0"), registry("192.0.2.0"));
    site_.configure({server_.url("/delegated"), "rir"}, "map");
    const Json first = site_.pull({}, "map");
    EXPECT_EQ(first["result"], "updated") << first;
    ASSERT_EQ(site_({"ban", "country:US", "--reason", "x", "--yes"}).status, 0);
    EXPECT_TRUE(is_of_country("192.0.2.7"));
    publish(registry("198.51.100.0"), registry("192.0.2.0"));
    EXPECT_EQ(site_.pull_again("map")["result"], "held");
    EXPECT_TRUE(is_of_country("192.0.2.7"));
    EXPECT_FALSE(is_of_country("198.51.100.7"));
    EXPECT_EQ(site_.row("map")["state"], "held");
    publish(registry("198.51.100.0") + " ", registry("198.51.100.0") + " ");
    EXPECT_EQ(site_.pull_again("map")["result"], "held");  // a line that is none
    publish(registry("198.51.100.0"), registry("198.51.100.0"));
    EXPECT_EQ(site_.pull_again("map")["result"], "updated");
    EXPECT_FALSE(is_of_country("192.0.2.7"));
    EXPECT_TRUE(is_of_country("198.51.100.7"));
    EXPECT_TRUE(site_.answers("198.51.100.7"));
    ASSERT_EQ(site_({"feeds", "rollback", "map"}).status, 0);
    EXPECT_TRUE(is_of_country("192.0.2.7"));
    EXPECT_EQ(site_({"check"}).status, 0);
}

}  // namespace
}  // namespace ostrakon::test
