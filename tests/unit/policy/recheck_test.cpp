// Listings of `diagnose --ban`: when they are due, what falls away, and what stays.
#include "ostrakon/policy/recheck.hpp"

#include "database.hpp"
#include "ostrakon/policy/undo.hpp"

#include <gmock/gmock.h>

namespace ostrakon::policy {
namespace {

using store::ListingState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::int64_t kHour = 3600;
constexpr Duration kAge{kHour};

class Recheck : public DatabaseTest {
protected:
    Recheck() { settings_.lifecycle.repeat_minimum = Duration{0}; }

    Ban found_wrong(std::string_view text, std::string helo = "mail.example.com") {
        Ban ban = ban_of(text);
        ban.listing_class = "misconfigured";
        ban.diagnosed = store::Diagnosed{std::move(helo), std::nullopt, now_};
        return ban;
    }
    std::vector<DueRecheck> due(std::size_t count_max = 100) {
        const auto found = due_rechecks(*environment_, kAge, now_, count_max);
        EXPECT_TRUE(found);
        return found.value_or(std::vector<DueRecheck>{});
    }
    Result<ChangeReport> recheck(const std::vector<DueRecheck>& rechecked, bool passes) {
        std::vector<Rechecked> results;
        for (const DueRecheck& each : rechecked) {
            results.push_back({each.listing, passes});
        }
        return policy::expire(*environment_, settings_, author(), false, results);
    }
    ListingState state(std::string_view text) { return listings(text).at(0).state; }
};

TEST_F(Recheck, IsDueAfterItsTimeTheOldestFirst) {
    ASSERT_TRUE(ban(found_wrong("192.0.2.7")));
    at(60);
    ASSERT_TRUE(ban(found_wrong("2001:db8::25/128", "six.example.com")));
    ASSERT_TRUE(ban("192.0.2.9"));  // nobody has diagnosed that
    at(kHour - 1);
    EXPECT_THAT(due(), IsEmpty());
    at(kHour);
    ASSERT_THAT(due(), SizeIs(1));
    EXPECT_EQ(net::to_string(due()[0].address), "192.0.2.7");
    EXPECT_EQ(due()[0].listing.diagnosed->helo, "mail.example.com");
    EXPECT_EQ(due()[0].listing.diagnosed->sender, std::nullopt);
    at(2 * kHour);
    EXPECT_THAT(due(), SizeIs(2));
    EXPECT_THAT(due(1), SizeIs(1));
    EXPECT_EQ(net::to_string(due()[1].address), "2001:db8::25");
    EXPECT_EQ(differences(), 0U);
}

TEST_F(Recheck, LetsFallAwayWhatPasses) {
    ASSERT_TRUE(ban(found_wrong("192.0.2.7")));
    at(kHour);
    const auto report = recheck(due(), true);
    ASSERT_TRUE(report) << message(report.error());
    EXPECT_TRUE(report->changed);
    ASSERT_THAT(report->listings, SizeIs(1));
    EXPECT_EQ(state("192.0.2.7"), ListingState::Corrected);
    EXPECT_EQ(listings("192.0.2.7")[0].ended, after(kHour));
    EXPECT_EQ(rows(), 0U);
    EXPECT_THAT(due(), IsEmpty());
    const auto events = history(*environment_, subject("192.0.2.7"), std::nullopt);
    EXPECT_EQ(events->back().what, "rechecked: all checks pass");
    EXPECT_EQ(figures().index_ipv4_blocks, 0U);
    EXPECT_EQ(differences(), 0U);
}

// No evidence, no repeat_minimum: it is no lift. The next ban is a repeat all the same.
TEST_F(Recheck, IsNoLiftAndLeavesItsStrike) {
    settings_.lifecycle.repeat_minimum = Duration{365 * 24 * kHour};
    ASSERT_TRUE(ban(found_wrong("192.0.2.7")));
    at(kHour);
    ASSERT_TRUE(recheck(due(), true)->changed);
    at(2 * kHour);
    EXPECT_EQ(ban(found_wrong("192.0.2.7"))->listings[0].strikes, 2U);
    at(3 * kHour);
    ASSERT_THAT(due(), SizeIs(1));
    EXPECT_TRUE(recheck(due(), true)->changed);
    EXPECT_EQ(rows(), 0U);
}

TEST_F(Recheck, PutsOffWhatDoesNotPass) {
    ASSERT_TRUE(ban(found_wrong("192.0.2.7")));
    at(kHour);
    const std::uint32_t serial = figures().serial;
    const auto report = recheck(due(), false);
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->changed);
    EXPECT_EQ(report->change, std::nullopt);
    EXPECT_EQ(figures().serial, serial);
    EXPECT_EQ(state("192.0.2.7"), ListingState::Active);
    EXPECT_THAT(due(), IsEmpty());
    at(2 * kHour);
    EXPECT_THAT(due(), SizeIs(1));
    EXPECT_EQ(differences(), 0U);
}

TEST_F(Recheck, DoesNotTouchWhatWasDecidedMeanwhile) {
    ASSERT_TRUE(ban(found_wrong("192.0.2.7")));
    ASSERT_TRUE(ban(found_wrong("192.0.2.8")));
    ASSERT_TRUE(ban(found_wrong("192.0.2.9")));
    at(kHour);
    const auto looked_into = due();
    ASSERT_THAT(looked_into, SizeIs(3));
    Ban worse = found_wrong("192.0.2.7", "other.example.com");
    ASSERT_TRUE(ban(worse));
    ASSERT_TRUE(unban("192.0.2.8"));
    ASSERT_FALSE(recheck({looked_into[2]}, false)->changed);  // another `expire` was faster
    EXPECT_FALSE(recheck(looked_into, true)->changed);
    EXPECT_EQ(state("192.0.2.7"), ListingState::Active);
    EXPECT_EQ(state("192.0.2.8"), ListingState::Lifted);
    EXPECT_EQ(state("192.0.2.9"), ListingState::Active);
}

TEST_F(Recheck, ForgetsWhatHasEndedOtherwise) {
    Ban short_ban = found_wrong("192.0.2.7");
    short_ban.expiry = {true, after(60)};
    ASSERT_TRUE(ban(short_ban));
    const auto banned = ban(found_wrong("192.0.2.8"));
    ASSERT_TRUE(banned);
    Undo undo;
    undo.change = *banned->change;
    ASSERT_TRUE(policy::undo(*environment_, settings_, undo, author()));
    at(60);
    ASSERT_TRUE(expire()->changed);
    at(2 * kHour);
    EXPECT_THAT(due(), IsEmpty());
}

TEST_F(Recheck, OfAWarningHasNothingToTakeAway) {
    settings_.lifecycle.first_is_warning = true;
    ASSERT_TRUE(ban(found_wrong("192.0.2.7")));
    at(kHour);
    EXPECT_THAT(due(), IsEmpty());
}

TEST_F(Recheck, CanBeUndone) {
    ASSERT_TRUE(ban(found_wrong("192.0.2.7")));
    at(kHour);
    const auto fell_away = recheck(due(), true);
    ASSERT_TRUE(fell_away);
    Undo undo;
    undo.change = *fell_away->change;
    const auto undone = policy::undo(*environment_, settings_, undo, author());
    ASSERT_TRUE(undone) << message(undone.error());
    EXPECT_EQ(state("192.0.2.7"), ListingState::Active);
    EXPECT_EQ(listings("192.0.2.7")[0].strikes, 1U);
    EXPECT_THAT(due(), SizeIs(1));
    EXPECT_EQ(differences(), 0U);
}

}  // namespace
}  // namespace ostrakon::policy
