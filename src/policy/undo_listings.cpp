// The half of an undo that concerns own listings.
#include "origin_guard.hpp"
#include "ostrakon/policy/listings.hpp"
#include "undo_parts.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <set>
#include <utility>

namespace ostrakon::policy {
namespace {

using store::Listing;
using store::ListingState;

constexpr std::size_t kToldMax = 100;  // beyond it the line about the whole has to do

using Pairs = std::set<std::pair<std::string, std::string>>;  // subject, class

std::string changed_since(const Undoing& undoing, store::ChangeId id) {
    const auto change = store::get_change(undoing.change.transaction(), id);
    if (!change || id == undoing.undone.id) {
        return "it has been changed since";
    }
    return fmt::format("change {} ({}, by {}) has changed it since", id, change->command,
                       change->by);
}

std::string in_words(const Undoing& undoing, const Listing& before, const Listing& after) {
    const char* const what = after.state == ListingState::Undone    ? "taken back"
                             : before.state == after.state          ? "as it was before"
                             : after.state == ListingState::Lifted  ? "lifted again"
                             : after.state == ListingState::Expired ? "over again"
                                                                    : "stands again";
    return fmt::format("{}: change {} is undone", what, undoing.undone.id);
}

void record(Undoing& undoing, const Listing& before, Listing after, const Subject& subject,
            Pairs& touched) {
    touched.emplace(after.subject, after.listing_class);
    if (undoing.report.listings.size() < kToldMax) {
        undoing.change.tell(after.subject, after.listing_class, in_words(undoing, before, after),
                            undoing.reason);
    }
    const Expansions expansions = expansions_of(undoing.change, {subject});
    for (const auto& [origin, expansion] : expansions) {
        undoing.report.origins[net::to_string(origin)] = expansion.coverage();
    }
    undoing.report.coverage += coverage_of(expansions, subject);
    undoing.change.bring_back_listing(before, after, subject);
    undoing.report.listings.push_back(std::move(after));
}

void take_back(Undoing& undoing, store::ListingId id, Pairs& touched) {
    const auto before = read_listing(undoing.change.transaction(), id);
    const auto subject =
        before ? parse_subject(before->subject) : Result<Subject>{Unexpected{Error{}}};
    if (!subject) {
        return;
    }
    if (before->decided != undoing.undone.id) {
        undoing.leave(before->subject, changed_since(undoing, before->decided));
        return;
    }
    Listing after = *before;
    after.state = ListingState::Undone;
    if (!after.ended) {
        after.ended = undoing.change.author().at;
    }
    after.ended_by = undoing.change.author().by;
    after.ended_reason = undoing.reason;
    after.decided = undoing.change.id();
    record(undoing, *before, std::move(after), *subject, touched);
}

// What keeps an ended listing from standing again: a later one of its kind, or one that stands.
std::optional<std::string> obstacle(const Undoing& undoing, const Listing& wanted) {
    for (const Listing& other : read_listings_of(undoing.change.transaction(), wanted.subject)) {
        const bool is_of_kind = other.id != wanted.id && other.code == wanted.code &&
                                other.listing_class == wanted.listing_class &&
                                other.state != ListingState::Undone;
        if (is_of_kind && (other.id > wanted.id || other.is_in_force(undoing.change.author().at))) {
            return fmt::format("change {} has listed it anew", other.change);
        }
    }
    return std::nullopt;
}

void bring_back(Undoing& undoing, const ListingImage& image, Pairs& touched) {
    const UnixTime at = undoing.change.author().at;
    const auto before = read_listing(undoing.change.transaction(), image.id);
    auto after = store::decode_listing(image.id, image.before);
    const auto subject =
        before && after ? parse_subject(before->subject) : Result<Subject>{Unexpected{Error{}}};
    if (!subject) {
        return;
    }
    if (before->decided != image.decided) {
        undoing.leave(before->subject, changed_since(undoing, before->decided));
        return;
    }
    if (after->state == ListingState::Active && !after->is_in_force(at)) {
        after->state = ListingState::Expired;
        after->ended = after->until;
    }
    const bool comes_to_stand = (after->is_in_force(at) && !before->is_in_force(at)) ||
                                after->state == ListingState::Warning;
    if (const auto why = comes_to_stand ? obstacle(undoing, *after) : std::nullopt) {
        undoing.leave(before->subject, *why);
        return;
    }
    record(undoing, *before, std::move(*after), *subject, touched);
}

// Strikes are the ranks of the terms that count.
void recount(Undoing& undoing, const std::string& subject, const std::string& listing_class) {
    const auto listings = read_listings_of(undoing.change.transaction(), subject);
    const auto counts = [&](const Listing& listing) {
        return listing.listing_class == listing_class && !listing.is_allow() &&
               listing.state != ListingState::Undone;
    };
    std::set<std::uint32_t> terms;
    for (const Listing& listing : listings) {
        if (counts(listing)) {
            terms.insert(listing.term);
        }
    }
    for (const Listing& listing : listings) {
        if (!counts(listing)) {
            continue;
        }
        const auto rank = static_cast<std::uint32_t>(
            std::distance(terms.begin(), terms.upper_bound(listing.term)));
        if (rank == listing.strikes) {
            continue;
        }
        Listing after = listing;
        after.strikes = rank;
        if (rank <= 1) {
            after.earliest_lift.reset();
        } else if (!after.earliest_lift && !after.was_warning) {
            after.earliest_lift = end_of(after.since, undoing.settings.lifecycle.repeat_minimum)
                                      .value_or(UnixTime{kDurationSecondsMax});
        }
        undoing.change.recount(after);
    }
}

}  // namespace

void undo_listings(Undoing& undoing) {
    Pairs touched;
    for (std::uint32_t i = 0; i < undoing.inverse.added_count; ++i) {
        take_back(undoing, undoing.inverse.added_first + i, touched);
    }
    for (const ListingImage& image : undoing.inverse.listings) {
        bring_back(undoing, image, touched);
    }
    for (const auto& [subject, listing_class] : touched) {
        recount(undoing, subject, listing_class);
    }
    // What is reported has the strikes that count now.
    for (Listing& listing : undoing.report.listings) {
        if (const auto now = read_listing(undoing.change.transaction(), listing.id)) {
            listing = *now;
        }
    }
}

}  // namespace ostrakon::policy
