// Looking at a server once a minute: restarts and silences leave gaps, and never a false rate.
#include "watch.hpp"

#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

namespace ostrakon::web {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::int64_t kStart = 1'800'000'000;  // a full minute

class WatchTest : public testing::Test {
protected:
    std::unique_ptr<Watch> watch(const std::filesystem::path& file = {}) {
        return std::make_unique<Watch>(
            WatchOptions{.ask = [this]() -> Result<figures::ServerFigures> {
                             ++asked_;
                             return is_silent_ ? Result<figures::ServerFigures>{Unexpected{
                                                     Error{ErrorCode::System, "ask", "nobody", ""}}}
                                               : figures_;
                         },
                         .now = [this] { return now_; },
                         .file = file,
                         .say = [this](const std::string& what) { said_.push_back(what); }});
    }
    /// The server, so long after its start, having answered so many queries.
    void answers(std::int64_t uptime, std::uint64_t queries) {
        figures_ = {};
        figures_.at = now_;
        figures_.started = UnixTime{started_};
        figures_.uptime_seconds = static_cast<double>(uptime);
        figures_.outcomes["bl.example.org"] = {{"listed", queries / 2},
                                               {"not_listed", queries - queries / 2}};
        figures_.transports = {{"udp", queries}};
        figures_.listed = {{"ip", queries / 2}};
        is_silent_ = false;
    }
    void pass(std::int64_t seconds) { now_.seconds += seconds; }
    /// Seconds observed and queries counted, of the last minutes.
    std::vector<std::pair<double, double>> minutes(const Watch& watch, std::size_t count) const {
        std::vector<std::pair<double, double>> all;
        for (const auto& bucket :
             watch.read({UnixTime{now_.seconds - 1}, 60, count}, {"queries"})) {
            all.emplace_back(bucket.seconds, bucket.counts[0]);
        }
        return all;
    }
    using Minutes = std::pair<double, double>;

    UnixTime now_{kStart};
    std::int64_t started_ = kStart - 1000;
    figures::ServerFigures figures_;
    bool is_silent_ = false;
    std::atomic<int> asked_ = 0;
    std::vector<std::string> said_;
};

TEST_F(WatchTest, CountsWhatGrowsFromOneSampleToTheNext) {
    const auto watched = watch();
    answers(1000, 5'000'000);
    watched->sample();
    pass(60);
    answers(1060, 5'000'600);
    watched->sample();
    EXPECT_THAT(minutes(*watched, 1), ElementsAre(Minutes{60, 600}));
    EXPECT_THAT(watched->names(counted::kOutcome), ElementsAre("listed", "not_listed"));
    EXPECT_THAT(watched->names(counted::kClass), ElementsAre("ip"));
    EXPECT_THAT(watched->names(counted::kTransport), ElementsAre("udp"));
    EXPECT_THAT(watched->names(counted::kZone), ElementsAre("bl.example.org"));
    EXPECT_FALSE(watched->is_kept());
}

TEST_F(WatchTest, CountsARestartedServerFromItsStart) {
    const auto watched = watch();
    answers(1000, 5'000'000);
    watched->sample();
    pass(60);
    started_ = now_.seconds - 20;
    answers(20, 40);
    watched->sample();
    EXPECT_THAT(minutes(*watched, 1), ElementsAre(Minutes{20, 40}));
}

TEST_F(WatchTest, SeesARestartThatHasRunLongerThanTheOneBefore) {
    const auto watched = watch();
    started_ = kStart - 10;
    answers(10, 5'000'000);
    watched->sample();
    pass(60);
    started_ = kStart + 2;
    answers(58, 90);
    watched->sample();
    EXPECT_THAT(minutes(*watched, 1), ElementsAre(Minutes{58, 90}));
}

TEST_F(WatchTest, LeavesAGapWhereTheServerWasSilent) {
    const auto watched = watch();
    answers(1000, 100);
    watched->sample();
    for (int i = 0; i < 3; ++i) {
        pass(60);
        is_silent_ = true;
        watched->sample();
    }
    pass(60);
    answers(1240, 1'000'000);
    watched->sample();
    pass(60);
    answers(1300, 1'000'060);
    watched->sample();
    const Minutes gap{0, 0};
    EXPECT_THAT(minutes(*watched, 5), ElementsAre(gap, gap, gap, gap, Minutes{60, 60}));
    EXPECT_THAT(said_, SizeIs(2));  // that it is silent, and that it answers again
}

TEST_F(WatchTest, NeverCountsBackwards) {
    const auto watched = watch();
    answers(1000, 5'000);
    watched->sample();
    pass(60);
    answers(1060, 10);
    watched->sample();
    EXPECT_THAT(minutes(*watched, 1), ElementsAre(Minutes{60, 0}));
}

TEST_F(WatchTest, SaysHowTheServerStandsNow) {
    const auto watched = watch();
    answers(1000, 100);
    watched->sample();
    EXPECT_FALSE(watched->look()->rates);
    pass(30);
    answers(1030, 400);
    const auto standing = watched->look();
    ASSERT_TRUE(standing->rates);
    EXPECT_EQ(standing->rates->queries, 10);
    EXPECT_EQ(standing->rates->outcomes.at("listed"), 5);
    EXPECT_EQ(watched->look(), standing);  // asked but once in two seconds
    pass(2);
    is_silent_ = true;
    const auto silent = watched->look();
    EXPECT_FALSE(silent->figures);
    EXPECT_THAT(message(silent->error), HasSubstr("nobody"));
}

TEST_F(WatchTest, KeepsWhatItHasSeenFromOneRunToTheNext) {
    const test::TemporaryDirectory directory;
    const auto file = directory.path() / "history";
    const auto wait_for_first = [this](const Watch&) {
        while (asked_ == 0) {
            std::this_thread::yield();
        }
    };
    {
        const auto watched = watch(file);
        answers(1000, 100);
        watched->sample();
        pass(60);
        answers(1060, 160);
        asked_ = 0;
        watched->start();
        wait_for_first(*watched);
    }
    const auto again = watch(file);
    EXPECT_TRUE(again->is_kept());
    EXPECT_THAT(minutes(*again, 1), ElementsAre(Minutes{60, 60}));
    EXPECT_EQ(again->since(), (UnixTime{kStart}));
    EXPECT_THAT(said_, IsEmpty());
}

TEST_F(WatchTest, SaysOnceThatItsFileCannotBeWritten) {
    const test::TemporaryDirectory directory;
    {
        const auto watched = watch(directory.path() / "missing" / "history");
        answers(1000, 100);
        watched->start();
        while (asked_ == 0) {
            std::this_thread::yield();
        }
        EXPECT_FALSE(watched->is_kept());
    }
    ASSERT_THAT(said_, SizeIs(1));
    EXPECT_THAT(said_[0], HasSubstr("in memory alone"));
}

TEST_F(WatchTest, BeginsAnewWhereTheFileIsDamaged) {
    const test::TemporaryDirectory directory;
    directory.write("history", "OSTRHST1 and nonsense");
    const auto watched = watch(directory.path() / "history");
    EXPECT_FALSE(watched->since());
    ASSERT_THAT(said_, SizeIs(1));
    EXPECT_THAT(said_[0], HasSubstr("begins anew"));
}

}  // namespace
}  // namespace ostrakon::web
