#include "ostrakon/policy/feed_refresh.hpp"

#include "change_set.hpp"
#include "feed_settings.hpp"

#include <algorithm>
#include <utility>

namespace ostrakon::policy {
namespace {

// A feed's settings alone may be a change of what is answered, with a serial of its own.
Result<Done> finish(ChangeSet& change) {
    if (!change.has_changes()) {
        return change.finish_unchanged();
    }
    const auto id = change.finish({});
    return id ? Result<Done>{Done{}} : Unexpected{id.error()};
}

}  // namespace

Result<bool> has_feed_settings(store::Environment& environment, const config::Settings& settings) {
    const auto snapshot = store::Snapshot::begin(environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    const Catalogue catalogue = Catalogue::load(*snapshot);
    if (snapshot->is_broken()) {
        return Unexpected{snapshot->failure()};
    }
    return !differs_from_settings(catalogue, settings);
}

Result<Done> adopt_feeds(store::Environment& environment, const config::Settings& settings,
                         const Author& author) {
    auto change = ChangeSet::begin(environment, author);
    if (!change) {
        return Unexpected{std::move(change.error())};
    }
    adopt_feed_settings(*change, settings);
    return finish(*change);
}

Result<Done> note_refreshed(
    store::Environment& environment, const config::Settings& settings, const Author& author,
    const std::string& feed,
    const std::function<void(store::WriteTransaction& transaction)>& along) {
    auto change = ChangeSet::begin(environment, author);
    if (!change) {
        return Unexpected{std::move(change.error())};
    }
    adopt_feed_settings(*change, settings);
    if (const Feed* known = change->catalogue().feed(feed)) {
        put_refreshed(*change, *known);
    }
    if (along) {
        along(change->transaction());
    }
    return finish(*change);
}

}  // namespace ostrakon::policy
