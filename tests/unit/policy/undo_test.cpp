// Taking change sets back: what comes back, what stays, and what no longer counts.
#include "ostrakon/policy/undo.hpp"

#include "database.hpp"

#include <gmock/gmock.h>

namespace ostrakon::policy {
namespace {

using store::ListingState;
using testing::Contains;
using testing::HasSubstr;

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kYear = 365 * kDay;

class UndoTest : public DatabaseTest {
protected:
    Result<ChangeReport> undo(const Undo& undo) {
        auto done = policy::undo(*environment_, settings_, undo, author());
        EXPECT_EQ(differences(), 0U);
        return done;
    }
    Result<ChangeReport> undo(std::optional<store::ChangeId> change) {
        Undo wanted;
        wanted.change = change.value_or(0);
        return undo(wanted);
    }
    ErrorCode refusal(const Result<ChangeReport>& result) {
        EXPECT_FALSE(result);
        return result ? ErrorCode::System : result.error().code;
    }
    std::uint32_t strikes(std::string_view subject) { return listings(subject).back().strikes; }
    std::vector<std::string> subjects(const std::string& source) {
        std::vector<std::string> found;
        ListFilter filter;
        filter.source = source;
        filter.at = now_;
        EXPECT_TRUE(list(*environment_, filter, [&](const ListedRow& row) {
            found.push_back(row.listing.subject + " " + row.listing.listing_class + " " +
                            row.listing.reason);
            return true;
        }));
        return found;
    }
};

TEST_F(UndoTest, TakesABanBackWithItsStrike) {
    const auto banned = ban("192.0.2.7");
    ASSERT_TRUE(banned);
    const auto undone = undo(banned->change);
    ASSERT_TRUE(undone) << message(undone.error());
    EXPECT_TRUE(undone->changed);
    EXPECT_EQ(undone->coverage.addresses, 1U);
    EXPECT_EQ(undone->listings[0].state, ListingState::Undone);
    EXPECT_EQ(rows(), 0U);
    EXPECT_EQ(figures().index_ipv4_blocks, 0U);
    EXPECT_EQ(ban("192.0.2.7")->listings[0].strikes, 1U);
}

TEST_F(UndoTest, IsAChangeSetItselfAndCanBeUndone) {
    const auto banned = ban("192.0.2.7");
    const auto undone = undo(banned->change);
    const auto again = undo(undone->change);
    ASSERT_TRUE(again) << message(again.error());
    EXPECT_EQ(rows(), 1U);
    EXPECT_EQ(strikes("192.0.2.7"), 1U);
    const auto rows = changes(*environment_, 10);
    ASSERT_TRUE(rows);
    ASSERT_EQ(rows->size(), 3U);
    EXPECT_FALSE((*rows)[2].change.undone);
    EXPECT_TRUE((*rows)[1].change.undone);
    EXPECT_FALSE((*rows)[0].change.undone);
    EXPECT_EQ((*rows)[1].change.undoes, banned->change);
    EXPECT_TRUE(undo(again->change));
    EXPECT_EQ(this->rows(), 0U);
    EXPECT_FALSE(undo(again->change)->changed);
}

TEST_F(UndoTest, BringsALiftedBanBackAsItWas) {
    ASSERT_TRUE(ban("192.0.2.7"));
    at(60);
    const auto lifted = unban("192.0.2.7");
    at(120);
    ASSERT_TRUE(undo(lifted->change));
    const store::Listing listing = listings("192.0.2.7").at(0);
    EXPECT_EQ(listing.state, ListingState::Active);
    EXPECT_EQ(listing.since, kStart);
    EXPECT_EQ(listing.ended, std::nullopt);
    EXPECT_EQ(rows(), 1U);
}

TEST_F(UndoTest, BringsBackWhatABanThatStoodWas) {
    Ban first = ban_of("192.0.2.7");
    first.evidence = "a mail";
    ASSERT_TRUE(ban(first));
    Ban second = ban_of("192.0.2.7");
    second.reason = "worse";
    second.evidence = "another";
    second.expiry = {true, after(60)};
    const auto updated = ban(second);
    ASSERT_TRUE(undo(updated->change));
    const store::Listing listing = listings("192.0.2.7").at(0);
    EXPECT_EQ(listing.reason, "spam");
    EXPECT_EQ(listing.evidence, "a mail");
    EXPECT_EQ(listing.until, std::nullopt);
}

TEST_F(UndoTest, LeavesWhatALaterChangeHasDecided) {
    Ban both = ban_of("192.0.2.7");
    both.subjects.push_back(subject("192.0.2.8"));
    const auto banned = ban(both);
    Ban again = ban_of("192.0.2.7");
    again.reason = "seen again";
    ASSERT_TRUE(ban(again));
    const auto undone = undo(banned->change);
    ASSERT_TRUE(undone);
    EXPECT_EQ(undone->listings.size(), 1U);
    EXPECT_THAT(undone->notes, Contains(HasSubstr("192.0.2.7: change 2 (test, by tester)")));
    EXPECT_EQ(subjects("own"), std::vector<std::string>{"192.0.2.7 ip seen again"});
}

TEST_F(UndoTest, DoesNotBringBackWhatWasListedAnew) {
    ASSERT_TRUE(ban("192.0.2.7"));
    const auto lifted = unban("192.0.2.7");
    ASSERT_TRUE(ban("192.0.2.7"));
    const auto undone = undo(lifted->change);
    ASSERT_TRUE(undone);
    EXPECT_FALSE(undone->changed);
    EXPECT_THAT(undone->notes, Contains(HasSubstr("change 3 has listed it anew")));
    EXPECT_EQ(rows(), 1U);
}

TEST_F(UndoTest, CountsTheStrikesOfLaterBansAnew) {
    Ban short_ban = ban_of("192.0.2.7");
    short_ban.expiry = {true, after(60)};
    const auto first = ban(short_ban);
    at(60);
    ASSERT_TRUE(expire());
    ASSERT_EQ(ban("192.0.2.7")->listings[0].strikes, 2U);
    const auto undone = undo(first->change);
    ASSERT_TRUE(undone);
    EXPECT_EQ(strikes("192.0.2.7"), 1U);
    EXPECT_EQ(listings("192.0.2.7").back().earliest_lift, std::nullopt);
    ASSERT_TRUE(undo(undone->change));
    EXPECT_EQ(strikes("192.0.2.7"), 2U);
    EXPECT_EQ(listings("192.0.2.7").back().earliest_lift, after(60 + kYear));
}

TEST_F(UndoTest, TakesAWarningBackToo) {
    settings_.lifecycle.first_is_warning = true;
    const auto warned = ban("192.0.2.7");
    ASSERT_TRUE(undo(warned->change));
    EXPECT_EQ(ban("192.0.2.7")->listings[0].state, ListingState::Warning);
}

TEST_F(UndoTest, NeedsToBeMeantAfterADay) {
    const auto banned = ban("192.0.2.7");
    at(kDay);
    EXPECT_TRUE(undo({.change = *banned->change, .reason = "", .dry_run = true}));
    at(kDay + 1);
    EXPECT_EQ(refusal(undo(banned->change)), ErrorCode::Refused);
    EXPECT_EQ(rows(), 1U);
    EXPECT_TRUE(undo({.change = *banned->change, .reason = "", .override_age = true}));
    EXPECT_EQ(rows(), 0U);
}

TEST_F(UndoTest, OfAWideChangeNeedsAYes) {
    Ban wide = ban_of("128.0.0.0/7");
    wide.confirmed = true;
    const auto banned = ban(wide);
    EXPECT_EQ(refusal(undo(banned->change)), ErrorCode::Refused);
    EXPECT_TRUE(undo({.change = *banned->change, .reason = "", .confirmed = true}));
    EXPECT_EQ(rows(), 0U);
}

TEST_F(UndoTest, KnowsWhatItCannotTakeBack) {
    EXPECT_EQ(refusal(undo(77)), ErrorCode::Absent);
    ASSERT_TRUE(ban("192.0.2.7"));
    const auto repaired = repair(*environment_, author());
    ASSERT_TRUE(repaired);
    EXPECT_EQ(refusal(undo(*repaired)), ErrorCode::Refused);
    Ban short_ban = ban_of("192.0.2.8");
    short_ban.expiry = {true, after(60)};
    ASSERT_TRUE(ban(short_ban));
    at(60);
    const auto expired = expire();
    EXPECT_FALSE(undo(expired->change)->changed);
}

TEST_F(UndoTest, TakesAnImportBackAsAWhole) {
    ASSERT_TRUE(ban("192.0.2.7"));
    const auto imported =
        import(import_of({"192.0.2.7", "192.0.2.8", "2001:db8::/48", "x.example"}));
    ASSERT_TRUE(imported);
    EXPECT_EQ(rows(), 4U);
    const auto undone = undo(imported->change);
    ASSERT_TRUE(undone);
    EXPECT_EQ(subjects("own"), std::vector<std::string>{"192.0.2.7 ip spam"});
    ASSERT_TRUE(undo(undone->change));
    EXPECT_EQ(rows(), 4U);
}

TEST_F(UndoTest, BringsTheEntriesOfAFeedBack) {
    ASSERT_TRUE(
        import(import_of({"192.0.2.7", "192.0.2.0/24", "2001:db8::/48", "a.example"}, "f")));
    const auto before = subjects("f");
    Import next = import_of({"192.0.2.7", "192.0.2.9", "b.example"}, "f");
    next.replace = true;
    next.confirmed = true;
    next.reason = "other";
    const auto replaced = import(next);
    const auto after = subjects("f");
    const auto undone = undo(replaced->change);
    ASSERT_TRUE(undone) << message(undone.error());
    EXPECT_EQ(subjects("f"), before);
    EXPECT_EQ(figures().feeds.at(0).entries, 4U);
    ASSERT_TRUE(undo(undone->change));
    EXPECT_EQ(subjects("f"), after);
    EXPECT_EQ(figures().feeds.at(0).entries, 3U);
}

TEST_F(UndoTest, OfAFeedsFirstImportLeavesNothingOfIt) {
    Import first = import_of({"192.0.2.7"}, "f");
    first.listing_class = "allow";
    const auto imported = import(first);
    ASSERT_TRUE(undo(imported->change));
    EXPECT_EQ(rows("f"), 0U);
    ASSERT_TRUE(import(import_of({"192.0.2.7"}, "f")));
    EXPECT_EQ(subjects("f"), std::vector<std::string>{"192.0.2.7 upstream listed"});
}

TEST_F(UndoTest, OfAnEarlierImportLeavesWhatLaterOnesSaid) {
    const auto first = import(import_of({"192.0.2.7", "192.0.2.8", "192.0.2.9"}, "f"));
    Import second = import_of({"192.0.2.8"}, "f");
    second.reason = "again";
    ASSERT_TRUE(import(second));
    const auto undone = undo(first->change);
    ASSERT_TRUE(undone);
    EXPECT_EQ(subjects("f"), std::vector<std::string>{"192.0.2.8 upstream again"});
    EXPECT_THAT(undone->notes, Contains(HasSubstr("0 entries back, 2 gone; 1 were changed since")));
}

TEST_F(UndoTest, KeepsALargeChangeInAFileBesideTheDatabase) {
    // Texts make the inverse large; four mebibytes of them are compared below in a moment.
    Import large;
    large.source = "f";
    large.reason = "listed";
    for (std::uint32_t i = 0; i < 20'000; ++i) {
        Statement said;
        said.reason = std::to_string(i) + std::string(1000, 'x');
        const net::Ipv4 address{0xC6120000 + i};
        large.list.add(net::Ipv4Range{address, address}, large.list.state(said), i + 1);
    }
    ASSERT_TRUE(import(large));
    const auto before = subjects("f");
    Import next = import_of({"192.0.2.7"}, "f");
    next.replace = true;
    next.confirmed = true;
    const auto replaced = import(next);
    ASSERT_TRUE(replaced);
    EXPECT_TRUE(std::filesystem::exists(directory_.path() /
                                        ("inverse." + std::to_string(*replaced->change))));
    ASSERT_TRUE(undo(replaced->change));
    EXPECT_EQ(subjects("f"), before);
}

TEST_F(UndoTest, IsToldInTheHistory) {
    const auto banned = ban("192.0.2.7");
    ASSERT_TRUE(undo({.change = *banned->change, .reason = "wrong address"}));
    const auto events = history(*environment_, subject("192.0.2.7"), std::nullopt);
    ASSERT_TRUE(events);
    ASSERT_EQ(events->size(), 2U);
    EXPECT_EQ(events->back().what, "taken back: change 1 is undone");
    EXPECT_EQ(events->back().reason, "wrong address");
    EXPECT_EQ(events->back().by, "tester");
}

TEST_F(UndoTest, AnImportIsPartOfTheHistoryOfWhatItUpdated) {
    ASSERT_TRUE(ban("192.0.2.7"));
    ASSERT_TRUE(import(import_of({"192.0.2.7", "192.0.2.8"})));
    const auto events = history(*environment_, subject("192.0.2.7"), std::nullopt);
    ASSERT_TRUE(events);
    ASSERT_EQ(events->size(), 2U);
    EXPECT_EQ(events->back().what, "1 added, 1 changed, 0 unchanged");
}

}  // namespace
}  // namespace ostrakon::policy
