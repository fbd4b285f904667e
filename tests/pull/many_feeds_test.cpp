// Ten feeds of 100,000 entries each, of which a hundredth has changed, over HTTP: how long a pull
// of all of them takes is printed. The answers are asserted.
#include "pull/feed_site.hpp"
#include "support/web_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <chrono>

namespace ostrakon::test {
namespace {

constexpr std::uint32_t kFeeds = 10;
constexpr std::uint32_t kEntries = 100'000;
constexpr std::uint32_t kChanged = kEntries / 100;

std::string name_of(std::uint32_t feed) {
    return fmt::format("list-{}", feed);
}

// One to one: different numbers give different addresses, in no order, as lists from outside have
// them.
std::uint32_t scattered(std::uint32_t number) {
    std::uint32_t bits = (number ^ number >> 16) * 0x85EBCA6B;
    bits = (bits ^ bits >> 13) * 0xC2B2AE35;
    return bits ^ bits >> 16;
}

// Those that may be in all versions of all feeds.
std::vector<std::string> all_addresses() {
    std::vector<std::string> all;
    for (std::uint32_t number = 0; all.size() < kFeeds * (kEntries + kChanged); ++number) {
        const std::uint32_t bits = scattered(number);
        const std::uint32_t upper = bits >> 24;
        if (upper != 0 && upper != 10 && upper != 127 && upper < 224) {
            all.push_back(
                fmt::format("{}.{}.{}.{}", upper, bits >> 16 & 255, bits >> 8 & 255, bits & 255));
        }
    }
    return all;
}

class ManyFeeds : public ::testing::Test {
protected:
    // All feeds, with `changed` entries given up and as many new ones.
    void publish(const WebServer& server, std::uint32_t changed) const {
        for (std::uint32_t feed = 0; feed < kFeeds; ++feed) {
            std::string text;
            for (std::uint32_t i = 0; i < kEntries; ++i) {
                text += entry(feed, changed + i) + "\n";
            }
            server.serve(name_of(feed), text);
            touch_anew(server.root() / name_of(feed));
        }
    }
    const std::string& entry(std::uint32_t feed, std::uint32_t place) const {
        return all_.at(feed * (kEntries + kChanged) + place);
    }
    // Seconds that the pull took, which is to add that many to each feed.
    double pull_all(std::vector<std::string> words, std::uint32_t added) const {
        const auto begun = std::chrono::steady_clock::now();
        const Answer answer = site_(std::move(words));
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
        EXPECT_EQ(answer.status, 0) << answer.output << answer.errors;
        for (const Json& report : answer.json()) {
            EXPECT_EQ(report["result"], "updated");
            EXPECT_EQ(report["added"], added);
        }
        return took.count();
    }

    const std::vector<std::string> all_ = all_addresses();
    FeedSite site_;
};

TEST_F(ManyFeeds, ArePulledTogether) {
    if (!WebServer::is_installed()) {
        GTEST_SKIP() << "nginx is not installed";
    }
    const WebServer server("");
    std::vector<std::string> again{"pull", "--json", "--force"};
    for (std::uint32_t feed = 0; feed < kFeeds; ++feed) {
        site_.configure({server.url("/" + name_of(feed))}, name_of(feed));
        again.push_back(name_of(feed));
    }
    publish(server, 0);
    const double first = pull_all({"pull", "--json"}, kEntries);
    EXPECT_TRUE(site_.answers(entry(0, 0)));
    publish(server, kChanged);
    const double second = pull_all(again, kChanged);
    fmt::print(
        "{} feeds of {} entries: {:.2f} s the first time, {:.2f} s with {} changed in each\n",
        kFeeds, kEntries, first, second, kChanged);
    for (std::uint32_t feed = 0; feed < kFeeds; ++feed) {
        EXPECT_FALSE(site_.answers(entry(feed, 0)));
        EXPECT_TRUE(site_.answers(entry(feed, kChanged)));
        EXPECT_TRUE(site_.answers(entry(feed, kEntries + kChanged - 1)));
    }
    EXPECT_EQ(site_({"check"}).status, 0);
}

}  // namespace
}  // namespace ostrakon::test
