// Real published lists, as they were served, through the real tool.
//
// They lie in the directory that OSTRAKON_TEST_DATA names; they are no part of the project, since
// most of them may not be passed on. Without the variable the tests say so and are skipped.
#include "tool/site.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <array>
#include <cstdlib>

namespace ostrakon::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// Lists of one subject a line, and Spamhaus' own formats: these are to be taken in.
constexpr auto kLists = std::to_array<std::string_view>({
    "spamhaus/drop.txt",
    "spamhaus/drop_v4.json",
    "spamhaus/series-2024-04/drop-2024-04-09.txt",
    "spamhaus/series-2024-04/drop-2024-04-14.txt",
    "ip/blocklistproject-malware.ip",
    "ip/et-compromised-ips.txt",
    "ip/ipsum/levels-2.txt",
    "ip/ipsum/levels-8.txt",
    "ip/sslbl-abuse-ch.txt",
    "ip/tor/tor-exit-nodes-2024-02.lst",
    "ip/x4b-vpn-ipv4.txt",
    "ip/x4b-vpn-ipv6.txt",
    "org-bans/fail2ban-srv2.list",
    "org-bans/fail2ban-srv3.list",
    "org-bans/fail2ban-srv4.list",
    "domains/disposable-strict-mx.txt",
    "domains/disposable_email_blocklist.conf",
});

class RealList : public ::testing::Test {
protected:
    void SetUp() override {
        const char* const directory = std::getenv("OSTRAKON_TEST_DATA");
        if (directory == nullptr || *directory == '\0') {
            GTEST_SKIP() << "OSTRAKON_TEST_DATA names no directory with real lists";
        }
        data_ = directory;
    }

    // Every reject has its number and its reason.
    static void expect_explained(const Json& report) {
        const auto rejected = report["rejected"].get<std::size_t>();
        EXPECT_EQ(report["rejects"].size(), std::min<std::size_t>(rejected, 100));
        for (const Json& reject : report["rejects"]) {
            EXPECT_GT(reject["line"].get<int>(), 0);
            EXPECT_FALSE(reject["why"].get<std::string>().empty());
            EXPECT_LE(reject["text"].get<std::string>().size(), 120U);
        }
    }

    static void print(std::string_view list, const Json& report) {
        fmt::print("{:<45} {:>6} read {:>6} added {:>5} rejected\n", list,
                   report["read"].get<int>(), report["added"].get<int>(),
                   report["rejected"].get<int>());
    }

    fs::path data_;
};

TEST_F(RealList, IsTakenInAsAFeedAndServed) {
    const Site site;
    int feeds = 0;
    for (const auto list : kLists) {
        SCOPED_TRACE(list);
        const std::string source = fmt::format("feed-{}", ++feeds);
        const Answer answer =
            site({"import", (data_ / list).string(), "--source", source, "--json"});
        ASSERT_EQ(answer.status, 0) << answer.errors;
        const Json report = answer.json();
        print(list, report);
        EXPECT_GT(report["added"], 0);
        expect_explained(report);
    }
    const Answer check = site({"check"});
    EXPECT_EQ(check.status, 0) << check.output;
}

TEST_F(RealList, WithLinesOfZeroBytesIsTakenInAsOwnBansAlone) {
    const std::string list = (data_ / "org-bans/fail2ban-srv6.list").string();
    const Site site;
    const Answer feed = site({"import", list, "--source", "feed"});
    EXPECT_EQ(feed.status, 2);
    EXPECT_THAT(feed.errors, HasSubstr("holds zero bytes in 2 of"));
    const Answer own = site({"import", list, "--reason", "listed", "--yes", "--json"});
    ASSERT_EQ(own.status, 0) << own.errors;
    EXPECT_GT(own.json()["added"], 0);
    expect_explained(own.json());
}

TEST_F(RealList, IsTakenInAsOwnBans) {
    const Site site;
    for (const auto list : kLists) {
        SCOPED_TRACE(list);
        const Answer answer =
            site({"import", (data_ / list).string(), "--reason", "listed", "--yes", "--json"});
        ASSERT_EQ(answer.status, 0) << answer.errors;
        expect_explained(answer.json());
    }
    const Answer check = site({"check"});
    EXPECT_EQ(check.status, 0) << check.output;
}

// Whatever else lies there is taken in or refused with a reason, and never half.
TEST_F(RealList, OfAnyOtherKindIsExplained) {
    std::vector<fs::path> files;
    for (const char* directory : {"spamhaus", "ip", "org-bans", "domains", "failures", "formats"}) {
        for (const fs::directory_entry& entry :
             fs::recursive_directory_iterator{data_ / directory}) {
            if (entry.is_regular_file()) {
                files.push_back(entry.path());
            }
        }
    }
    std::sort(files.begin(), files.end());
    ASSERT_GT(files.size(), kLists.size());
    for (const fs::path& file : files) {
        SCOPED_TRACE(file);
        const Site site;
        const Answer answer =
            site({"import", file.string(), "--source", "feed", "--yes", "--json"});
        if (answer.status == 0) {
            expect_explained(answer.json());
            print(fs::relative(file, data_).string(), answer.json());
            EXPECT_EQ(site({"check"}).status, 0);
            continue;
        }
        EXPECT_EQ(answer.status, 2) << answer.errors;
        EXPECT_EQ(answer.output, "");
        EXPECT_THAT(answer.errors, HasSubstr(file.filename().string()));
        fmt::print("{:<45} refused\n", fs::relative(file, data_).string());
        EXPECT_EQ(site({"list", "--source", "*", "--json"}).status, 4);  // nothing was made
    }
}

}  // namespace
}  // namespace ostrakon::test
