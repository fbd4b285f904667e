// Maps taken in: what they make of bans of AS and countries, and what is refused.
#include "map_import.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(MapImportTest, ExpandsABanAtOnce) {
    ASSERT_TRUE(take({{"192.0.2.0/24", "AS64500"}, {"2001:db8::/48", "AS64500"}}));
    const auto made = ban("AS64500");
    ASSERT_TRUE(made);
    EXPECT_EQ(made->coverage.addresses, 256U + 65536U);
    EXPECT_EQ(made->listings.front().listing_class, "isp");
    EXPECT_TRUE(is_listed("192.0.2.255"));
    EXPECT_TRUE(is_listed("2001:db8:0:ffff::"));
    EXPECT_FALSE(is_listed("192.0.3.0"));
    EXPECT_EQ(differences(), 0U);
    const auto lifted = unban("AS64500");
    ASSERT_TRUE(lifted);
    EXPECT_EQ(lifted->coverage.addresses, 256U + 65536U);
    EXPECT_FALSE(is_listed("192.0.2.255"));
    EXPECT_FALSE(is_listed("2001:db8:0:ffff::"));
    EXPECT_EQ(differences(), 0U);
}

TEST_F(MapImportTest, ExpandsWhatIsBannedAnewAsADiff) {
    ASSERT_TRUE(take({{"192.0.2.0/25", "AS64500"}, {"198.51.100.0/24", "country:DE"}}));
    ASSERT_TRUE(ban("AS64500"));
    ASSERT_TRUE(ban("country:DE"));
    at(60);
    const auto next = take({{"192.0.2.64-192.0.2.191", "AS64500"},
                            {"192.0.3.0/24", "AS64501"},
                            {"198.51.100.0/24", "country:DE"}});
    EXPECT_THAT(steps_of(next), ElementsAre("AS64500 1/128 → 2/128"));
    EXPECT_EQ(next->counts.added, 2U);
    EXPECT_EQ(next->counts.removed, 1U);
    EXPECT_EQ(next->counts.unchanged, 1U);
    EXPECT_TRUE(is_listed("192.0.2.191"));
    EXPECT_FALSE(is_listed("192.0.2.1"));
    EXPECT_FALSE(is_listed("192.0.3.1"));
    EXPECT_TRUE(is_listed("198.51.100.1"));
    EXPECT_EQ(differences(), 0U);
}

TEST_F(MapImportTest, OfADryRunChangesNothing) {
    ASSERT_TRUE(take({{"192.0.2.0/25", "AS64500"}}));
    ASSERT_TRUE(ban("AS64500"));
    MapImport import = map_of({{"192.0.2.0/24", "AS64500"}});
    import.dry_run = true;
    const auto report = take(std::move(import));
    EXPECT_THAT(steps_of(report), ElementsAre("AS64500 1/128 → 1/256"));
    EXPECT_FALSE(report->counts.change);
    EXPECT_FALSE(is_listed("192.0.2.200"));
}

TEST_F(MapImportTest, OfTheSameAgainIsNoChange) {
    ASSERT_TRUE(take({{"192.0.2.0/25", "AS64500"}}));
    at(60);
    const auto again = take({{"192.0.2.0/25", "AS64500"}});
    ASSERT_TRUE(again);
    EXPECT_FALSE(again->counts.change);
    EXPECT_EQ(again->counts.unchanged, 1U);
}

TEST_F(MapImportTest, KeepsTheFamilyThatAFileHasNothingOf) {
    ASSERT_TRUE(take({{"192.0.2.0/25", "AS64500"}}));
    ASSERT_TRUE(take({{"2001:db8::/64", "AS64500"}}));
    ASSERT_TRUE(ban("AS64500"));
    EXPECT_TRUE(is_listed("192.0.2.1"));
    EXPECT_TRUE(is_listed("2001:db8::1"));
    MapImport import = map_of({{"2001:db8::/64", "AS64500"}});
    import.replace = true;
    ASSERT_TRUE(take(std::move(import)));
    EXPECT_FALSE(is_listed("192.0.2.1"));
    EXPECT_EQ(differences(), 0U);
}

TEST_F(MapImportTest, IsHeldWhereAnAsGrowsMoreThanTenfold) {
    ASSERT_TRUE(take({{"192.0.2.0/28", "AS64500"}, {"198.51.100.0/32", "AS64501"}}));
    ASSERT_TRUE(ban("AS64500"));
    EXPECT_EQ(refusal_of(take({{"192.0.2.0-192.0.2.159", "AS64500"}})), "taken");
    ASSERT_TRUE(take({{"192.0.2.0/28", "AS64500"}}));
    const auto held = take({{"192.0.2.0-192.0.2.160", "AS64500"}});
    EXPECT_THAT(refusal_of(held), HasSubstr("map map: AS64500: it would grow more than tenfold"));
    EXPECT_EQ(held.error().code, ErrorCode::Refused);
    EXPECT_FALSE(is_listed("192.0.2.100"));
    MapImport import = map_of({{"192.0.2.0-192.0.2.160", "AS64500"}});
    import.confirmed = true;
    ASSERT_TRUE(take(std::move(import)));
    EXPECT_TRUE(is_listed("192.0.2.100"));
    // What is not banned may grow as it likes, and a family that comes new is no growth.
    EXPECT_EQ(refusal_of(take({{"192.0.2.0-192.0.2.160", "AS64500"},
                               {"198.51.100.0/24", "AS64501"},
                               {"2001:db8::/48", "AS64500"}})),
              "taken");
}

TEST_F(MapImportTest, HeedsCanariesAndTheBlastRadius) {
    settings_.protect.canaries = {"203.0.113.25", "mail.example.org", "2001:db8::25"};
    settings_.protect.blast_radius_addresses = 1000;
    ASSERT_TRUE(take({{"192.0.2.0/24", "AS64500"}, {"203.0.113.0/24", "AS64501"}}));
    ASSERT_TRUE(ban("AS64500"));
    EXPECT_THAT(refusal_of(ban("AS64501")), HasSubstr("203.0.113.25 of [protect] canaries"));
    EXPECT_EQ(refusal_of(take({{"192.0.2.0/24", "AS64500"}, {"198.51.100.0/24", "AS64500"}})),
              "taken");
    EXPECT_THAT(refusal_of(take({{"192.0.2.0/24", "AS64500"}, {"203.0.113.0/24", "AS64500"}})),
                HasSubstr("203.0.113.25 of [protect] canaries would be listed"));
    EXPECT_THAT(refusal_of(take({{"2001:db8::/64", "AS64500"}})),
                HasSubstr("2001:db8::25 of [protect] canaries"));
    EXPECT_THAT(refusal_of(take({{"192.0.0.0/21", "AS64500"}})), HasSubstr("blast_radius"));
    ASSERT_TRUE(take({{"198.18.0.0/20", "AS64502"}}));
    EXPECT_THAT(refusal_of(ban("AS64502")),
                HasSubstr("a change of 4096 addresses: [protect] blast_radius is 1000 addresses"));
    EXPECT_THAT(listings("AS64502"), IsEmpty());
}

TEST_F(MapImportTest, HeedsNever) {
    settings_.protect = config::private_ranges();
    ASSERT_TRUE(take(
        {{"10.0.0.0/24", "AS64500"}, {"192.168.0.0/24", "AS64501"}, {"192.0.2.0/24", "AS64501"}}));
    EXPECT_THAT(refusal_of(ban("AS64500")), HasSubstr("wholly inside [protect] never"));
    const auto partly = ban("AS64501");
    ASSERT_TRUE(partly);
    EXPECT_THAT(partly->notes, ElementsAre(HasSubstr("the part that [protect] never holds")));
    EXPECT_TRUE(is_listed("192.0.2.1"));
    EXPECT_FALSE(is_listed("192.168.0.1"));
    Ban forced = ban_of("AS64500");
    forced.override_never = true;
    ASSERT_TRUE(ban(forced));
    EXPECT_TRUE(is_listed("10.0.0.1"));
}

TEST_F(MapImportTest, KeepsAndTellsOfABanThatNoMapKnows) {
    const auto early = ban("AS64500");
    ASSERT_TRUE(early);
    EXPECT_THAT(early->notes, ElementsAre(HasSubstr("there is no map of AS numbers")));
    ASSERT_TRUE(take({{"192.0.2.0/24", "AS64501"}}));
    const auto late = ban("AS64502");
    EXPECT_THAT(late->notes,
                ElementsAre(HasSubstr("AS64502: no map knows it (map map of 2027-01-15)")));
    EXPECT_EQ(rows(), 2U);
    EXPECT_THAT(steps_of(take({{"192.0.2.0/24", "AS64500"}})), ElementsAre("AS64500 0/0 → 1/256"));
    EXPECT_TRUE(is_listed("192.0.2.7"));
}

TEST_F(MapImportTest, IsExplained) {
    MapImport import = map_of({{"192.0.2.0/24", "AS64500"}, {"192.0.0.0/16", "country:DE"}});
    import.contents.date = UnixTime{1'767'225'600};
    ASSERT_TRUE(take(std::move(import)));
    ASSERT_TRUE(ban("AS64500"));
    const Explanation found = why("192.0.2.7");
    ASSERT_EQ(found.origins.size(), 2U);
    EXPECT_EQ(found.origins[0].subject, "AS64500");
    EXPECT_EQ(found.origins[0].map, "map");
    EXPECT_EQ(to_string(found.origins[0].date), "2026-01-01T00:00:00Z");
    EXPECT_EQ(found.origins[1].subject, "country:DE");
    ASSERT_EQ(found.matches.size(), 1U);
    EXPECT_EQ(found.matches[0].subject, "AS64500");
    EXPECT_EQ(found.matches[0].map, "map");
    EXPECT_EQ(found.zones[0].text, std::vector<std::string>{"AS64500 is blocked (isp) - spam"});
    EXPECT_THAT(why("203.0.113.7").origins, IsEmpty());
}

TEST_F(MapImportTest, AsksTheMapsThatTheSettingsName) {
    ASSERT_TRUE(take({{"192.0.2.0/24", "AS64500"}}, "one"));
    ASSERT_TRUE(ban("AS64500"));
    // The second of two that nobody names is not asked, and that is said.
    const auto second = take({{"192.0.2.0/25", "AS64501"}, {"198.51.100.0/24", "AS64500"}}, "two");
    ASSERT_TRUE(second);
    EXPECT_THAT(second->counts.notes, ElementsAre(HasSubstr("there are several maps (one, two)")));
    EXPECT_TRUE(is_listed("192.0.2.7"));
    EXPECT_FALSE(is_listed("198.51.100.7"));
    settings_.geo.asn = {"two", "one", "three"};
    const auto noted = take({{"192.0.2.0/25", "AS64501"}, {"198.51.100.0/24", "AS64500"}}, "two");
    ASSERT_TRUE(noted);
    EXPECT_THAT(noted->counts.notes, ElementsAre(HasSubstr("[geo] asn names three")));
    EXPECT_TRUE(noted->counts.change);
    EXPECT_FALSE(is_listed("192.0.2.7"));
    EXPECT_TRUE(is_listed("192.0.2.200"));
    EXPECT_TRUE(is_listed("198.51.100.7"));
    EXPECT_EQ(differences(), 0U);
    // The next ban of an AS takes changed settings over too.
    settings_.geo.asn = {"one"};
    ASSERT_TRUE(ban("AS64502"));
    EXPECT_TRUE(is_listed("192.0.2.7"));
    EXPECT_FALSE(is_listed("198.51.100.7"));
    EXPECT_EQ(differences(), 0U);
}

TEST_F(MapImportTest, HoldsSettingsThatLetAnAsGrow) {
    ASSERT_TRUE(take({{"192.0.2.0/32", "AS64500"}}, "one"));
    ASSERT_TRUE(ban("AS64500"));
    ASSERT_TRUE(take({{"192.0.2.0/24", "AS64500"}}, "two"));
    settings_.geo.asn = {"two"};
    EXPECT_THAT(refusal_of(ban("AS64501")), HasSubstr("[geo] names other maps than before"));
    Ban confirmed = ban_of("AS64501");
    confirmed.confirmed = true;
    ASSERT_TRUE(ban(confirmed));
    EXPECT_TRUE(is_listed("192.0.2.7"));
}

TEST_F(MapImportTest, IsRefusedWhereItIsNoMap) {
    EXPECT_THAT(refusal_of(take(std::vector<Row>{})), HasSubstr("no row of it is of use"));
    EXPECT_THAT(refusal_of(take({{"192.0.2.0/24", "AS64500"}}, "isp")),
                HasSubstr("is the name of a class"));
    MapImport mostly_rubbish = map_of({{"192.0.2.0/24", "AS64500"}});
    mostly_rubbish.contents.read = 3;
    mostly_rubbish.contents.rejected = 2;
    mostly_rubbish.contents.rejects = {{1, "here", "is no row"}};
    EXPECT_THAT(refusal_of(take(mostly_rubbish)), HasSubstr("2 lines of 3 are no valid rows"));
    MapImport strict = map_of({{"192.0.2.0/24", "AS64500"}});
    strict.strict = true;
    strict.contents.read = 9;
    strict.contents.rejected = 1;
    EXPECT_THAT(refusal_of(take(strict)), HasSubstr("1 lines are no valid rows"));
}

TEST_F(MapImportTest, HasANameThatNoFeedHas) {
    ASSERT_TRUE(import(import_of({"192.0.2.7"}, "list")));
    EXPECT_THAT(refusal_of(take({{"192.0.2.0/24", "AS64500"}}, "list")),
                HasSubstr("list is a feed of bans"));
    ASSERT_TRUE(take({{"192.0.2.0/24", "AS64500"}}, "map"));
    const auto refused = import(import_of({"192.0.2.7"}, "map"));
    ASSERT_FALSE(refused);
    EXPECT_THAT(message(refused.error()), HasSubstr("there is a map of that name"));
}

TEST_F(MapImportTest, ServesOwnListsOfOrigins) {
    ASSERT_TRUE(take({{"192.0.2.0/24", "AS64500"}, {"192.0.0.0/16", "country:DE"}}));
    Import list = import_of({"AS64500", "country:DE", "198.51.100.7"});
    list.confirmed = true;
    const auto report = import(std::move(list));
    ASSERT_TRUE(report);
    EXPECT_EQ(report->added, 3U);
    EXPECT_TRUE(is_listed("192.0.2.7"));
    EXPECT_TRUE(is_listed("192.0.3.7"));
    EXPECT_EQ(rows(), 3U);
    EXPECT_EQ(differences(), 0U);
}

TEST_F(MapImportTest, EndsWithItsListings) {
    ASSERT_TRUE(take({{"192.0.2.0/24", "AS64500"}}));
    Ban made = ban_of("AS64500");
    made.expiry = {true, after(100)};
    ASSERT_TRUE(ban(made));
    EXPECT_TRUE(is_listed("192.0.2.7"));
    at(100);
    EXPECT_FALSE(is_listed("192.0.2.7"));
    const auto expired = expire();
    ASSERT_TRUE(expired);
    EXPECT_EQ(expired->coverage.addresses, 256U);
    EXPECT_EQ(differences(), 0U);
}

TEST_F(MapImportTest, TellsOfTheBanThatStillCoversAnAddress) {
    ASSERT_TRUE(take({{"192.0.2.0/24", "AS64500"}}));
    ASSERT_TRUE(ban("AS64500"));
    ASSERT_TRUE(ban("192.0.2.7"));
    const auto lifted = unban("192.0.2.7");
    ASSERT_TRUE(lifted);
    EXPECT_THAT(lifted->notes,
                ElementsAre("192.0.2.7 is still covered by the ban of AS64500 (isp)"));
}

}  // namespace
}  // namespace ostrakon::policy
