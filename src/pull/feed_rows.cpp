#include "ostrakon/pull/feed_rows.hpp"

#include "ostrakon/config/feed_catalogue.hpp"
#include "ostrakon/fetch/fetch.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/pull/schedule.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::pull {
namespace {

std::string message_of(const config::FeedSettings& settings, const policy::PullState* state,
                       std::optional<UnixTime> last_success, UnixTime at) {
    if (state != nullptr && state->held) {
        return held_text(*state->held, settings.name);
    }
    std::string text = config::why_gone(settings);
    if (settings.max_age && is_overdue(settings, last_success, at)) {
        const UnixTime end{last_success->seconds + settings.max_age->seconds};
        text += text.empty() ? "" : "; ";
        text += end <= at ? fmt::format("not served since {}: older than max_age ({})",
                                        to_string(end), to_string(*settings.max_age))
                          : fmt::format("overdue: not served from {} on", to_string(end));
    }
    if (state != nullptr && !state->failure.empty()) {
        text += (text.empty() ? "" : "; ") + state->failure;
    }
    if (state != nullptr && state->is_stopped) {
        text += fmt::format("; given up until `ostrakon pull --force {}`", settings.name);
    }
    return text;
}

FeedRow configured_row(const config::FeedSettings& settings, const policy::Feed* feed,
                       const policy::PullState* state, UnixTime at) {
    FeedRow row;
    row.name = settings.name;
    row.is_map = settings.is_map;
    row.listing_class = settings.is_map ? "" : settings.listing_class;
    row.format = settings.format;
    row.url = settings.url.empty() ? "" : fetch::without_secrets(settings.url);
    row.state = to_string(standing_of(settings, feed, state, at));
    row.last_success = last_success_of(feed, state);
    row.message = message_of(settings, state, row.last_success, at);
    row.entries = feed == nullptr ? 0 : feed->entries;
    if (state != nullptr) {
        row.last_try = state->last_try;
        row.held = state->held;
        row.versions = state->versions;
        if (const policy::PulledVersion* served = state->served()) {
            row.entries = feed == nullptr ? served->entries : row.entries;
            row.added = served->added;
            row.removed = served->removed;
        }
    }
    if (!settings.url.empty() && (state == nullptr || !state->is_stopped)) {
        row.next = state == nullptr ? at : state->next.value_or(at);
    }
    return row;
}

// Of a feed that only the database knows.
FeedRow other_row(const policy::Feed& feed) {
    FeedRow row;
    row.name = feed.name;
    row.state = to_string(Standing::Local);
    row.listing_class = feed.listing_class;
    row.entries = feed.entries;
    row.last_success = feed.last_success;
    if (!feed.is_served()) {
        row.message = fmt::format(
            "no longer configured, so not served; `ostrakon feeds remove {}` removes its entries",
            feed.name);
    }
    return row;
}

}  // namespace

std::vector<FeedRow> feed_rows(const config::Settings& settings,
                               const store::Transaction& transaction, UnixTime at) {
    const policy::Catalogue catalogue = policy::Catalogue::load(transaction);
    const auto states = policy::read_pull_states(transaction);
    std::vector<FeedRow> rows;
    for (const config::FeedSettings& feed : settings.feeds) {
        const auto state = states.find(feed.name);
        rows.push_back(configured_row(feed, catalogue.feed(feed.name),
                                      state == states.end() ? nullptr : &state->second, at));
    }
    for (const auto& [name, feed] : catalogue.feeds()) {
        const bool is_there =
            std::any_of(rows.begin(), rows.end(),
                        [&known = name](const FeedRow& row) { return row.name == known; });
        const bool is_removed = feed.entries == 0 && !feed.last_success;
        if (!is_there && !is_removed) {
            rows.push_back(other_row(feed));
        }
    }
    std::sort(rows.begin(), rows.end(),
              [](const FeedRow& a, const FeedRow& b) { return a.name < b.name; });
    return rows;
}

}  // namespace ostrakon::pull
