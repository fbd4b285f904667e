// Tells operators of feeds that have not been refreshed for long: the server fetches nothing, but
// it is what goes on running when nothing is pulled any more.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/server/log.hpp"

#include <map>
#include <string>
#include <vector>

namespace ostrakon::server {

/// A line for the log.
struct FeedNews {
    LogLevel level = LogLevel::Info;
    std::string text;
    std::string_view event = {};
    std::string feed = {};
};

/// Remembers what it has said of each feed, and says it once.
class FeedWatch {
public:
    /// What is new at this time: a feed of which more than half of its max_age has passed, one that
    /// no longer answers, one that is fresh again.
    std::vector<FeedNews> look(const policy::Catalogue& catalogue, UnixTime at);

private:
    enum class Age : std::uint8_t { Fresh, Overdue, Stale };
    static Age age_of(const policy::Feed& feed, UnixTime at);
    static FeedNews news_of(const policy::Feed& feed, Age age, UnixTime at);

    std::map<std::string, Age> known_;
};

}  // namespace ostrakon::server
