// How feeds stand in the figures, and who meets whom at the board.
#include "ostrakon/server/figures.hpp"
#include "ostrakon/server/figure_board.hpp"
#include "ostrakon/server/figures_json.hpp"
#include "ostrakon/server/metrics_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace ostrakon::server {
namespace {

using testing::HasSubstr;

constexpr UnixTime kAt{1'800'000'000};

policy::Feed pulled_feed() {
    policy::Feed feed;
    feed.name = "drop";
    feed.is_configured = true;
    feed.is_local = false;
    feed.max_age_s = 86400;
    feed.last_success = UnixTime{kAt.seconds - 3600};
    return feed;
}

TEST(FeedFigures, SayHowAFeedStands) {
    policy::Feed feed = pulled_feed();
    policy::PullState state;
    EXPECT_EQ(feed_state(feed, nullptr, kAt), FeedState::Fresh);
    EXPECT_EQ(feed_state(feed, &state, kAt), FeedState::Fresh);
    state.failure = "404";
    EXPECT_EQ(feed_state(feed, &state, kAt), FeedState::Failing);
    feed.last_success = UnixTime{kAt.seconds - 86401};
    EXPECT_EQ(feed_state(feed, &state, kAt), FeedState::Stale);
    state.held = policy::HeldVersion{};
    EXPECT_EQ(feed_state(feed, &state, kAt), FeedState::Held);
    feed.last_success.reset();
    EXPECT_EQ(feed_state(feed, nullptr, kAt), FeedState::Never);
    feed.is_configured = false;
    EXPECT_EQ(feed_state(feed, &state, kAt), FeedState::Local);
}

Figures with_feeds() {
    Figures figures;
    figures.at = kAt;
    figures.zones = {"bl.example.org"};
    figures.database.emplace();
    figures.database->serial = 42;
    figures.database->feeds = {{"drop", FeedState::Held, 1500, UnixTime{kAt.seconds - 7200}, 86400},
                               {"new", FeedState::Never, 0, std::nullopt, std::nullopt}};
    return figures;
}

TEST(MetricsText, ShowsFeeds) {
    const std::string text = metrics_text(with_feeds(), "1.2.3");
    for (const char* line : {"ostrakon_build_info{version=\"1.2.3\"} 1\n",
                             "ostrakon_feed_entries{feed=\"drop\"} 1500\n",
                             "ostrakon_feed_age_seconds{feed=\"drop\"} 7200\n",
                             "ostrakon_feed_max_age_seconds{feed=\"drop\"} 86400\n",
                             "ostrakon_feed_state{feed=\"drop\",state=\"held\"} 1\n",
                             "ostrakon_feed_state{feed=\"drop\",state=\"fresh\"} 0\n",
                             "ostrakon_feed_state{feed=\"new\",state=\"never\"} 1\n",
                             "ostrakon_zone_serial{zone=\"bl.example.org\"} 42\n"}) {
        EXPECT_THAT(text, HasSubstr(line));
    }
    EXPECT_THAT(text, testing::Not(HasSubstr("age_seconds{feed=\"new\"")));
}

TEST(MetricsText, SaysThatTheDatabaseIsGone) {
    EXPECT_THAT(metrics_text({}, "1"), HasSubstr("ostrakon_database_up 0\n"));
    EXPECT_THAT(figures_json({}, "1"), HasSubstr("\"database\":null"));
}

TEST(FigureBoard, HasFiguresGatheredOnceForAllWhoAsk) {
    int gathered = 0;
    FigureBoard* where = nullptr;
    std::thread gatherer;
    FigureBoard board{[&] {
        ++gathered;
        gatherer = std::thread{[&] { where->put(with_feeds()); }};
    }};
    where = &board;
    const auto first = board.get();
    const auto second = board.get();
    gatherer.join();
    ASSERT_NE(first, nullptr);
    EXPECT_EQ(first, second) << "within a second";
    EXPECT_EQ(gathered, 1);
}

TEST(FigureBoard, LetsNobodyWaitForAServerThatStops) {
    FigureBoard board{[] {}};
    std::thread closer{[&] { board.close(); }};
    EXPECT_EQ(board.get(), nullptr);
    closer.join();
    EXPECT_EQ(board.get(), nullptr);
}

}  // namespace
}  // namespace ostrakon::server
