#include "ban_plan.hpp"

#include "ostrakon/policy/guard.hpp"
#include "ostrakon/policy/listings.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::policy {
namespace {

using store::Listing;
using store::ListingState;

// Which ban of this subject and class it is.
struct Beginning {
    std::uint32_t strikes = 1;
    std::uint32_t term = 1;
};

// One more than the last that has ended or was a warning; beside one that stands it is the same
// beginning. What was undone does not count, but its term is not given again.
Beginning beginning_of(const std::vector<Listing>& history, const std::string& listing_class,
                       UnixTime at) {
    Beginning beginning;
    std::uint32_t strikes_max = 0;
    std::uint32_t term_of_last = 0;
    std::uint32_t term_max = 0;
    for (const Listing& listing : history) {
        if (listing.listing_class != listing_class) {
            continue;
        }
        term_max = std::max(term_max, listing.term);
        if (listing.state == ListingState::Undone) {
            continue;
        }
        beginning.strikes =
            std::max(beginning.strikes, listing.strikes + (listing.is_in_force(at) ? 0U : 1U));
        if (listing.strikes > strikes_max) {
            strikes_max = listing.strikes;
            term_of_last = listing.term;
        }
    }
    beginning.term = beginning.strikes > strikes_max ? term_max + 1 : term_of_last;
    return beginning;
}

Duration length_of(const config::LifecycleSettings& lifecycle, std::uint32_t strike) {
    if (strike <= 1) {
        return lifecycle.first;
    }
    return lifecycle.repeat[std::min<std::size_t>(strike - 2, lifecycle.repeat.size() - 1)];
}

Listing new_listing(const ChangeSet& change, const config::LifecycleSettings& lifecycle,
                    const BanPlan& plan, const std::vector<Listing>& history) {
    const UnixTime at = change.author().at;
    Listing listing;
    listing.subject = to_string(plan.subject);
    listing.listing_class = plan.listing_class;
    listing.code = plan.code;
    listing.reason = plan.reason;
    listing.evidence = plan.evidence;
    listing.by = change.author().by;
    listing.since = at;
    listing.overrides_never = plan.override_never && !listing.is_allow();
    listing.diagnosed = plan.diagnosed;
    if (listing.is_allow()) {
        listing.until = plan.expiry.until;
        return listing;
    }
    const Beginning beginning = beginning_of(history, plan.listing_class, at);
    listing.strikes = beginning.strikes;
    listing.term = beginning.term;
    if (listing.strikes == 1 && lifecycle.first_is_warning) {
        listing.state = ListingState::Warning;
        listing.was_warning = true;
        return listing;
    }
    listing.until = plan.expiry.is_given ? plan.expiry.until
                                         : end_of(at, length_of(lifecycle, listing.strikes));
    if (listing.strikes > 1) {
        listing.earliest_lift =
            end_of(at, lifecycle.repeat_minimum).value_or(UnixTime{kDurationSecondsMax});
    }
    return listing;
}

// The listing that stands, with what the new ban says of reason, expiry and evidence.
Listing updated(const Listing& standing, const BanPlan& plan) {
    Listing listing = standing;
    if (const auto* mail = std::get_if<MailSubject>(&plan.subject);
        mail != nullptr && !mail->address.empty()) {
        listing.subject = mail->address;  // of which only the hash may have been known
    }
    if (!plan.reason.empty()) {
        listing.reason = plan.reason;
    }
    if (!plan.evidence.empty()) {
        listing.evidence = plan.evidence;
    }
    if (plan.expiry.is_given) {
        listing.until = plan.expiry.until;
    }
    if (plan.diagnosed) {
        listing.diagnosed = plan.diagnosed;
    }
    listing.overrides_never =
        listing.overrides_never || (plan.override_never && !listing.is_allow());
    return listing;
}

// Whether the listing began or ended after that was seen for which there is to be a ban, or is for
// the very same.
bool has_dealt_with(const Listing& listing, const BanPlan& plan) {
    return listing.listing_class == plan.listing_class &&
           (listing.since >= *plan.seen || (listing.ended && *listing.ended >= *plan.seen) ||
            (!plan.evidence.empty() && listing.evidence == plan.evidence));
}

}  // namespace

PlannedBan carry_out(ChangeSet& change, const config::LifecycleSettings& lifecycle,
                     const BanPlan& plan) {
    const UnixTime at = change.author().at;
    const std::vector<Listing> history =
        read_listings_of(change.transaction(), to_string(plan.subject));
    const auto standing = std::find_if(history.begin(), history.end(), [&](const Listing& listing) {
        return listing.is_in_force(at) && listing.listing_class == plan.listing_class &&
               listing.code == plan.code;
    });
    if (plan.seen) {
        const auto dealt_with =
            standing != history.end()
                ? standing
                : std::find_if(history.begin(), history.end(), [&](const Listing& listing) {
                      return has_dealt_with(listing, plan);
                  });
        if (dealt_with != history.end()) {
            return {PlannedBan::Kind::Unchanged, *dealt_with};
        }
    }
    if (standing != history.end()) {
        const Listing after = updated(*standing, plan);
        if (store::encode(after) == store::encode(*standing)) {
            return {PlannedBan::Kind::Unchanged, after};
        }
        change.change_listing(*standing, after, plan.subject);
        return {PlannedBan::Kind::Changed, after};
    }
    // What has run out but was not tidied up yet must not stand beside its successor.
    for (const Listing& over : history) {
        if (over.state == ListingState::Active && !over.is_in_force(at)) {
            Listing after = over;
            after.state = ListingState::Expired;
            after.ended = over.until;
            change.change_listing(over, after, plan.subject);
        }
    }
    Listing listing = new_listing(change, lifecycle, plan, history);
    change.add_listing(listing, plan.subject);
    return {PlannedBan::Kind::Added, std::move(listing)};
}

std::string describe(const PlannedBan& made) {
    const Listing& listing = made.listing;
    const std::string end =
        listing.until ? " until " + ostrakon::to_string(*listing.until) : std::string{};
    if (made.kind == PlannedBan::Kind::Changed) {
        return (listing.is_allow() ? "allow updated" : "ban updated") + end;
    }
    if (listing.is_allow()) {
        return "allowed" + end;
    }
    if (listing.state == ListingState::Warning) {
        return "warned";
    }
    return "banned" + end +
           (listing.strikes > 1 ? fmt::format(", strike {}", listing.strikes) : std::string{});
}

Result<Done> check_blast_radius(const config::Settings& settings,
                                const std::vector<Subject>& subjects, const Coverage& total,
                                bool confirmed) {
    if (confirmed) {
        return Done{};
    }
    for (const Subject& subject : subjects) {
        if (is_very_wide_pattern(subject)) {
            return Unexpected{Error{
                ErrorCode::Refused, to_string(subject),
                "it does not end in two labels that are written out, as *.dsl.example.net does: it "
                "can match names of strangers",
                "--yes records it all the same"}};
        }
        if (is_very_wide_name(subject)) {
            return Unexpected{Error{
                ErrorCode::Refused, to_string(subject),
                "it is a single label or a public suffix, under which strangers have their names",
                "--yes records it all the same"}};
        }
    }
    if (static_cast<double>(total.addresses) > settings.protect.blast_radius_addresses) {
        return Unexpected{Error{ErrorCode::Refused,
                                fmt::format("a change of {} addresses", total.addresses),
                                fmt::format("[protect] blast_radius is {:.0f} addresses",
                                            settings.protect.blast_radius_addresses),
                                "--yes records it all the same"}};
    }
    return Done{};
}

}  // namespace ostrakon::policy
