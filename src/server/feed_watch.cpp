#include "ostrakon/server/feed_watch.hpp"

#include <fmt/format.h>

namespace ostrakon::server {

FeedWatch::Age FeedWatch::age_of(const policy::Feed& feed, UnixTime at) {
    if (!feed.is_served() || feed.entries == 0 || !feed.max_age_s || !feed.last_success) {
        return Age::Fresh;
    }
    const std::int64_t age = at.seconds - feed.last_success->seconds;
    return age > *feed.max_age_s       ? Age::Stale
           : age > *feed.max_age_s / 2 ? Age::Overdue
                                       : Age::Fresh;
}

FeedNews FeedWatch::news_of(const policy::Feed& feed, Age age, UnixTime at) {
    switch (age) {
        case Age::Stale:
            return {LogLevel::Error,
                    fmt::format("feed {}: last refreshed {}, longer ago than its max_age ({}): its "
                                "{} entries no longer answer (`ostrakon feeds` says why)",
                                feed.name, to_string(*feed.last_success),
                                to_string(Duration{*feed.max_age_s}), feed.entries),
                    "feed-stale", feed.name};
        case Age::Overdue:
            return {LogLevel::Warn,
                    fmt::format("feed {}: last refreshed {}: it stops answering at {} (`ostrakon "
                                "feeds` says why)",
                                feed.name, to_string(*feed.last_success),
                                to_string(UnixTime{feed.last_success->seconds + *feed.max_age_s})),
                    "feed-overdue", feed.name};
        case Age::Fresh:
            break;
    }
    return {LogLevel::Info, fmt::format("feed {}: fresh again at {}", feed.name, to_string(at)),
            "feed-fresh", feed.name};
}

std::vector<FeedNews> FeedWatch::look(const policy::Catalogue& catalogue, UnixTime at) {
    std::vector<FeedNews> news;
    std::map<std::string, Age> present;
    for (const auto& [name, feed] : catalogue.feeds()) {
        const Age age = age_of(feed, at);
        const auto before = known_.find(name);
        if (age != (before == known_.end() ? Age::Fresh : before->second)) {
            news.push_back(news_of(feed, age, at));
        }
        present.emplace(name, age);
    }
    known_ = std::move(present);
    return news;
}

}  // namespace ostrakon::server
