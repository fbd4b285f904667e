// Transactions: whole or not there, also where the database is full; snapshots that stand still.
#include "ostrakon/store/transaction.hpp"

#include "ostrakon/store/event.hpp"
#include "ostrakon/store/meta.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>

namespace ostrakon::store {
namespace {

using testing::HasSubstr;

class TransactionTest : public testing::Test {
protected:
    TransactionTest()
        : environment_(*Environment::open({.directory = directory_.path(),
                                           .access = Access::ReadWriteCreate,
                                           .size_bytes = std::uint64_t{1} << 20})) {}

    WriteTransaction begin() { return std::move(*WriteTransaction::begin(environment_)); }
    void put(std::string_view key, std::string_view value) {
        auto transaction = begin();
        transaction.put(Table::Subjects, key, value);
        ASSERT_TRUE(transaction.commit());
    }
    std::optional<std::string> get(std::string_view key) {
        auto snapshot = Snapshot::begin(environment_);
        const auto value = snapshot->get(Table::Subjects, key);
        return value ? std::optional{std::string{*value}} : std::nullopt;
    }

    test::TemporaryDirectory directory_;
    Environment environment_;
};

TEST_F(TransactionTest, IsNotThereWithoutCommit) {
    {
        auto transaction = begin();
        transaction.put(Table::Subjects, "a", "1");
        EXPECT_EQ(transaction.get(Table::Subjects, "a"), "1");
    }
    EXPECT_EQ(get("a"), std::nullopt);
}

TEST_F(TransactionTest, IsGoneAsAWholeWhenTheDatabaseIsFull) {
    put("kept", "1");
    {
        auto transaction = begin();
        transaction.put(Table::Subjects, "first", "1");
        const std::string value(10'000, 'x');
        for (int i = 0; i < 200 && !transaction.is_broken(); ++i) {
            transaction.put(Table::Subjects, "big " + std::to_string(i), value);
        }
        EXPECT_TRUE(transaction.is_broken());
        transaction.erase(Table::Subjects, "kept");
        const auto committed = transaction.commit();
        ASSERT_FALSE(committed);
        EXPECT_EQ(committed.error().code, ErrorCode::Store);
        EXPECT_THAT(message(committed.error()), HasSubstr("database full at 1MiB"));
        EXPECT_THAT(message(committed.error()), HasSubstr("raise [database] size"));
    }
    EXPECT_EQ(get("kept"), "1");
    EXPECT_EQ(get("first"), std::nullopt);
    put("next", "2");
    EXPECT_EQ(get("next"), "2");
}

TEST_F(TransactionTest, KeepsItsFirstFailure) {
    auto transaction = begin();
    transaction.put(Table::Subjects, std::string(kKeySizeMax + 1, 'k'), "1");
    ASSERT_TRUE(transaction.is_broken());
    const std::string first = message(transaction.failure());
    transaction.put(Table::Subjects, "good", "1");
    EXPECT_EQ(message(transaction.failure()), first);
    EXPECT_FALSE(transaction.commit());
    EXPECT_EQ(get("good"), std::nullopt);
}

TEST_F(TransactionTest, LeavesASnapshotAsItWas) {
    put("a", "1");
    auto snapshot = std::move(*Snapshot::begin(environment_));
    Cursor cursor{snapshot, Table::Subjects};
    put("a", "2");
    put("b", "3");
    EXPECT_EQ(snapshot.get(Table::Subjects, "a"), "1");
    EXPECT_EQ(snapshot.count(Table::Subjects), 1U);
    ASSERT_TRUE(snapshot.renew());
    cursor.renew();
    EXPECT_EQ(snapshot.get(Table::Subjects, "a"), "2");
    ASSERT_TRUE(cursor.last());
    EXPECT_EQ(cursor.key(), "b");
    snapshot.reset();
    ASSERT_TRUE(snapshot.renew());
    EXPECT_EQ(snapshot.get(Table::Subjects, "b"), "3");
}

TEST_F(TransactionTest, KnowsWhetherASnapshotIsTheNewest) {
    auto snapshot = std::move(*Snapshot::begin(environment_));
    EXPECT_TRUE(snapshot.is_newest());
    put("a", "1");
    EXPECT_FALSE(snapshot.is_newest());
    ASSERT_TRUE(snapshot.renew());
    EXPECT_TRUE(snapshot.is_newest());
    { const auto given_up = begin(); }
    EXPECT_TRUE(snapshot.is_newest());
    snapshot.reset();
    EXPECT_FALSE(snapshot.is_newest());
    ASSERT_TRUE(snapshot.renew());
    snapshot.get(Table::Subjects, std::string(kKeySizeMax + 1, 'k'));
    EXPECT_EQ(snapshot.is_newest(), !snapshot.is_broken());
}

TEST_F(TransactionTest, FollowsWithACursorThatStoodSomewhere) {
    put("a", "1");
    put("b", "2");
    auto snapshot = std::move(*Snapshot::begin(environment_));
    Cursor cursor{snapshot, Table::Subjects};
    ASSERT_TRUE(cursor.seek("b"));
    for (const char* key : {"c", "d"}) {
        put(key, key);
        ASSERT_TRUE(snapshot.renew());
        cursor.renew();
        cursor.renew();
        ASSERT_TRUE(cursor.seek(key));
        EXPECT_EQ(cursor.value(), key);
        EXPECT_FALSE(cursor.next());
    }
}

TEST_F(TransactionTest, MovesACursorToEveryPlace) {
    for (const char* key : {"b", "d", "f"}) {
        put(key, key);
    }
    auto snapshot = std::move(*Snapshot::begin(environment_));
    Cursor cursor{snapshot, Table::Subjects};
    const auto at_or_before = [&](std::string_view key) {
        return cursor.seek_at_or_before(key) ? std::string{cursor.key()} : "none";
    };
    EXPECT_EQ(at_or_before("a"), "none");
    EXPECT_EQ(at_or_before("b"), "b");
    EXPECT_EQ(at_or_before("c"), "b");
    EXPECT_EQ(at_or_before("f"), "f");
    EXPECT_EQ(at_or_before("g"), "f");
    EXPECT_TRUE(cursor.seek("c"));
    EXPECT_EQ(cursor.key(), "d");
    EXPECT_FALSE(cursor.seek("g"));
    EXPECT_TRUE(cursor.seek(""));
    EXPECT_EQ(cursor.value(), "b");
    Cursor empty{snapshot, Table::Events};
    EXPECT_FALSE(empty.first());
    EXPECT_FALSE(empty.last());
    EXPECT_FALSE(empty.seek_at_or_before("x"));
    EXPECT_FALSE(snapshot.is_broken());
}

TEST_F(TransactionTest, RaisesTheSerialWithTheClockAndWithoutIt) {
    auto transaction = begin();
    EXPECT_EQ(raise_serial(transaction, {1'800'000'000}), 1'800'000'000U);
    EXPECT_EQ(raise_serial(transaction, {1'800'000'000}), 1'800'000'001U);
    EXPECT_EQ(raise_serial(transaction, {1'700'000'000}), 1'800'000'002U) << "the clock went back";
    EXPECT_EQ(raise_serial(transaction, {1'800'000'500}), 1'800'000'500U);
    EXPECT_EQ(take_next(transaction, meta_key::kNextEvent), 1U);
    EXPECT_EQ(take_next(transaction, meta_key::kNextEvent), 2U);
}

TEST_F(TransactionTest, TellsEventsInTheirOrder) {
    auto transaction = begin();
    for (int i = 1; i <= 300; ++i) {
        append_event(transaction, {0, {i}, "anna", 7, "ban", "192.0.2.7", "ip", "banned", "spam"});
    }
    put_change(transaction, {7, {5}, "anna", "ban", 1, 2, 3, false});
    std::uint64_t count = 0;
    for_each_event(transaction, [&](const Event& event) {
        EXPECT_EQ(event.sequence, ++count);
        EXPECT_EQ(event.at.seconds, static_cast<std::int64_t>(count));
        EXPECT_EQ(event.reason, "spam");
        return count < 299;
    });
    EXPECT_EQ(count, 299U);
    const auto change = get_change(transaction, 7);
    ASSERT_TRUE(change);
    EXPECT_EQ(change->names, 2U);
    EXPECT_FALSE(get_change(transaction, 8));
}

}  // namespace
}  // namespace ostrakon::store
