// What has changed between two looks, and for how long that is known.
#include "ostrakon/transfer/zone_history.hpp"

#include "zone_database.hpp"

#include <gmock/gmock.h>

namespace ostrakon::transfer {
namespace {

using testing::Optional;
using testing::SizeIs;

class ZoneHistoryTest : public ZoneDatabaseTest {
protected:
    bool follow() {
        const auto followed = history_.follow(*environment_);
        EXPECT_TRUE(followed) << message(followed.error());
        return followed && *followed;
    }
    // What somebody has who applies what led here from `serial`.
    std::set<Record> with_changes(std::set<Record> records, std::uint32_t serial) {
        const auto differences = history_.since(0, serial);
        EXPECT_TRUE(differences);
        for (const auto& difference : *differences) {
            EXPECT_EQ(difference->from, serial);
            serial = difference->to;
            for (const Record& record : difference->removed) {
                EXPECT_EQ(records.erase(record), 1U);
            }
            for (const Record& record : difference->added) {
                EXPECT_TRUE(records.insert(record).second);
            }
        }
        EXPECT_EQ(serial, history_.serial());
        return records;
    }

    ZoneHistory history_{rulebook_, {0}};
};

TEST_F(ZoneHistoryTest, KnowsWhatLedHere) {
    ban_one("192.0.2.7");
    EXPECT_TRUE(follow());
    const std::uint32_t first = *history_.serial();
    const std::set<Record> before = records();
    EXPECT_THAT(history_.since(0, first), Optional(SizeIs(0)));
    EXPECT_FALSE(follow());

    ban_one("192.0.2.0/24", "more");
    EXPECT_TRUE(follow());
    ban_one("example.com");
    ban_one("www.example.com", "itself");
    EXPECT_TRUE(follow());
    EXPECT_THAT(history_.since(0, first), Optional(SizeIs(2)));
    EXPECT_EQ(with_changes(before, first), records());
}

TEST_F(ZoneHistoryTest, DoesNotKnowWhatItHasNotSeen) {
    ban_one("192.0.2.7");
    EXPECT_EQ(history_.serial(), std::nullopt);
    EXPECT_EQ(history_.since(0, 1), std::nullopt);
    ASSERT_TRUE(follow());
    EXPECT_EQ(history_.since(0, *history_.serial() - 1), std::nullopt);
    EXPECT_EQ(history_.since(0, *history_.serial() + 1), std::nullopt);
    EXPECT_EQ(history_.since(1, *history_.serial()), std::nullopt);
}

TEST_F(ZoneHistoryTest, AChangeOfEverythingEndsIt) {
    ban_one("192.0.2.7");
    ASSERT_TRUE(follow());
    const std::uint32_t first = *history_.serial();
    for (const std::uint64_t hash_of_zones : {7U, 8U}) {
        ASSERT_TRUE(policy::expire(*environment_, settings_, author(), false, {}, hash_of_zones));
    }
    ASSERT_TRUE(follow());
    EXPECT_EQ(history_.since(0, first), std::nullopt);
    EXPECT_THAT(history_.since(0, *history_.serial()), Optional(SizeIs(0)));
}

TEST_F(ZoneHistoryTest, LeavingForgets) {
    ban_one("192.0.2.7");
    ASSERT_TRUE(follow());
    const std::uint32_t first = *history_.serial();
    history_.leave();
    EXPECT_EQ(history_.since(0, first), std::nullopt);
    ban_one("192.0.2.8");
    EXPECT_TRUE(follow());
    EXPECT_EQ(history_.since(0, first), std::nullopt);
}

}  // namespace
}  // namespace ostrakon::transfer
