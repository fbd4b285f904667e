// Real published lists, pulled as they were published: day by day, and with what was sent in place
// of them.
//
// They lie in the directory that OSTRAKON_TEST_DATA names. Without the variable the tests say so
// and are skipped.
#include "data_real/counted_lists.hpp"
#include "pull/feed_site.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace ostrakon::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class RealPull : public ::testing::Test {
protected:
    void SetUp() override {
        const char* const directory = std::getenv("OSTRAKON_TEST_DATA");
        if (directory == nullptr || *directory == '\0') {
            GTEST_SKIP() << "OSTRAKON_TEST_DATA names no directory with real lists";
        }
        data_ = directory;
    }
    // Publishes a file as the feed's newest version and pulls it.
    Json bring(const std::string& file) const {
        site_.publish(read_file(data_ / file));
        return site_.pull({"--force", "--i-know", feed_}, feed_);
    }
    // The feed's first version.
    void begin(const std::string& file, const std::string& format,
               const std::string& name = kFeed) {
        feed_ = name;
        site_.configure({site_.publish(read_file(data_ / file)), format}, name);
        const Json first = site_.pull({}, name);
        ASSERT_EQ(first["result"], "updated") << first;
        // Some of its addresses, and one that is in no list.
        std::istringstream lines{read_file(data_ / file)};
        int number = 0;
        for (std::string line; std::getline(lines, line);) {
            if (!line.empty() && line[0] >= '1' && line[0] <= '9' && ++number % 7 == 0) {
                asked_.push_back(line.substr(0, line.find_first_not_of("0123456789.")));
            }
        }
        ASSERT_GT(asked_.size(), 10U);
        asked_.emplace_back("192.0.2.1");
        EXPECT_TRUE(site_.answers(asked_.front()));
    }
    std::vector<bool> answers() {
        std::vector<bool> found;
        for (const std::string& address : asked_) {
            found.push_back(site_.answers(address));
        }
        return found;
    }
    void expect_held(const std::string& file) {
        const auto before = answers();
        const Json held = bring(file);
        EXPECT_EQ(held["result"], "held") << file << held;
        EXPECT_EQ(site_.row(feed_)["state"], "held");
        EXPECT_EQ(answers(), before) << file;
    }
    void expect_taken(const std::string& file) const {
        const Json taken = bring(file);
        EXPECT_TRUE(taken["result"] == "updated" || taken["result"] == "unchanged")
            << file << taken;
        EXPECT_EQ(site_.row(feed_)["state"], "fresh");
    }

    fs::path data_;
    std::string feed_;
    std::vector<std::string> asked_;
    FeedSite site_;
};

TEST_F(RealPull, DropIsTakenInDayByDay) {
    // With what the shipped catalogue allows it.
    const std::string series = "spamhaus/series-2024-04/drop-2024-04-";
    begin(series + "09.txt", "spamhaus-drop", "spamhaus-drop");
    for (const char* const day : {"10", "11", "12", "13", "14"}) {
        const std::string file = series + day + ".txt";
        expect_taken(file);
        EXPECT_EQ(site_.row(feed_)["entries"], grep_count(data_ / file, kDropLine)) << file;
    }
    EXPECT_EQ(site_({"check"}).status, 0);
}

TEST_F(RealPull, Rule07ErrorsOfTheServerAreHeld) {
    const std::string failures = "failures/drop-cloudflare-520-then-502/";
    begin(failures + "00-good.txt", "spamhaus-drop");
    expect_taken(failures + "01-good.txt");
    expect_held(failures + "02-bad.txt");
    expect_held(failures + "03-bad.txt");
    expect_taken(failures + "04-good.txt");
}

TEST_F(RealPull, Rule10AListThatWasCutShortIsHeld) {
    const std::string failures = "failures/tor-truncated-2019/";
    begin(failures + "00-good.txt", "iplist");
    expect_held(failures + "01-truncated.txt");
    expect_held("failures/rate-limit-message.txt");
    expect_held("failures/empty.txt");
    expect_held("failures/list-became-default-route.txt");
    EXPECT_FALSE(site_.answers("192.0.2.1"));
    expect_taken(failures + "02-good.txt");
}

TEST_F(RealPull, Rule07NoFirstVersionIsMadeOfErrors) {
    for (const char* const file :
         {"drop-cloudflare-520-then-502/02-bad.txt", "drop-cloudflare-520-then-502/03-bad.txt",
          "empty.txt", "rate-limit-message.txt", "list-became-default-route.txt"}) {
        for (const char* const format : {"iplist", "plain", "spamhaus-drop", "domains"}) {
            const std::string text = read_file(data_ / "failures" / file);
            site_.configure({site_.publish(text), format});
            const Json first = site_.pull({"--force", kFeed});
            EXPECT_EQ(first["result"], "held") << file << " as " << format << first;
        }
    }
    EXPECT_EQ(site_.row()["entries"], 0);
    EXPECT_FALSE(site_.answers("192.0.2.1"));
}

// As many entries as `import` finds, which other programs have counted in tests/data_real.
TEST_F(RealPull, EveryListHasItsEntries) {
    for (const CountedList& counted : kCounted) {
        if (!counted.is_feed) {
            continue;
        }
        SCOPED_TRACE(counted.file);
        FeedSite site;
        const std::string file = (data_ / counted.file).string();
        site.configure({"file://" + file, std::string{counted.format}});
        Json report = site.pull();
        if (report["result"] == "held") {
            fmt::print("{:<45} {}\n", counted.file, message_in(report));
            const Answer accepted = site({"feeds", "accept", kFeed, "--json"});
            ASSERT_EQ(accepted.status, 0) << accepted.errors;
            report = accepted.json()[0];
        }
        ASSERT_EQ(report["result"], "updated") << report;
        const Answer imported = FeedSite{}({"import", file, "--source", "other", "--format",
                                            std::string{counted.format}, "--json"});
        ASSERT_EQ(imported.status, 0) << imported.errors;
        EXPECT_EQ(report["added"], imported.json()["added"]);
        EXPECT_LE(report["added"], grep_count(file, counted.lines));
        EXPECT_EQ(site({"check"}).status, 0);
    }
}

}  // namespace
}  // namespace ostrakon::test
