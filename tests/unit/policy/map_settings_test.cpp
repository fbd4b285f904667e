// Which maps [geo] names, taken over by the timer; and what `why` knows of maps of a past date.
#include "map_import.hpp"
#include "ostrakon/policy/undo.hpp"

namespace ostrakon::policy {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class MapSettingsTest : public MapImportTest {
protected:
    MapSettingsTest() {
        EXPECT_TRUE(take({{"192.0.2.0/24", "AS64500"}}, "small"));
        EXPECT_TRUE(ban("AS64500"));
        EXPECT_TRUE(take({{"198.51.100.0/24", "AS64500"}}, "other"));
        EXPECT_TRUE(take({{"203.0.112.0/20", "AS64500"}}, "large"));
    }
    Result<ChangeReport> run_timer(bool confirmed = false) {
        return policy::expire(*environment_, settings_, author(), confirmed);
    }
    std::size_t events() { return history(*environment_, std::nullopt, std::nullopt)->size(); }
};

TEST_F(MapSettingsTest, AreFollowedByTheTimer) {
    EXPECT_FALSE(run_timer()->changed);
    settings_.geo.asn = {"other"};
    const std::size_t told = events();
    const auto followed = run_timer();
    ASSERT_TRUE(followed);
    EXPECT_TRUE(followed->changed);
    EXPECT_EQ(followed->coverage.addresses, 512U);
    EXPECT_THAT(followed->notes, IsEmpty());
    EXPECT_GT(events(), told);
    EXPECT_FALSE(is_listed("192.0.2.7"));
    EXPECT_TRUE(is_listed("198.51.100.7"));
    EXPECT_EQ(differences(), 0U);
    EXPECT_FALSE(run_timer()->changed);
}

TEST_F(MapSettingsTest, AreHeldByTheTimerWhereAMapWouldBe) {
    settings_.geo.asn = {"large"};
    const auto held = run_timer();
    ASSERT_TRUE(held);
    EXPECT_THAT(held->notes, ElementsAre(HasSubstr("more than tenfold")));
    EXPECT_TRUE(is_listed("192.0.2.7"));
    EXPECT_EQ(differences(), 0U);
    // The audit trail is told once; what ends is tidied up all the same.
    const std::size_t told = events();
    Ban made = ban_of("192.0.2.8");
    made.expiry = {true, after(100)};
    ASSERT_TRUE(ban(made));
    at(100);
    const auto again = run_timer();
    EXPECT_EQ(again->listings.size(), 1U);
    EXPECT_THAT(again->notes, ElementsAre(HasSubstr("`ostrakon expire --yes`")));
    EXPECT_FALSE(run_timer()->changed);
    EXPECT_EQ(events(), told + 2);  // the ban, and its end
    EXPECT_TRUE(run_timer(true)->changed);
    EXPECT_FALSE(is_listed("192.0.2.7"));
    EXPECT_TRUE(is_listed("203.0.113.7"));
    EXPECT_THAT(run_timer()->notes, IsEmpty());
    EXPECT_EQ(differences(), 0U);
}

TEST_F(MapSettingsTest, AreFollowedWhereAnAsEndsAtTheSameTime) {
    Ban made = ban_of("AS64500");
    made.expiry = {true, after(100)};
    ASSERT_TRUE(ban(made));
    settings_.geo.asn = {"other"};
    at(100);
    ASSERT_TRUE(run_timer());
    EXPECT_FALSE(is_listed("192.0.2.7"));
    EXPECT_FALSE(is_listed("198.51.100.7"));
    EXPECT_EQ(differences(), 0U);
}

TEST_F(MapSettingsTest, ThatNameNoMapAreHeld) {
    settings_.geo.asn = {"smal"};
    EXPECT_THAT(run_timer()->notes, ElementsAre(HasSubstr("names no map that is there")));
    EXPECT_TRUE(is_listed("192.0.2.7"));
    settings_.geo.asn = {"small"};
    EXPECT_THAT(run_timer()->notes, IsEmpty());
}

TEST_F(MapSettingsTest, AreNotWhatTheUndoOfAMapTakesBack) {
    const auto second = take({{"192.0.2.0/25", "AS64500"}}, "small");
    ASSERT_TRUE(second);
    settings_.geo.asn = {"other"};
    ASSERT_TRUE(run_timer()->changed);
    settings_.geo.asn = {};  // the one that is asked goes on
    const Undo back{.change = *second->counts.change,
                    .reason = "",
                    .override_age = false,
                    .confirmed = true,
                    .dry_run = false};
    ASSERT_TRUE(undo(*environment_, settings_, back, author()));
    EXPECT_FALSE(is_listed("192.0.2.7"));
    EXPECT_TRUE(is_listed("198.51.100.7"));
    EXPECT_EQ(differences(), 0U);
}

TEST_F(MapImportTest, OfLaterThanADateIsSaid) {
    at(100);
    ASSERT_TRUE(take({{"192.0.2.0/24", "AS64500"}}));
    const auto notes_at_start = [this](std::string_view address) {
        return explain(*environment_, settings_, {config::default_zone()}, subject(address),
                       address, kStart)
            ->notes;
    };
    EXPECT_THAT(notes_at_start("192.0.2.7"),
                Contains(HasSubstr("is in AS64500 may not have been")));
    EXPECT_THAT(notes_at_start("198.51.100.7"),
                Contains(HasSubstr("is in no other AS may not have been")));
}

}  // namespace
}  // namespace ostrakon::policy
