// What is held and let in, taken back, undone; and what goes stale.
#include "pull/feed_site.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

// A feed in a file. Version N lists 198.18.0.N0 to 198.18.0.N9, and 192.0.2.0 + N.
class Release : public ::testing::Test {
protected:
    static std::string version(int number) {
        return addresses(10) + fmt::format("192.0.2.{}\n", number);
    }
    // Pulls version `number`, which is to end so.
    void bring(int number, const std::string& result = "updated") {
        const std::string url = site_.publish(version(number));
        if (number == 1) {
            site_.configure({url});
        }
        EXPECT_EQ((number == 1 ? site_.pull() : site_.pull_again())["result"], result) << number;
    }
    // One that is far too long, though nothing else is wrong with it.
    void bring_odd() {
        site_.publish(addresses(100) + "192.0.2.100\n");
        EXPECT_EQ(site_.pull_again()["result"], "held");
    }
    Json run(const std::string& command) const {
        const Answer answer = site_({"feeds", command, kFeed, "--json"});
        EXPECT_EQ(answer.status, 0) << answer.errors;
        return answer.json();
    }
    // This version answers, and no other.
    void expect_served(int number) {
        for (const int other : {1, 2, 3, 4, 5, 100}) {
            EXPECT_EQ(site_.answers(fmt::format("192.0.2.{}", other)), other == number)
                << "version " << other << " where " << number << " is to be served";
        }
        EXPECT_EQ(site_({"check"}).status, 0);
        EXPECT_TRUE(site_.stray_files().empty());
    }

    FeedSite site_;
};

TEST_F(Release, AHeldVersionIsLetInByAccept) {
    bring(1);
    bring_odd();
    expect_served(1);
    // Nothing newer has come: it stays held, and says so each time.
    EXPECT_EQ(site_.pull_again()["result"], "held");
    const Json accepted = run("accept");
    EXPECT_EQ(accepted[0]["result"], "updated");
    EXPECT_EQ(accepted[0]["added"], 91);
    EXPECT_EQ(accepted[0]["removed"], 1);
    EXPECT_TRUE(accepted[0]["change"].is_number());
    expect_served(100);
    EXPECT_EQ(site_.row()["state"], "fresh");
    EXPECT_EQ(site_.pull_again()["result"], "unchanged");
    // There is nothing more to accept.
    const Answer again = site_({"feeds", "accept", kFeed, "--json"});
    EXPECT_EQ(again.status, 1) << again.errors;
    expect_served(100);
}

TEST_F(Release, AcceptTakesWhatHasFewEntriesOrNone) {
    bring(1);
    site_.publish("192.0.2.2\n193.\n194.\n195.\n");
    const Json odd = site_.pull_again();
    EXPECT_EQ(odd["result"], "held");
    EXPECT_EQ(odd["rejected"], 3);
    const Json accepted = run("accept");
    EXPECT_EQ(accepted[0]["rejected"], 3);
    EXPECT_EQ(accepted[0]["rejects"].size(), 3U);
    expect_served(2);
    for (const char* const nothing : {"", "# none today\n"}) {
        site_.publish(nothing);
        EXPECT_EQ(site_.pull_again()["result"], "held");
        run("accept");
        expect_served(0);
        EXPECT_EQ(site_.row()["state"], "fresh");
        EXPECT_EQ(site_.row()["entries"], 0);
        bring(3);
        expect_served(3);
    }
}

TEST_F(Release, AGoodVersionTakesThePlaceOfAHeldOne) {
    bring(1);
    bring_odd();
    bring(2);
    expect_served(2);
    EXPECT_EQ(site_.row()["state"], "fresh");
    EXPECT_EQ(site_.row()["held"], nullptr);
    EXPECT_EQ(site_({"feeds", "accept", kFeed}).status, 1);
}

TEST_F(Release, WhatIsServedComesAgainAfterAHeldVersion) {
    bring(1);
    bring_odd();
    site_.publish(version(1));
    EXPECT_EQ(site_.pull_again()["result"], "unchanged");
    EXPECT_EQ(site_.row()["state"], "fresh");
    EXPECT_EQ(site_.row()["held"], nullptr);
    expect_served(1);
}

TEST_F(Release, Rule20GoesBackOneVersionAndHoldsWhatComes) {
    bring(1);
    bring(2);
    const Json back = run("rollback");
    EXPECT_EQ(back[0]["result"], "updated");
    expect_served(1);
    EXPECT_EQ(site_.row()["state"], "held");
    EXPECT_THAT(message_in(site_.row()), HasSubstr("rolled back"));
    // The same version does not come back by itself, nor does a newer one.
    EXPECT_EQ(site_.pull_again()["result"], "held");
    expect_served(1);
    bring(3, "held");
    expect_served(1);
    // Not even that which is served.
    site_.publish(version(1));
    EXPECT_EQ(site_.pull_again()["result"], "held");
    bring(4, "held");
    expect_served(1);
    run("accept");
    expect_served(4);
    bring(5);
    expect_served(5);
}

TEST_F(Release, Rule20GoesBackTwoVersions) {
    bring(1);
    bring(2);
    bring(3);
    run("rollback");
    expect_served(2);
    run("rollback");
    expect_served(1);
    // There is none before.
    const Answer third = site_({"feeds", "rollback", kFeed, "--json"});
    EXPECT_EQ(third.status, 1) << third.errors;
    EXPECT_EQ(third.output, "");
    expect_served(1);
    EXPECT_EQ(site_.pull_again()["result"], "held");
    // The newest is what accept lets in.
    run("accept");
    expect_served(3);
}

TEST_F(Release, Rule20KeepsThreeVersions) {
    for (int number = 1; number <= 5; ++number) {
        bring(number);
    }
    EXPECT_EQ(site_.row()["versions"].size(), 3U);
    std::vector<std::string> bodies;
    for (const auto& file : std::filesystem::directory_iterator{site_.pulled()}) {
        bodies.push_back(read_file(file.path()));
    }
    EXPECT_THAT(bodies, UnorderedElementsAre(version(3), version(4), version(5)));
}

TEST_F(Release, Rule20ABodyThatWasTamperedWithIsNotServed) {
    bring(1);
    bring(2);
    for (const auto& file : std::filesystem::directory_iterator{site_.pulled()}) {
        site_.files().write(file.path(), "203.0.113.1\n");
    }
    const Answer answer = site_({"feeds", "rollback", kFeed, "--json"});
    EXPECT_EQ(answer.status, 1) << answer.errors;
    EXPECT_FALSE(site_.answers("203.0.113.1"));
    expect_served(2);
}

TEST_F(Release, Rule18RemovingAFeedRemovesItsRowsAlone) {
    bring(1);
    site_.configure({site_.publish("192.0.2.1\n192.0.2.2\n", "published/other")}, "other");
    EXPECT_EQ(site_.pull({}, "other")["result"], "updated");
    ASSERT_EQ(site_({"ban", "192.0.2.1", address(1), "--reason", "spam"}).status, 0);
    site_.unconfigure();
    ASSERT_EQ(site_({"feeds", "remove", kFeed}).status, 0);
    EXPECT_FALSE(std::filesystem::exists(site_.pulled()));
    EXPECT_EQ(site_.row(), nullptr);
    EXPECT_FALSE(site_.answers(address(0)));
    EXPECT_EQ(site_.codes(address(1)), std::vector<std::string>{"127.0.0.2"});
    EXPECT_EQ(site_.codes("192.0.2.1").size(), 2U);
    EXPECT_TRUE(site_.answers("192.0.2.2"));
    EXPECT_EQ(site_({"check"}).status, 0);
    // It comes back as a feed that was never there.
    site_.configure({site_.publish(version(1))});
    EXPECT_EQ(site_.pull()["result"], "updated");
    EXPECT_TRUE(site_.answers(address(0)));
}

TEST_F(Release, AnUndoTakesAPullBack) {
    bring(1);
    site_.publish(version(2));
    const Json second = site_.pull_again();
    ASSERT_TRUE(second["change"].is_number());
    const std::string change = std::to_string(second["change"].get<int>());
    ASSERT_EQ(site_({"undo", change, "--reason", "wrong list"}).status, 0);
    expect_served(1);
    EXPECT_EQ(site_.row()["entries"], 11);
    // The version that was undone does not come back by itself; the next does.
    EXPECT_EQ(site_.pull_again()["result"], "unchanged");
    expect_served(1);
    bring(3);
    expect_served(3);
}

TEST_F(Release, AnUndoneFirstPullLeavesNothing) {
    site_.configure({site_.publish(version(1))});
    const Json first = site_.pull();
    const std::string change = std::to_string(first["change"].get<int>());
    ASSERT_EQ(site_({"undo", change, "--reason", "wrong list"}).status, 0);
    expect_served(0);
    EXPECT_EQ(site_.row()["entries"], 0);
    bring(2);
    expect_served(2);
}

// A feed that was refreshed last so long ago, as its server and its operator see it.
class Staleness : public ::testing::Test {
protected:
    void begin(const std::string& more = {}) {
        site_.configure({site_.publish("192.0.2.1\n"), "plain", "max_age = \"7d\"\n" + more});
        ASSERT_EQ(site_.pull()["result"], "updated");
        ASSERT_TRUE(site_.answers("192.0.2.1"));
    }
    static constexpr std::int64_t kDay = 24 * 3600;
    FeedSite site_;
};

TEST_F(Staleness, Rule17BeyondItsMaxAgeAFeedAnswersNothing) {
    begin();
    site_.age(7 * kDay - 60);
    EXPECT_TRUE(site_.answers("192.0.2.1"));
    EXPECT_EQ(site_.row()["state"], "fresh");
    EXPECT_THAT(message_in(site_.row()), HasSubstr("overdue"));  // long before
    site_.age(7 * kDay + 1);
    EXPECT_FALSE(site_.answers("192.0.2.1"));
    EXPECT_EQ(site_.row()["state"], "stale");
    EXPECT_THAT(message_in(site_.row()), HasSubstr("older than max_age"));
    EXPECT_EQ(site_.row()["entries"], 1);
    EXPECT_EQ(site_({"why", "192.0.2.1"}).status, 1);
    // A failed try changes nothing of that; one that brings the same list does.
    std::filesystem::rename(site_.files().directory() / "published/list",
                            site_.files().directory() / "published/gone");
    EXPECT_EQ(site_.pull_again()["result"], "failed");
    EXPECT_EQ(site_.row()["state"], "stale");
    EXPECT_FALSE(site_.answers("192.0.2.1"));
    std::filesystem::rename(site_.files().directory() / "published/gone",
                            site_.files().directory() / "published/list");
    EXPECT_EQ(site_.pull_again()["result"], "unchanged");
    EXPECT_EQ(site_.row()["state"], "fresh");
    EXPECT_TRUE(site_.answers("192.0.2.1"));
}

TEST_F(Staleness, Rule17AHeldVersionRefreshesNothing) {
    begin();
    site_.age(7 * kDay + 1);
    site_.publish("<html>\n");
    EXPECT_EQ(site_.pull_again()["result"], "held");
    EXPECT_EQ(site_.pull_again()["result"], "held");
    EXPECT_FALSE(site_.answers("192.0.2.1"));
}

TEST_F(Staleness, Rule17OwnBansNeverAge) {
    ASSERT_EQ(site_({"ban", "192.0.2.2", "--reason", "spam"}).status, 0);
    begin();
    site_.age(400 * kDay);
    EXPECT_FALSE(site_.answers("192.0.2.1"));
    EXPECT_TRUE(site_.answers("192.0.2.2"));
}

TEST_F(Staleness, Rule17TheServerSaysWhatIsOverdue) {
    begin();
    site_.age(5 * kDay);
    EXPECT_TRUE(site_.server().process().wait_for_errors("feed list"));
}

}  // namespace
}  // namespace ostrakon::test
