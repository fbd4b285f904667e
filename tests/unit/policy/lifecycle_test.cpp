// What a ban costs and what lifts it: strikes, durations, evidence, protection.
#include "database.hpp"

#include <gmock/gmock.h>

namespace ostrakon::policy {
namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kYear = 365 * kDay;

class Lifecycle : public DatabaseTest {
protected:
    ErrorCode refusal(const Result<ChangeReport>& result) {
        EXPECT_FALSE(result);
        return result ? ErrorCode::System : result.error().code;
    }
};

TEST_F(Lifecycle, CountsAnotherBanAfterALiftAsAStrike) {
    ASSERT_TRUE(ban("192.0.2.7"));
    at(kDay);
    ASSERT_TRUE(unban("192.0.2.7"));
    at(2 * kDay);
    const auto again = ban("192.0.2.7");
    ASSERT_TRUE(again);
    EXPECT_EQ(again->listings[0].strikes, 2U);
    EXPECT_EQ(again->listings[0].earliest_lift, after(2 * kDay + kYear));
    EXPECT_EQ(refusal(unban("192.0.2.7")), ErrorCode::Refused);
    Lift lift = lift_of("192.0.2.7");
    lift.override_lifecycle = true;
    EXPECT_TRUE(unban(lift));
}

TEST_F(Lifecycle, CountsStrikesPerSubjectAndClass) {
    ASSERT_TRUE(ban("192.0.2.7"));
    ASSERT_TRUE(unban("192.0.2.7"));
    Ban other = ban_of("192.0.2.7");
    other.listing_class = "isp";
    EXPECT_EQ(ban(other)->listings[0].strikes, 1U);
    EXPECT_EQ(ban("192.0.2.8")->listings[0].strikes, 1U);
}

TEST_F(Lifecycle, TakesTheLadderStepByStep) {
    settings_.lifecycle.first = Duration{kDay};
    settings_.lifecycle.repeat = {Duration{30 * kDay}, Duration{0, true}};
    EXPECT_EQ(ban("192.0.2.7")->listings[0].until, after(kDay));
    at(kDay);
    EXPECT_EQ(ban("192.0.2.7")->listings[0].until, after(31 * kDay));
    at(31 * kDay);
    const auto third = ban("192.0.2.7");
    EXPECT_EQ(third->listings[0].strikes, 3U);
    EXPECT_EQ(third->listings[0].until, std::nullopt);
}

TEST_F(Lifecycle, WarnsFirstWhereTheSiteSaysSo) {
    settings_.lifecycle.first_is_warning = true;
    EXPECT_EQ(ban("192.0.2.7")->listings[0].state, store::ListingState::Warning);
    EXPECT_EQ(rows(), 0U);
    const auto second = ban("192.0.2.7");
    EXPECT_EQ(second->listings[0].strikes, 2U);
    EXPECT_EQ(second->listings[0].state, store::ListingState::Active);
    EXPECT_EQ(rows(), 1U);
}

TEST_F(Lifecycle, UpdatesWhatStandsWithoutAStrike) {
    ASSERT_TRUE(ban("192.0.2.7"));
    at(kDay);
    Ban again = ban_of("192.0.2.7");
    again.reason = "still spam";
    again.expiry = {true, after(2 * kDay)};
    const auto updated = ban(again);
    ASSERT_TRUE(updated);
    EXPECT_TRUE(updated->changed);
    EXPECT_EQ(updated->listings[0].strikes, 1U);
    EXPECT_EQ(updated->listings[0].since, kStart);
    EXPECT_EQ(updated->listings[0].until, after(2 * kDay));
    const auto same = ban(again);
    EXPECT_FALSE(same->changed);
    EXPECT_EQ(same->change, std::nullopt);
}

TEST_F(Lifecycle, WantsEvidenceToLiftABanButNotAnAllow) {
    ASSERT_TRUE(ban("192.0.2.7"));
    Ban allow = ban_of("192.0.2.8");
    allow.listing_class = "allow";
    ASSERT_TRUE(ban(allow));
    EXPECT_EQ(refusal(unban("192.0.2.7", "")), ErrorCode::Refused);
    EXPECT_TRUE(unban("192.0.2.8", ""));
    settings_.lifecycle.evidence_to_lift = false;
    EXPECT_TRUE(unban("192.0.2.7", ""));
}

TEST_F(Lifecycle, LiftsJustThatSubjectAndNamesWhatCoversIt) {
    ASSERT_TRUE(ban("192.0.2.0/24"));
    ASSERT_TRUE(ban("192.0.2.7"));
    const auto lifted = unban("192.0.2.7");
    ASSERT_TRUE(lifted);
    EXPECT_EQ(lifted->listings.size(), 1U);
    EXPECT_THAT(lifted->notes, testing::Contains(testing::HasSubstr("192.0.2.0/24")));
    EXPECT_EQ(refusal(unban("192.0.2.7")), ErrorCode::Absent);
}

TEST_F(Lifecycle, RefusesWhatIsProtectedOrTooWide) {
    settings_.protect.never_ipv4 = {net::prefix(net::Ipv4{0x0A000000}, 8)};
    Ban inside = ban_of("10.1.0.0/16");
    EXPECT_EQ(refusal(ban(inside)), ErrorCode::Refused);
    inside.override_never = true;
    EXPECT_TRUE(ban(inside));
    for (const char* const wide : {"128.0.0.0/7", "com", "co.uk", "*.org"}) {
        SCOPED_TRACE(wide);
        Ban ban = ban_of(wide);
        EXPECT_EQ(refusal(this->ban(ban)), ErrorCode::Refused);
        ban.confirmed = true;
        EXPECT_TRUE(this->ban(ban));
    }
}

TEST_F(Lifecycle, TidiesUpWhatHasEnded) {
    Ban short_ban = ban_of("192.0.2.7");
    short_ban.expiry = {true, after(60)};
    ASSERT_TRUE(ban(short_ban));
    at(59);
    EXPECT_FALSE(expire()->changed);
    at(60);
    const std::uint32_t serial = figures().serial;
    EXPECT_EQ(expire()->listings.size(), 1U);
    EXPECT_GT(figures().serial, serial);
    EXPECT_EQ(listings("192.0.2.7")[0].state, store::ListingState::Expired);
    EXPECT_EQ(figures().index_ipv4_blocks, 0U);
}

}  // namespace
}  // namespace ostrakon::policy
