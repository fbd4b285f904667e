// Files of rbldnsd through the tool: what is said about them, and how their data sets are shown.
#include "site.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kCombined =
    "$SOA 0 ns1.example.org hostmaster.example.org 0 1h 1h 1h 1h\n"
    "$DATASET ip4set @\n"
    "192.0.2.0/25 :5:look at $\n"
    "192.0.2.300\n"
    "$DATASET ip4trie dul web\n"
    "!192.0.2.7\n"
    "192.0.2.0/24\n";

TEST(RbldnsdList, IsTakenAsAFeedWithDataSets) {
    const Site site;
    const Answer made = site({"import", "-", "--source", "list"}, std::string{kCombined});
    EXPECT_EQ(made.status, 0) << made.errors;
    EXPECT_THAT(made.output, HasSubstr("standard input: 4 lines read as rbldnsd (recognised;"));
    EXPECT_THAT(made.output, HasSubstr("130 added"));
    EXPECT_THAT(made.errors, HasSubstr("line 1: $SOA is not taken over"));
    EXPECT_THAT(made.errors, HasSubstr("line 4: 192.0.2.300"));
    EXPECT_EQ(site({"list", "--source", "list", "--json"}).json().size(), 130U);
    const Json dul = site({"list", "--source", "list/web", "--json"}).json();
    ASSERT_EQ(dul.size(), 2U);
    EXPECT_EQ(dul[1]["subject"], "!192.0.2.7");
    EXPECT_EQ(dul[0]["code"], "127.0.0.2");
    EXPECT_EQ(dul[0]["source"], "list/dul,web");
    EXPECT_THAT(site({"list", "--source", "list/@", "--limit", "1"}).output,
                HasSubstr("look at $"));
    EXPECT_THAT(site({"stats"}).output, HasSubstr("local; data sets @ dul,web"));
    const Json why = site({"why", "192.0.2.7", "--json"}).json();
    EXPECT_EQ(why["matches"][0]["source"], "list/@");
    EXPECT_EQ(why["matches"][0]["reason"], "look at 192.0.2.7");
    EXPECT_EQ(why["matches"][1]["subject"], "!192.0.2.7");
    EXPECT_EQ(why["matches"][1]["won"], false);
    EXPECT_EQ(site({"check"}).status, 0);
}

TEST(RbldnsdList, LosesWhatANewerOneDoesNotHave) {
    const Site site;
    ASSERT_EQ(site({"import", "-", "--source", "list"}, std::string{kCombined}).status, 0);
    const Json made =
        site({"import", "-", "--source", "list", "--replace", "--yes", "--json"},
             "$DATASET ip4trie dul web\n192.0.2.0/24\n$DATASET dnset @\n.example.com\n")
            .json();
    EXPECT_EQ(made["unchanged"], 1);
    EXPECT_EQ(made["added"], 2);
    EXPECT_EQ(made["removed"], 129);
    EXPECT_THAT(site({"stats"}).output, HasSubstr("data sets @ dul,web"));
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 0);
    EXPECT_EQ(site({"check"}).status, 0);
}

TEST(RbldnsdList, BecomesOwnListingsAsItIsWritten) {
    const Site site;
    const Answer made =
        site({"import", "-", "--format", "rbldnsd:ip4set"}, ":6:see $\n192.0.2.0/25\n");
    EXPECT_EQ(made.status, 0) << made.errors;
    const Json rows = site({"list", "--json"}).json();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0]["subject"], "192.0.2.0/25");
    EXPECT_EQ(rows[0]["code"], "127.0.0.6");
    EXPECT_EQ(rows[0]["reason"], "see 192.0.2.0/25");
    const Answer refused =
        site({"import", "-", "--format", "rbldnsd:ip4set"}, "!192.0.2.7\n1.2.3.4\n");
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.errors, HasSubstr("--source NAME"));
}

TEST(RbldnsdList, IsRefusedWhereItsTypeIsNotKnown) {
    const Site site;
    const Answer unnamed = site({"import", "-"}, ":127.0.0.2:listed\n192.0.2.7\n");
    EXPECT_EQ(unnamed.status, 2);
    EXPECT_THAT(unnamed.errors, HasSubstr("name it with --format: rbldnsd:ip4set"));
    const Answer generic = site({"import", "-", "--format", "rbldnsd:generic"}, "@ A 192.0.2.1\n");
    EXPECT_EQ(generic.status, 2);
    EXPECT_THAT(generic.errors, HasSubstr("it holds records of any kind"));
    EXPECT_THAT(site({"import", "--help"}).output, HasSubstr("rbldnsd:TYPE"));
}

}  // namespace
}  // namespace ostrakon::test
