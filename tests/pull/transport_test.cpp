// Feeds by rsync and by zone transfer, from real servers.
#include "pull/feed_site.hpp"
#include "support/rsync_server.hpp"
#include "support/zone_server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string key_file_line(const FeedSite& site, const std::string& key) {
    site.files().write("feed.key", key + "\n");
    const auto file = site.files().directory() / "feed.key";
    std::filesystem::permissions(file, std::filesystem::perms{0600});
    return fmt::format("key_file = \"{}\"\n", file.string());
}

TEST(RsyncPull, BringsVersionsAndHidesThePassword) {
    if (!RsyncServer::is_installed()) {
        GTEST_SKIP() << "rsync is not installed";
    }
    constexpr const char* kPassword = "s3cretword";
    const RsyncServer server;
    FeedSite site;
    touch_anew(server.serve("list", "192.0.2.1\n"));
    site.configure({"rsync://feed@" + server.host() + "/closed/list", "plain",
                    key_file_line(site, kPassword)});
    EXPECT_EQ(site.pull()["result"], "updated");
    EXPECT_TRUE(site.answers("192.0.2.1"));
    EXPECT_EQ(site.pull_again()["result"], "unchanged");
    touch_anew(server.serve("list", "192.0.2.2\n192.0.2.3\n"));
    const Json second = site.pull_again();
    EXPECT_EQ(second["result"], "updated");
    EXPECT_EQ(second["added"], 2);
    EXPECT_FALSE(site.answers("192.0.2.1"));
    EXPECT_TRUE(site.answers("192.0.2.3"));
    EXPECT_THAT(site.raw_bytes(), Not(HasSubstr(kPassword)));
    std::filesystem::remove(server.root() / "list");
    EXPECT_EQ(site.pull_again()["result"], "failed");
    EXPECT_TRUE(site.answers("192.0.2.3"));
    EXPECT_TRUE(site.stray_files().empty());
}

class AxfrPull : public ::testing::TestWithParam<ZoneServerKind> {
protected:
    static std::string zone(unsigned serial, const std::string& records) {
        return fmt::format(
            "$ORIGIN rpz.example.org.\n$TTL 300\n"
            "@ SOA ns.example.org. hostmaster.example.org. {} 60 60 60 60\n@ NS "
            "ns.example.org.\n{}",
            serial, records);
    }
};

TEST_P(AxfrPull, BringsASignedZoneAndHidesTheKey) {
    if (!ZoneServer::is_installed(GetParam())) {
        GTEST_SKIP() << "this name server is not installed";
    }
    ZoneServer server(GetParam(), zone(1, "bad.example.com CNAME .\n"), true);
    FeedSite site;
    const std::string key_line = key_file_line(site, ZoneServer::kKey);
    const auto configure = [&] {
        site.configure({"axfr://" + server.endpoint() + "/rpz.example.org", "rpz", key_line});
    };
    configure();
    const Json first = site.pull();
    EXPECT_EQ(first["result"], "updated") << first;
    EXPECT_TRUE(site.answers_name("bad.example.com"));
    EXPECT_EQ(site.pull_again()["result"], "unchanged");
    server.serve(zone(2, "bad.example.com CNAME .\nworse.example.com CNAME .\n"));
    configure();
    EXPECT_EQ(site.pull_again()["result"], "updated");
    EXPECT_TRUE(site.answers_name("worse.example.com"));
    const std::string secret =
        std::string{ZoneServer::kKey}.substr(std::string{ZoneServer::kKey}.rfind(':') + 1);
    EXPECT_THAT(site.raw_bytes(), Not(HasSubstr(secret)));
    site.configure({"axfr://" + server.endpoint() + "/rpz.example.org", "rpz",
                    key_file_line(site, "hmac-sha256:transfer.example.org:d3Jvbmc=")});
    const Json refused = site.pull_again();
    EXPECT_EQ(refused["result"], "failed");
    EXPECT_THAT(refused.dump(), Not(HasSubstr("d3Jvbmc")));
    EXPECT_TRUE(site.answers_name("bad.example.com"));
}

INSTANTIATE_TEST_SUITE_P(Servers, AxfrPull,
                         ::testing::Values(ZoneServerKind::Knot, ZoneServerKind::Nsd),
                         [](const auto& server) {
                             return server.param == ZoneServerKind::Knot ? "Knot" : "Nsd";
                         });

}  // namespace
}  // namespace ostrakon::test
