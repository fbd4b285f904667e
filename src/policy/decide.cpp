#include "ostrakon/policy/decide.hpp"

#include "ban_plan.hpp"
#include "canaries.hpp"
#include "change_set.hpp"
#include "decide_within.hpp"
#include "map_change.hpp"
#include "origin_guard.hpp"
#include "ostrakon/policy/guard.hpp"
#include "ostrakon/policy/listings.hpp"
#include "ostrakon/zone/listing_class.hpp"
#include "wider_bans.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::policy {
namespace {

using store::Listing;
using store::ListingState;

constexpr std::size_t kNotesMax = 20;

void note(std::vector<std::string>& notes, std::string text) {
    if (notes.size() < kNotesMax) {
        notes.push_back(std::move(text));
    }
}

NeverOverlap never_overlap_of(const config::Settings& settings, const Expansions& expansions,
                              const Subject& subject) {
    const auto* origin = std::get_if<net::Origin>(&subject);
    return origin == nullptr ? never_overlap(settings.protect, subject)
                             : never_overlap(settings.protect, expansions.at(*origin));
}

void note_circumstances(const Ban& ban, NeverOverlap never, const Listing& listing,
                        std::vector<std::string>& notes) {
    if (listing.is_allow()) {
        return;
    }
    if (!ban.override_never && never == NeverOverlap::Partly) {
        note(notes, listing.subject + ": the part that [protect] never holds stays unlisted");
    }
    if (listing.state == ListingState::Warning) {
        note(notes, listing.subject + ": a first strike is a warning: recorded, not served");
    }
    if (listing.strikes > 1) {
        note(notes,
             fmt::format("{}: strike {}{}", listing.subject, listing.strikes,
                         listing.earliest_lift ? ", cannot be lifted before " +
                                                     ostrakon::to_string(*listing.earliest_lift)
                                               : std::string{}));
    }
}

// Why [lifecycle] refuses a lift of this listing, or nothing.
std::optional<Error> lift_refusal(const config::Settings& settings, const Listing& listing,
                                  std::string_view evidence, UnixTime at) {
    if (listing.is_allow()) {
        return std::nullopt;
    }
    const std::string attempt =
        fmt::format("unban {} ({})", listing.subject, listing.listing_class);
    if (listing.earliest_lift && at < *listing.earliest_lift) {
        return Error{ErrorCode::Refused, attempt,
                     fmt::format("it is strike {} and cannot be lifted before {}", listing.strikes,
                                 ostrakon::to_string(*listing.earliest_lift)),
                     "--override lifts it all the same"};
    }
    if (settings.lifecycle.evidence_to_lift && evidence.empty()) {
        return Error{ErrorCode::Refused, attempt, "lifting a ban needs evidence",
                     "say with --evidence what was done against the cause: a text or a file"};
    }
    return std::nullopt;
}

// A lift, for the audit trail; `against` is the rule that --override has set aside.
std::string in_words(const Lift& lift, const std::string& against) {
    std::string text = "lifted";
    if (!against.empty()) {
        text += " with --override, although " + against;
    }
    if (!lift.evidence.empty()) {
        text += ", with evidence: " + lift.evidence;
    }
    return text;
}

// What the AS and countries of a ban cover, if that may be.
Result<Expansions> check_ban_of_origins(ChangeSet& change, const config::Settings& settings,
                                        const Ban& ban, ChangeReport& report) {
    OriginDecisions decisions;
    decisions.override_never = ban.override_never;
    decisions.confirmed = ban.confirmed;
    for (const Subject& subject : ban.subjects) {
        if (const auto* origin = std::get_if<net::Origin>(&subject)) {
            (ban.listing_class == zone::kAllowClass ? decisions.allowed : decisions.banned)
                .push_back(*origin);
        }
    }
    if (decisions.banned.empty() && decisions.allowed.empty()) {
        return Expansions{};
    }
    if (auto adopted = adopt_map_settings(change, settings, ban.confirmed); !adopted) {
        return Unexpected{std::move(adopted.error())};
    }
    auto expansions = check_origins(change, settings, decisions);
    if (!expansions) {
        return expansions;
    }
    Coverage total;
    for (const Subject& subject : ban.subjects) {
        total += coverage_of(*expansions, subject);
    }
    for (const auto& [origin, expansion] : *expansions) {
        report.origins[net::to_string(origin)] = expansion.coverage();
        std::string unknown = unknown_note(change.catalogue(), origin, expansion);
        if (!unknown.empty()) {
            note(report.notes, std::move(unknown));
        } else if (ban.tell_cost) {
            ban.tell_cost(cost_text(change.catalogue(), origin, expansion));
        }
    }
    if (auto fit = check_blast_radius(settings, {}, total, ban.confirmed); !fit) {
        return Unexpected{std::move(fit.error())};
    }
    return expansions;
}

}  // namespace

Coverage cost_of(const Ban& ban) {
    Coverage total;
    for (const Subject& subject : ban.subjects) {
        total += coverage(subject);
    }
    return total;
}

Result<Done> check_ban(const config::Settings& settings, const Ban& ban) {
    if (!ban.listing_class.empty()) {
        if (auto known = check_class(settings, ban.listing_class); !known) {
            return known;
        }
    }
    if (ban.code) {
        if (auto valid = check_code(*ban.code); !valid) {
            return valid;
        }
    }
    const Canaries canaries{settings.protect};
    for (const Subject& subject : ban.subjects) {
        if (ban.listing_class == zone::kAllowClass) {
            continue;
        }
        if (!ban.override_never &&
            never_overlap(settings.protect, subject) == NeverOverlap::Wholly) {
            return Unexpected{Error{ErrorCode::Refused, "ban " + to_string(subject),
                                    "it lies wholly inside [protect] never",
                                    "--override bans it all the same"}};
        }
        if (auto fit =
                check_canary("ban " + to_string(subject), canaries.in(subject), ban.confirmed);
            !fit) {
            return fit;
        }
    }
    return check_blast_radius(settings, ban.subjects, cost_of(ban), ban.confirmed);
}

Result<ChangeReport> finished(ChangeSet& change, ChangeReport&& report) {
    if (!change.has_changes() || report.dry_run) {
        report.changed = change.has_changes();
        return std::move(report);
    }
    auto id = change.finish(report.coverage);
    if (!id) {
        return Unexpected{id.error()};
    }
    report.change = *id;
    report.changed = true;
    return std::move(report);
}

Result<ChangeReport> ban(store::Environment& environment, const config::Settings& settings,
                         const Ban& ban, const Author& author) {
    auto change = ChangeSet::begin(environment, author);
    if (!change) {
        return Unexpected{change.error()};
    }
    ChangeReport report;
    report.dry_run = ban.dry_run;
    if (auto done = ban_within(*change, settings, ban, report); !done) {
        return Unexpected{std::move(done.error())};
    }
    return finished(*change, std::move(report));
}

Result<Done> ban_within(ChangeSet& change, const config::Settings& settings, const Ban& ban,
                        ChangeReport& report) {
    if (auto allowed = check_ban(settings, ban); !allowed) {
        return allowed;
    }
    const auto expansions = check_ban_of_origins(change, settings, ban, report);
    if (!expansions) {
        return Unexpected{expansions.error()};
    }
    for (const Subject& subject : ban.subjects) {
        BanPlan plan{.subject = subject,
                     .listing_class = ban.listing_class.empty()
                                          ? std::string{default_class(subject)}
                                          : ban.listing_class,
                     .code = std::nullopt,
                     .reason = ban.reason,
                     .evidence = ban.evidence,
                     .expiry = ban.expiry,
                     .override_never = ban.override_never,
                     .diagnosed = ban.diagnosed};
        plan.code = own_code(settings, plan.listing_class, ban.code);
        const PlannedBan made = carry_out(change, settings.lifecycle, plan);
        report.coverage += coverage_of(*expansions, subject);
        note_circumstances(ban, never_overlap_of(settings, *expansions, subject), made.listing,
                           report.notes);
        if (made.kind != PlannedBan::Kind::Unchanged) {
            const bool is_against_never =
                ban.override_never && !made.listing.is_allow() &&
                never_overlap_of(settings, *expansions, subject) != NeverOverlap::None;
            change.tell(
                made.listing.subject, made.listing.listing_class,
                describe(made) +
                    (is_against_never ? " with --override, although [protect] never holds it" : ""),
                made.listing.reason);
        } else {
            note(report.notes, made.listing.subject + ": stands already, nothing to change");
        }
        report.listings.push_back(made.listing);
    }
    return Done{};
}

Result<ChangeReport> unban(store::Environment& environment, const config::Settings& settings,
                           const Lift& lift, const Author& author) {
    auto change = ChangeSet::begin(environment, author);
    if (!change) {
        return Unexpected{change.error()};
    }
    ChangeReport report;
    if (auto done = lift_within(*change, settings, lift, report); !done) {
        return Unexpected{std::move(done.error())};
    }
    return finished(*change, std::move(report));
}

Result<Done> lift_within(ChangeSet& change, const config::Settings& settings, const Lift& lift,
                         ChangeReport& report) {
    const Author& author = change.author();
    const Canaries canaries{settings.protect};
    const Expansions expansions = expansions_of(change, lift.subjects);
    for (const auto& [origin, expansion] : expansions) {
        report.origins[net::to_string(origin)] = expansion.coverage();
    }
    for (const Subject& subject : lift.subjects) {
        const std::string spelled = to_string(subject);
        bool found = false;
        for (const Listing& before : read_listings_of(change.transaction(), spelled)) {
            const bool stands =
                before.is_in_force(author.at) || before.state == ListingState::Warning;
            if (!stands ||
                (!lift.listing_class.empty() && before.listing_class != lift.listing_class) ||
                (lift.bans_only && before.is_allow())) {
                continue;
            }
            auto refused = lift_refusal(settings, before, lift.evidence, author.at);
            if (refused && !lift.override_lifecycle) {
                return Unexpected{std::move(*refused)};
            }
            if (before.is_allow()) {
                auto fit = check_canary("lift the allow of " + spelled, canaries.in(subject),
                                        lift.confirmed);
                if (!fit) {
                    return fit;
                }
            }
            Listing after = before;
            after.state = ListingState::Lifted;
            after.ended = author.at;
            after.ended_by = author.by;
            after.ended_reason = lift.reason;
            change.change_listing(before, after, subject);
            change.tell(spelled, after.listing_class,
                        in_words(lift, refused ? refused->why : std::string{}), lift.reason);
            report.listings.push_back(std::move(after));
            report.coverage += coverage_of(expansions, subject);
            found = true;
        }
        name_wider_bans(change, subject, report.notes);
        if (!found) {
            note(report.notes, spelled + ": no own listing of just this subject");
        }
    }
    if (report.listings.empty()) {
        std::string why;
        for (const std::string& text : report.notes) {
            why += (why.empty() ? "" : "; ") + text;
        }
        return Unexpected{Error{ErrorCode::Absent, "unban", why, ""}};
    }
    std::vector<Subject> lifted;
    for (const Listing& listing : report.listings) {
        if (auto subject = parse_subject(listing.subject)) {
            lifted.push_back(std::move(*subject));
        }
    }
    return check_blast_radius(settings, lifted, report.coverage, lift.confirmed);
}

}  // namespace ostrakon::policy
