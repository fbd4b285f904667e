// Letting a held version in, and going back to an earlier one, as a person wants it.
#include "acceptance.hpp"
#include "ostrakon/pull/body_store.hpp"
#include "versions.hpp"

#include <fmt/format.h>

namespace ostrakon::pull {
namespace {

Unexpected<Error> absent(const config::FeedSettings& feed, std::string why, std::string remedy) {
    return Unexpected{
        Error{ErrorCode::Absent, "feed " + feed.name, std::move(why), std::move(remedy)}};
}

Result<policy::PullState> state_of(const PullSite& site, const config::FeedSettings& feed) {
    const auto snapshot = store::Snapshot::begin(site.environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    auto state = policy::read_pull_state(*snapshot, feed.name);
    if (snapshot->is_broken()) {
        return Unexpected{snapshot->failure()};
    }
    return state.value_or(policy::PullState{});
}

// Reads a kept version anew and puts its entries in the place of what is served; the state as
// `after` makes it goes along.
Result<FeedReport> serve(
    const PullSite& site, const config::FeedSettings& feed, const policy::PullState& before,
    policy::PulledVersion version,
    const std::function<policy::PullState(const policy::PulledVersion&)>& after) {
    const BodyStore bodies{site.environment.directory(), feed.name};
    const auto body = bodies.open(version);
    if (!body) {
        return Unexpected{body.error()};
    }
    feed::ConfinedRequest request;
    request.file = feed.name;
    request.body = body->get();
    request.format = version.format;
    request.now = version.at;
    request.size_max = feed.size_max;
    auto outcome = feed::read_confined(request);
    if (!outcome) {
        outcome.error().code =
            outcome.error().code == ErrorCode::Usage ? ErrorCode::Refused : outcome.error().code;
        outcome.error().remedy = "the next pull brings another, it may be sound";
        return Unexpected{std::move(outcome.error())};
    }
    FeedReport report;
    report.name = feed.name;
    report.before = before.served() == nullptr ? 0 : before.served()->entries;
    policy::PullState state;
    const Swap swap{.site = site,
                    .feed = feed,
                    .author = site.author,
                    .served = before.served(),
                    .is_accepted = true,
                    .dry_run = false,
                    .along = [&](store::WriteTransaction& transaction) {
                        state = after(version);
                        policy::write_pull_state(transaction, feed.name, state);
                    }};
    const auto swapped = swap_in(swap, std::move(*outcome), version, report);
    if (!swapped) {
        return Unexpected{swapped.error()};
    }
    if (!swapped->held_because.empty()) {
        return Unexpected{
            Error{ErrorCode::Refused, "feed " + feed.name, swapped->held_because, ""}};
    }
    bodies.tidy(state);
    report.result = FeedResult::Updated;
    report.next = state.next;
    report.message = fmt::format("{} entries, {} added, {} changed, {} removed", report.after,
                                 report.added, report.changed, report.removed);
    return report;
}

}  // namespace

Result<FeedReport> accept(const PullSite& site, const config::FeedSettings& feed) {
    const auto state = state_of(site, feed);
    if (!state) {
        return Unexpected{state.error()};
    }
    if (!state->held) {
        return absent(feed, "nothing of it is held", "`ostrakon feeds` shows what is");
    }
    if (state->held->is_unreadable) {
        return Unexpected{Error{ErrorCode::Refused, "feed " + feed.name, state->held->why,
                                "nothing can be taken of it; the next pull may bring another"}};
    }
    return serve(site, feed, *state, state->held->version,
                 [&](const policy::PulledVersion& version) {
                     policy::PullState after = *state;
                     take_version(after, version);
                     after.last_success = site.author.at;
                     return after;
                 });
}

Result<FeedReport> roll_back(const PullSite& site, const config::FeedSettings& feed) {
    const auto state = state_of(site, feed);
    if (!state) {
        return Unexpected{state.error()};
    }
    if (state->versions.size() < 2) {
        return absent(feed, "there is no version before that one",
                      "`ostrakon undo` takes back what was imported by hand");
    }
    return serve(site, feed, *state, state->versions[1], [&](const policy::PulledVersion&) {
        policy::PullState after = *state;
        take_back(after, "the feed was rolled back by " + site.author.by);
        return after;
    });
}

}  // namespace ostrakon::pull
