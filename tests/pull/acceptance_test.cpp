// What a feed may bring and what it may not: the safety rules by their numbers, on the real
// programs. What is held leaves the answers as they were.
#include "pull/feed_site.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// A feed in a file, of which the first version was taken in.
class Acceptance : public ::testing::Test {
protected:
    void begin(const std::string& text, const std::string& more = {},
               const std::string& format = "plain") {
        site_.configure({site_.publish(text), format, more});
        const Json first = site_.pull();
        ASSERT_EQ(first["result"], "updated") << first;
    }
    // The next version.
    Json next(const std::string& text) {
        site_.publish(text);
        return site_.pull_again();
    }
    void expect_held(const std::string& text, const std::string& why) {
        const Json held = next(text);
        EXPECT_EQ(held["result"], "held") << held;
        EXPECT_EQ(held["change"], nullptr);
        EXPECT_THAT(message_in(held), HasSubstr(why));
        const Json row = site_.row();
        EXPECT_EQ(row["state"], "held");
        EXPECT_THAT(message_in(row), HasSubstr(why));
    }
    void expect_updated(const std::string& text) {
        const Json updated = next(text);
        EXPECT_EQ(updated["result"], "updated") << updated;
        EXPECT_EQ(site_.row()["state"], "fresh");
    }

    FeedSite site_;
};

TEST_F(Acceptance, Rule07WhatIsNoListIsHeld) {
    begin("192.0.2.1\n192.0.2.2\n192.0.2.3\n");
    const std::pair<std::string, std::string> bodies[] = {
        {"<!doctype html>\n<p>We have moved</p>\n", "web page"},
        {"  <html>\n192.0.2.1\n192.0.2.2\n192.0.2.3\n</html>\n", "web page"},
        {R"({"status":500,"message":"Internal Server Error"})", ""},
        {"error code: 520", ""},
        {"\xFF\xFE"
         "1\0009\0002\000",
         "UTF-16"},
    };
    for (const auto& [body, why] : bodies) {
        SCOPED_TRACE(body);
        expect_held(body, why);
        EXPECT_TRUE(site_.answers("192.0.2.1"));
        EXPECT_EQ(site_.row()["entries"], 3);
    }
    // What nobody can read, nobody can accept.
    const Answer accepted = site_({"feeds", "accept", kFeed, "--json"});
    EXPECT_EQ(accepted.status, 3) << accepted.errors;
    EXPECT_EQ(accepted.output, "");
    EXPECT_EQ(site_.row()["state"], "held");
    EXPECT_TRUE(site_.answers("192.0.2.1"));
}

TEST_F(Acceptance, Rule07AListWithoutItsEndIsHeld) {
    const std::string list = "; Spamhaus DROP List\n192.0.2.0/24 ; SBL1\n198.51.100.0/24 ; SBL2\n";
    begin(list + "; EOF\n", "", "spamhaus-drop");
    expect_held(list, "EOF");
    const std::string records = "{\"cidr\":\"192.0.2.0/24\",\"sblid\":\"SBL1\",\"rir\":\"arin\"}\n";
    site_.configure({site_.publish(records, "published/json"), "spamhaus-json"}, "json");
    EXPECT_EQ(site_.pull({"json"}, "json")["result"], "held");
    EXPECT_EQ(site_.row("json")["entries"], 0);
    const std::string whole =
        records + fmt::format(
                      "{{\"type\":\"metadata\",\"timestamp\":1784798042,\"size\":{},"
                      "\"records\":1}}\n",
                      records.size());
    site_.publish(whole, "published/json");
    EXPECT_EQ(site_.pull_again("json")["result"], "updated");
    site_.publish(records + whole, "published/json");
    EXPECT_EQ(site_.pull_again("json")["result"], "held");
    EXPECT_TRUE(site_.answers("192.0.2.1"));
}

TEST_F(Acceptance, Rule08OneInAHundredLinesMayBeNoEntry) {
    begin(addresses(100));
    expect_updated(addresses(99) + "193.\n");
    expect_held(addresses(98) + "198.18.1.07\n198.18.1.256\n", "2 of 100 lines");
    // The lines that speak against it are told, with their number and why.
    EXPECT_THAT(message_in(site_.row()),
                AllOf(HasSubstr("line 99: 198.18.1.07: "), HasSubstr("line 100: 198.18.1.256: ")));
    const Json report = site_.pull_again();
    EXPECT_EQ(report["result"], "held");
}

TEST_F(Acceptance, Rule08AtMostTwentyLinesOfALongListMayBeNoEntry) {
    std::string dirt;
    for (int line = 0; line < 20; ++line) {
        dirt += fmt::format("192.0.2.{}.1\n", line);
    }
    begin(addresses(4000) + dirt);
    expect_held(addresses(4000, 1) + dirt + "193.\n", "21 of 4021 lines");
    // What a person has accepted once is known afterwards; more is not.
    ASSERT_EQ(site_({"feeds", "accept", kFeed}).status, 0);
    EXPECT_EQ(site_.row()["state"], "fresh");
    expect_updated(addresses(4000, 2) + dirt + "194.\n");
    expect_held(addresses(4000, 3) + dirt + "193.\n194.\n", "22 of 4022 lines");
    EXPECT_TRUE(site_.answers(address(4001)));
    EXPECT_FALSE(site_.answers(address(4002)));
}

TEST_F(Acceptance, Rule09AnEmptyListIsHeld) {
    begin(addresses(10));
    for (const char* const text : {"", "\n\n", "# nothing today\n"}) {
        SCOPED_TRACE(text);
        EXPECT_EQ(next(text)["result"], "held");
        EXPECT_EQ(site_.row()["entries"], 10);
        EXPECT_TRUE(site_.answers(address(9)));
    }
}

TEST_F(Acceptance, Rule09AListMayBeEmptyWhereItsPublisherIsKnownForThat) {
    begin("", "min_entries = 0\n");
    EXPECT_EQ(site_.row()["state"], "fresh");
    EXPECT_EQ(site_.row()["entries"], 0);
    expect_updated("192.0.2.1\n");
    EXPECT_TRUE(site_.answers("192.0.2.1"));
    expect_updated("# none today\n");
    EXPECT_FALSE(site_.answers("192.0.2.1"));
}

TEST_F(Acceptance, Rule09AsManyEntriesAsMinEntriesSaysAreNeeded) {
    begin(addresses(10), "min_entries = 8\n");
    expect_held(addresses(7), "min_entries (8)");
    expect_updated(addresses(8));
}

TEST_F(Acceptance, Rule10TooFewEntriesAreHeld) {
    begin(addresses(1000));
    expect_held(addresses(699), "shrink from 1000 to 699 entries");
    EXPECT_TRUE(site_.answers(address(999)));
    expect_updated(addresses(700));
    EXPECT_FALSE(site_.answers(address(999)));
}

TEST_F(Acceptance, Rule10TooManyEntriesAreHeld) {
    begin(addresses(1000));
    expect_held(addresses(2001), "grow from 1000 to 2001 entries");
    EXPECT_FALSE(site_.answers(address(2000)));
    expect_updated(addresses(2000));
    EXPECT_TRUE(site_.answers(address(1999)));
}

TEST_F(Acceptance, Rule10TooManyOrTooFewAddressesAreHeld) {
    begin(addresses(100) + "203.0.113.0/25\n");
    expect_held(addresses(100) + "203.0.112.0/23\n", "grow from 228 to 612 addresses");
    expect_held(addresses(100) + "203.0.113.1\n", "shrink from 228 to 101 addresses");
    EXPECT_TRUE(site_.answers("203.0.113.2"));
    EXPECT_FALSE(site_.answers("203.0.112.2"));
}

TEST_F(Acceptance, Rule10StepsAreAsLargeAsTheFeedsSettingsSay) {
    begin(addresses(100), "max_shrink = \"1%\"\nmax_growth = \"1000%\"\n");
    expect_updated(addresses(1100));
    expect_held(addresses(1088), "max_shrink (1 %)");
}

TEST_F(Acceptance, Rule11AnEntryThatIsTooWideIsHeld) {
    begin(addresses(10));
    expect_held("0.0.0.0/0\n", "max_width");
    expect_held(addresses(10) + "192.0.0.0/7\n", "192.0.0.0/7");
}

TEST_F(Acceptance, Rule11ASiteCanHaveItNarrower) {
    begin("203.0.112.0/23\n", "max_width = \"/23\"\nmax_growth = \"100000%\"\n");
    expect_held("203.0.112.0/22\n", "203.0.112.0/22");
    expect_held("2001:db8::/45\n", "2001:db8::/45");
    EXPECT_FALSE(site_.answers("203.0.114.1"));
    expect_updated("203.0.112.0/23\n2001:db8::/46\n");
}

TEST_F(Acceptance, Rule11AFirstVersionCanBeTooWide) {
    site_.configure({site_.publish("0.0.0.0/0\n")});
    EXPECT_EQ(site_.pull()["result"], "held");
    EXPECT_FALSE(site_.answers("192.0.2.1"));
    EXPECT_EQ(site_.row()["last_success"], nullptr);
}

TEST_F(Acceptance, Rule11TooMuchOfTheSpaceIsHeld) {
    // A hundredth of IPv4 is 37 million addresses; a /8 has 16.8 million.
    begin("11.0.0.0/8\n12.0.0.0/8\n", "max_covered = \"1%\"\n");
    // What is covered twice counts once.
    expect_updated("11.0.0.0/8\n12.0.0.0/8\n12.0.0.0/9\n12.128.0.0/9\n");
    expect_held("11.0.0.0/8\n12.0.0.0/8\n198.0.0.0/8\n", "max_covered (1 % of IPv4)");
    EXPECT_FALSE(site_.answers("198.51.100.1"));
}

TEST_F(Acceptance, Rule12WhatCanNeverBeListedIsCutFromAnswers) {
    begin(
        "192.0.2.1\n10.0.0.0/8\n127.0.0.1\n127.0.0.2\n192.168.7.7\n192.160.0.0/12\n224.0.0.0/3\n");
    EXPECT_EQ(site_.row()["entries"], 7);
    for (const char* const address :
         {"10.1.2.3", "127.0.0.1", "192.168.7.7", "192.168.0.1", "224.0.0.1"}) {
        EXPECT_FALSE(site_.answers(address)) << address;
    }
    for (const char* const address : {"192.0.2.1", "192.160.0.1", "192.175.255.255"}) {
        EXPECT_TRUE(site_.answers(address)) << address;
    }
    // The test point is the server's own.
    EXPECT_THAT(site_.texts("127.0.0.2"), ::testing::ElementsAre(HasSubstr("test")));
}

TEST(AcceptanceOfCanaries, Rule13WhatHitsACanaryIsHeld) {
    FeedSite site("[protect]\ncanaries = [\"192.0.2.53\", \"mail.example.com\"]\n");
    site.configure({site.publish("192.0.2.1\n"), "plain", "max_growth = \"10000%\"\n"});
    EXPECT_EQ(site.pull()["result"], "updated");
    for (const char* const hit : {"192.0.2.53\n", "192.0.2.0/26\n", "example.com\n"}) {
        SCOPED_TRACE(hit);
        site.publish(std::string{"192.0.2.1\n"} + hit);
        const Json held = site.pull_again();
        EXPECT_EQ(held["result"], "held") << held;
        EXPECT_THAT(message_in(held), HasSubstr("canar"));
        EXPECT_THAT(message_in(site.row()),
                    HasSubstr(hit[0] == 'e' ? "mail.example.com" : "192.0.2.53"));
    }
    EXPECT_FALSE(site.answers("192.0.2.53"));
    site.publish("192.0.2.1\n192.0.2.54\n");
    EXPECT_EQ(site.pull_again()["result"], "updated");
}

TEST(AcceptanceOfCanaries, Rule13OwnAllowsWinOverWhatComes) {
    FeedSite site;
    ASSERT_EQ(site({"allow", "192.0.2.0/28", "--reason", "ours"}).status, 0);
    site.configure({site.publish("192.0.2.7\n192.0.2.0/24\n")});
    EXPECT_EQ(site.pull()["result"], "updated");
    EXPECT_FALSE(site.answers("192.0.2.7"));
    EXPECT_TRUE(site.answers("192.0.2.99"));
}

TEST_F(Acceptance, Rule14NamesAreReadStrictly) {
    std::string names;
    for (int i = 0; i < 1000; ++i) {
        names += fmt::format("host{}.example.net\n", i);
    }
    begin(names, "", "domains");
    const Json updated = next(
        names +
        "Example.COM.\nb\u00fccher.example\n_dmarc.example.org\nbad..example.org\n192.0.2.7\n" +
        "localhost\nexample.123\ncom\n" + std::string(64, 'a') + ".example.org\n");
    EXPECT_EQ(updated["result"], "updated") << updated;
    EXPECT_EQ(updated["added"], 3) << updated;
    EXPECT_EQ(updated["rejected"], 6) << updated;
    for (const char* const name : {"example.com", "xn--bcher-kva.example", "_dmarc.example.org"}) {
        EXPECT_TRUE(site_.answers_name(name)) << name;
    }
    for (const char* const name : {"example.org", "www.com", "example.123"}) {
        EXPECT_FALSE(site_.answers_name(name)) << name;
    }
}

TEST_F(Acceptance, Rule15AddressesAreReadStrictly) {
    begin(addresses(1000));
    const Json updated =
        next(addresses(1000, 1) + "193.\n095.32.221.40\n192.0.2.1/24\nfe80::1%eth0\n192.0.2\n");
    EXPECT_EQ(updated["result"], "updated");
    EXPECT_EQ(updated["rejected"], 5);
    for (const char* const address : {"193.0.0.1", "95.32.221.40", "192.0.2.1", "192.0.2.77"}) {
        EXPECT_FALSE(site_.answers(address)) << address;
    }
}

TEST_F(Acceptance, Rule16WhatIsThereTwiceIsNoMistake) {
    begin("192.0.2.0/24\n192.0.2.0/24\n192.0.2.7\n192.0.2.0/25\n");
    EXPECT_TRUE(site_.answers("192.0.2.200"));
    site_.configure({site_.publish("192.0.2.0/25\n", "published/other")}, "other");
    EXPECT_EQ(site_.pull({}, "other")["result"], "updated");
    // Each feed answers for itself, though one says less than the other.
    EXPECT_EQ(site_.texts("192.0.2.7").size(), 2U);
    EXPECT_EQ(site_.texts("192.0.2.200").size(), 1U);
}

TEST_F(Acceptance, Rule18OwnBansAreNeverTouched) {
    ASSERT_EQ(site_({"ban", "192.0.2.7", "--reason", "spam"}).status, 0);
    begin("192.0.2.7\n192.0.2.8\n192.0.2.9\n");
    EXPECT_EQ(site_.codes("192.0.2.7").size(), 2U);
    expect_updated("192.0.2.8\n192.0.2.9\n192.0.2.10\n");
    EXPECT_EQ(site_.codes("192.0.2.7"), std::vector<std::string>{"127.0.0.2"});
    const Json shown = site_({"show", "192.0.2.7", "--json"}).json();
    ASSERT_FALSE(shown.empty());
    EXPECT_EQ(shown[0]["source"], "own");
    site_.unconfigure();
    EXPECT_EQ(site_({"feeds"}).status, 0);
    EXPECT_FALSE(site_.answers("192.0.2.8"));
    EXPECT_EQ(site_.codes("192.0.2.7"), std::vector<std::string>{"127.0.0.2"});
    EXPECT_EQ(site_({"check"}).status, 0);
}

}  // namespace
}  // namespace ostrakon::test
