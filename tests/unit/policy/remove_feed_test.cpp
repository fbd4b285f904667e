// What `feeds remove` does with the database.
#include "ostrakon/policy/remove_feed.hpp"

#include "database.hpp"
#include "map_import.hpp"
#include "ostrakon/policy/pull_state.hpp"
#include "ostrakon/policy/undo.hpp"

namespace ostrakon::policy {
namespace {

class RemovedFeed : public DatabaseTest {
protected:
    Result<FeedRemoval> remove(const std::string& name) {
        return remove_feed(*environment_, settings_, name, false, author());
    }
    void configure(const std::string& name) {
        config::FeedSettings feed;
        feed.name = name;
        settings_.feeds = {feed};
    }
    void write_state(const PullState& state) {
        auto transaction = store::WriteTransaction::begin(*environment_);
        ASSERT_TRUE(transaction);
        write_pull_state(*transaction, "drop", state);
        ASSERT_TRUE(transaction->commit());
    }
    std::optional<PullState> state() {
        const auto transaction = store::WriteTransaction::begin(*environment_);
        return transaction ? read_pull_state(*transaction, "drop") : std::nullopt;
    }
};

TEST_F(RemovedFeed, TakesItsEntriesAlone) {
    configure("drop");
    ASSERT_TRUE(import(import_of({"192.0.2.0/24", "example.org", "2001:db8::/48"}, "drop")));
    ASSERT_TRUE(import(import_of({"198.51.100.0/24"}, "local")));
    ASSERT_TRUE(ban("203.0.113.7"));
    settings_.feeds.clear();
    const auto removed = remove("drop");
    ASSERT_TRUE(removed) << message(removed.error());
    EXPECT_EQ(removed->entries, 3U);
    EXPECT_TRUE(removed->change);
    EXPECT_EQ(rows("drop"), 0U);
    EXPECT_EQ(rows("local"), 1U);
    EXPECT_EQ(rows(), 1U);
    EXPECT_EQ(differences(), 0U);
}

TEST_F(RemovedFeed, ComesBackByUndo) {
    ASSERT_TRUE(import(import_of({"192.0.2.0/24", "example.org"}, "local")));
    const auto removed = remove("local");
    ASSERT_TRUE(removed && removed->change);
    EXPECT_EQ(rows("local"), 0U);
    Undo undo;
    undo.change = *removed->change;
    const auto undone = policy::undo(*environment_, settings_, undo, author());
    ASSERT_TRUE(undone) << message(undone.error());
    EXPECT_EQ(rows("local"), 2U);
    EXPECT_EQ(differences(), 0U);
    for (const FeedFigures& feed : figures().feeds) {
        EXPECT_TRUE(feed.name != "local" || feed.is_local) << "it is served again";
    }
}

TEST_F(RemovedFeed, IsOneThatIsThere) {
    const std::uint32_t serial = figures().serial;
    const auto removed = remove("nobody");
    ASSERT_TRUE(removed);
    EXPECT_FALSE(removed->change);
    EXPECT_EQ(removed->entries + removed->map_ranges, 0U);
    EXPECT_EQ(figures().serial, serial);
    ASSERT_TRUE(import(import_of({"192.0.2.0/24"}, "drop")));
    ASSERT_TRUE(remove("drop"));
    const auto again = remove("drop");
    ASSERT_TRUE(again);
    EXPECT_FALSE(again->change) << "it is gone already";
}

TEST_F(RemovedFeed, LeavesNothingOfItsPullsButWhenToAskAgain) {
    PullState pulled;
    pulled.url = "https://example.org/list";
    pulled.etag = "\"1\"";
    pulled.last_try = kStart;
    pulled.next = after(3600);
    pulled.versions.push_back({1, kStart, "00", "iplist", 10, 1, 0});
    pulled.next_version = 2;
    write_state(pulled);
    at(60);
    ASSERT_TRUE(remove("drop"));
    ASSERT_TRUE(state());
    EXPECT_EQ(state()->next, after(3600));
    EXPECT_EQ(state()->last_try, kStart);
    EXPECT_TRUE(state()->versions.empty());
    EXPECT_EQ(state()->etag, "");
    EXPECT_EQ(state()->next_version, 2U);
    at(7200);
    ASSERT_TRUE(remove("drop"));
    EXPECT_FALSE(state());
}

using RemovedMap = MapImportTest;

TEST_F(RemovedMap, LeavesNothingToWhatItCovered) {
    ASSERT_TRUE(take({{"192.0.2.0/24", "AS64500"}, {"2001:db8::/48", "AS64500"}}, "routes"));
    ASSERT_TRUE(ban("AS64500"));
    ASSERT_TRUE(is_listed("192.0.2.7"));
    const auto removed = remove_feed(*environment_, settings_, "routes", false, author());
    ASSERT_TRUE(removed) << message(removed.error());
    EXPECT_EQ(removed->map_ranges, 2U);
    EXPECT_EQ(removed->entries, 0U);
    EXPECT_FALSE(is_listed("192.0.2.7"));
    EXPECT_FALSE(is_listed("2001:db8::1"));
    EXPECT_TRUE(figures().maps.empty());
    EXPECT_EQ(differences(), 0U);
    Undo undo;
    undo.change = *removed->change;
    ASSERT_TRUE(policy::undo(*environment_, settings_, undo, author()));
    EXPECT_TRUE(is_listed("192.0.2.7"));
    EXPECT_TRUE(is_listed("2001:db8::1"));
    EXPECT_EQ(figures().maps.size(), 1U);
    EXPECT_EQ(differences(), 0U);
}

}  // namespace
}  // namespace ostrakon::policy
