// What change sets leave behind for those who hand on changes alone.
#include "ostrakon/policy/touched.hpp"

#include "ostrakon/policy/expiry.hpp"
#include "ostrakon/store/meta.hpp"
#include "unit/policy/database.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class TouchedTest : public DatabaseTest {
protected:
    store::ChangeId newest() {
        const auto snapshot = store::Snapshot::begin(*environment_);
        return newest_change(*snapshot);
    }
    Touched since(store::ChangeId change) {
        const auto snapshot = store::Snapshot::begin(*environment_);
        return touched_since(*snapshot, change);
    }
    std::uint32_t serial() {
        const auto snapshot = store::Snapshot::begin(*environment_);
        return static_cast<std::uint32_t>(store::meta_number(*snapshot, store::meta_key::kSerial));
    }
    void ban_one(const std::string& name) {
        Ban more;
        more.subjects.push_back(subject(name));
        more.reason = "spam";
        more.confirmed = true;
        ASSERT_TRUE(policy::ban(*environment_, settings_, more, author()));
    }
};

TEST_F(TouchedTest, SaysWhatEachChangeTouched) {
    ban_one("192.0.2.7");
    const store::ChangeId first = newest();
    ban_one("2001:db8::/48");
    ban_one("example.com");
    const Touched touched = since(first);
    EXPECT_FALSE(touched.is_everything);
    EXPECT_THAT(touched.ipv4, IsEmpty());
    EXPECT_EQ(touched.ipv6.size(), 1U);
    EXPECT_THAT(touched.names, ElementsAre("\x03"
                                           "com\x07"
                                           "example"));
    EXPECT_EQ(since(0).ipv4.size(), 1U);
    EXPECT_THAT(since(newest()).names, IsEmpty());
}

TEST_F(TouchedTest, IsEverythingWhereAChangeIsNotKept) {
    ban_one("192.0.2.7");
    ban_one("192.0.2.8");
    auto transaction = store::WriteTransaction::begin(*environment_);
    ASSERT_TRUE(transaction);
    store::Cursor newest_row{*transaction, store::Table::Touched};
    ASSERT_TRUE(newest_row.last());
    const std::string key{newest_row.key()};
    transaction->erase(store::Table::Touched, key);
    ASSERT_TRUE(transaction->commit());
    EXPECT_TRUE(since(0).is_everything);
}

TEST_F(TouchedTest, ADamagedRowIsEverything) {
    ban_one("192.0.2.7");
    for (const std::string& bytes :
         {std::string{"\x00\x01\x05", 3}, std::string{"\x00\xFF\xFF\xFF\xFF\x0F", 6},
          std::string{"\x00\x00\x00\x01\x7F", 5}}) {
        auto transaction = store::WriteTransaction::begin(*environment_);
        ASSERT_TRUE(transaction);
        write_touched(*transaction, newest_change(*transaction), bytes);
        ASSERT_TRUE(transaction->commit());
        EXPECT_TRUE(since(0).is_everything || since(0).ipv4.size() == 1);
    }
}

TEST_F(TouchedTest, KeepsNoMoreThanItMay) {
    ban_one("192.0.2.7");
    auto transaction = store::WriteTransaction::begin(*environment_);
    ASSERT_TRUE(transaction);
    const std::string large(kTouchedBytesMax / 4, 'x');
    for (store::ChangeId change = 100; change < 110; ++change) {
        write_touched(*transaction, change, large);
    }
    EXPECT_EQ(transaction->count(store::Table::Touched), 3U);
    EXPECT_LE(store::meta_number(*transaction, store::meta_key::kTouchedBytes), kTouchedBytesMax);
}

TEST_F(TouchedTest, TooMuchOfOneChangeIsEverything) {
    TouchedRanges few;
    few.add(net::Ipv4Range{{1}, {2}});
    EXPECT_NE(few.encoded(), everything_touched());
    TouchedRanges many;
    for (std::uint32_t i = 0; i <= kTouchedMax; ++i) {
        many.add(net::Ipv4Range{{i << 8}, {i << 8}});
    }
    EXPECT_EQ(many.encoded(), everything_touched());
    TouchedRanges all;
    all.add_everything();
    EXPECT_EQ(all.encoded(), everything_touched());
}

TEST_F(TouchedTest, ExpireRaisesTheSerialOnceForChangedZones) {
    const auto expire_with = [&](std::uint64_t hash) {
        const auto done = policy::expire(*environment_, settings_, author(), false, {}, hash);
        ASSERT_TRUE(done) << message(done.error());
    };
    ban_one("192.0.2.7");
    const std::uint32_t first = serial();
    expire_with(7);  // seen for the first time
    expire_with(7);
    EXPECT_EQ(serial(), first);
    expire_with(8);
    EXPECT_GT(serial(), first);
    EXPECT_TRUE(since(newest() - 1).is_everything);
}

}  // namespace
}  // namespace ostrakon::policy
