// What the log says of feeds that are not refreshed.
#include "ostrakon/server/feed_watch.hpp"

#include "ostrakon/store/environment.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>

namespace ostrakon::server {
namespace {

using testing::HasSubstr;

constexpr UnixTime kStart{1'800'000'000};
constexpr std::int64_t kDay = 86'400;

class FeedWatchTest : public testing::Test {
protected:
    FeedWatchTest() {
        feed_.name = "drop";
        feed_.is_local = false;
        feed_.is_configured = true;
        feed_.max_age_s = 10 * kDay;
        feed_.last_success = kStart;
        feed_.entries = 5;
    }
    // What is said on this day after the last success.
    std::vector<FeedNews> on_day(std::int64_t day) {
        auto transaction = store::WriteTransaction::begin(*environment_);
        policy::Catalogue catalogue;
        catalogue.put_feed(*transaction, feed_);
        return watch_.look(catalogue, UnixTime{kStart.seconds + day * kDay});
    }

    test::TemporaryDirectory directory_;
    Result<store::Environment> environment_ =
        store::Environment::open({.directory = directory_.path(),
                                  .access = store::Access::ReadWriteCreate,
                                  .size_bytes = std::uint64_t{1} << 24});
    policy::Feed feed_;
    FeedWatch watch_;
};

TEST_F(FeedWatchTest, SaysOnceWhenHalfOfTheTimeHasPassedAndWhenAllHas) {
    EXPECT_TRUE(on_day(0).empty());
    EXPECT_TRUE(on_day(5).empty());
    const auto overdue = on_day(6);
    ASSERT_EQ(overdue.size(), 1);
    EXPECT_EQ(overdue[0].level, LogLevel::Warn);
    EXPECT_THAT(overdue[0].text, HasSubstr("feed drop"));
    EXPECT_TRUE(on_day(7).empty());
    EXPECT_TRUE(on_day(10).empty());
    const auto stale = on_day(11);
    ASSERT_EQ(stale.size(), 1);
    EXPECT_EQ(stale[0].level, LogLevel::Error);
    EXPECT_THAT(stale[0].text, HasSubstr("no longer answer"));
    EXPECT_TRUE(on_day(12).empty());
}

TEST_F(FeedWatchTest, SaysThatOneIsFreshAgain) {
    on_day(11);
    feed_.last_success = UnixTime{kStart.seconds + 11 * kDay};
    const auto fresh = on_day(11);
    ASSERT_EQ(fresh.size(), 1);
    EXPECT_THAT(fresh[0].text, HasSubstr("fresh again"));
}

TEST_F(FeedWatchTest, KeepsQuietOfWhatHasNoAgeOrIsNotServed) {
    feed_.max_age_s.reset();
    EXPECT_TRUE(on_day(1000).empty());
    feed_.max_age_s = kDay;
    feed_.is_configured = false;
    EXPECT_TRUE(on_day(1000).empty());
    feed_.is_configured = true;
    feed_.entries = 0;
    EXPECT_TRUE(on_day(1000).empty());
}

}  // namespace
}  // namespace ostrakon::server
