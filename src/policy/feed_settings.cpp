#include "feed_settings.hpp"

#include "ostrakon/policy/guard.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <tuple>

namespace ostrakon::policy {
namespace {

// Stores a feed's settings. Where entries that stay as they are answer otherwise for it, that is a
// change like any other: with an entry in the audit trail and a new serial.
void put_settings(ChangeSet& change, const Feed& after) {
    const Feed* known = change.catalogue().feed(after.name);
    const Feed before = known == nullptr ? after : *known;
    change.catalogue().put_feed(change.transaction(), after);
    const auto what_answers = [](const Feed& feed) {
        return std::tuple{feed.is_served(), feed.listing_class, feed.code, feed.max_age_s,
                          feed.removal};
    };
    if (before.entries > 0 && what_answers(before) != what_answers(after)) {
        change.tell("", after.listing_class,
                    after.is_served()
                        ? fmt::format("feed {}: new settings", after.name)
                        : fmt::format("feed {}: no longer configured, not served", after.name),
                    "");
        change.touch_all();
    }
}

// What the configuration makes of a feed that the database knows so; null: not at all.
Feed as_configured(const Feed* known, const config::FeedSettings& configured) {
    Feed feed = known == nullptr ? Feed{} : *known;
    feed.name = configured.name;
    feed.listing_class = configured.listing_class;
    feed.code = configured.code;
    feed.max_age_s.reset();
    if (configured.max_age && !configured.max_age->forever) {
        feed.max_age_s = configured.max_age->seconds;
    }
    feed.removal = configured.removal;
    feed.is_configured = true;
    feed.is_local = false;
    return feed;
}

// All that a configuration says of a feed.
auto settings_in(const Feed& feed) {
    return std::tuple{feed.is_configured, feed.is_local,  feed.listing_class,
                      feed.code,          feed.max_age_s, feed.removal};
}

}  // namespace

const config::FeedSettings* feed_settings(const config::Settings& settings,
                                          const std::string& name) {
    const auto found =
        std::find_if(settings.feeds.begin(), settings.feeds.end(),
                     [&](const config::FeedSettings& feed) { return feed.name == name; });
    return found == settings.feeds.end() ? nullptr : &*found;
}

Result<Done> check_feed_name(const config::Settings& settings, const std::string& name) {
    const auto cannot = [&](std::string why) {
        return Unexpected{Error{ErrorCode::Usage, fmt::format("feed \"{}\"", name), std::move(why),
                                "name it after its publisher, as in spamhaus-drop"}};
    };
    if (!zone::is_valid_identifier(name)) {
        return cannot("is no name for a feed");
    }
    if (name == zone::kOwnSource || zone::is_built_in_source(name) || check_class(settings, name)) {
        return cannot("is the name of a class or a source that exists");
    }
    return Done{};
}

void adopt_feed_settings(ChangeSet& change, const config::Settings& settings) {
    if (settings.file.empty()) {
        return;  // no configuration says nothing about feeds
    }
    for (const config::FeedSettings& configured : settings.feeds) {
        if (!configured.is_map) {
            const Feed feed = as_configured(change.catalogue().feed(configured.name), configured);
            change.catalogue().add_class(change.transaction(), feed.listing_class);
            put_settings(change, feed);
        }
    }
    const auto feeds = change.catalogue().feeds();
    for (const auto& [name, feed] : feeds) {
        if (feed.is_configured && feed_settings(settings, name) == nullptr) {
            Feed gone = feed;
            gone.is_configured = false;
            put_settings(change, gone);
        }
    }
}

bool differs_from_settings(const Catalogue& catalogue, const config::Settings& settings) {
    if (settings.file.empty()) {
        return false;
    }
    const bool is_any_new = std::any_of(
        settings.feeds.begin(), settings.feeds.end(), [&](const config::FeedSettings& configured) {
            const Feed* known = catalogue.feed(configured.name);
            return !configured.is_map &&
                   (known == nullptr ||
                    settings_in(*known) != settings_in(as_configured(known, configured)));
        });
    return is_any_new ||
           std::any_of(catalogue.feeds().begin(), catalogue.feeds().end(), [&](const auto& feed) {
               return feed.second.is_configured && feed_settings(settings, feed.first) == nullptr;
           });
}

void put_refreshed(ChangeSet& change, Feed feed) {
    if (feed.entries > 0 && feed.is_served() && feed.is_stale(change.author().at)) {
        change.tell("", feed.listing_class, fmt::format("feed {}: served again", feed.name), "");
        change.touch_all();
    }
    feed.last_success = change.author().at;
    change.catalogue().put_feed(change.transaction(), feed);
}

Feed adopt_imported_feed(ChangeSet& change, const config::Settings& settings,
                         const Import& import) {
    const Feed* known = change.catalogue().feed(import.source);
    Feed feed = known == nullptr ? Feed{} : *known;
    feed.name = import.source;
    if (feed_settings(settings, import.source) == nullptr) {
        if (!import.listing_class.empty()) {
            feed.listing_class = import.listing_class;
        }
        if (import.code) {
            feed.code = import.code;
        }
    }
    change.catalogue().add_class(change.transaction(), feed.listing_class);
    put_settings(change, feed);
    return feed;
}

}  // namespace ostrakon::policy
