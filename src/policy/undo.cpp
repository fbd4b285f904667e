#include "ostrakon/policy/undo.hpp"

#include "ban_plan.hpp"
#include "canaries.hpp"
#include "inverse_records.hpp"
#include "origin_guard.hpp"
#include "ostrakon/store/meta.hpp"
#include "undo_parts.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <map>

namespace ostrakon::policy {
namespace {

constexpr std::size_t kLeftNotesMax = 20;

Unexpected<Error> refuse(const store::Change& change, std::string why, std::string remedy) {
    return Unexpected{Error{ErrorCode::Refused, fmt::format("undo change {}", change.id),
                            std::move(why), std::move(remedy)}};
}

// What the change set changed, unless a rule or its nature keeps it from being undone.
Result<Inverse> inverse_of(ChangeSet& change, const std::filesystem::path& directory,
                           const Undo& undo, const store::Change& undone) {
    if (change.author().at.seconds - undone.at.seconds > kUndoSecondsMax && !undo.override_age) {
        return refuse(
            undone, fmt::format("it was made on {}, more than 24 hours ago", to_string(undone.at)),
            "lift what is wrong with `ostrakon unban`, or say --override");
    }
    auto inverse = load_inverse(change.transaction(), undone.id, directory);
    if (!inverse) {
        return refuse(undone, "what it changed is not kept any more",
                      "`ostrakon history` says what it did; take that back with other commands");
    }
    if (inverse->kind == Inverse::Kind::Rebuilt) {
        return refuse(undone, "it replaced the database or derived it anew",
                      "`ostrakon restore` brings back a backup; before-restore.mdb beside the "
                      "database is the one from before the last restore");
    }
    return std::move(*inverse);
}

ChangeReport unchanged(std::string why) {
    ChangeReport report;
    report.notes.push_back(std::move(why));
    return report;
}

void tell_whole(Undoing& undoing) {
    std::uint64_t gone = 0;
    for (const store::Listing& listing : undoing.report.listings) {
        gone += listing.state == store::ListingState::Undone ? 1U : 0U;
    }
    std::string what =
        fmt::format("change {} undone ({} of {}, by {}): {} listings taken back, {} as they were",
                    undoing.undone.id, undoing.undone.command, to_string(undoing.undone.at),
                    undoing.undone.by, gone, undoing.report.listings.size() - gone);
    if (undoing.left > 0) {
        what += fmt::format(", {} left as later changes have them", undoing.left);
    }
    undoing.change.tell("", "", what, undoing.reason);
}

// Whether the listing lists now what it did not, or no longer excepts it.
bool lists_more(const store::Listing& listing) {
    const bool stands = listing.state == store::ListingState::Active;
    return listing.is_allow() ? !stands : stands;
}

Result<Done> check_canaries(const ChangeSet& change, const config::Settings& settings,
                            const Undo& undo, const ChangeReport& report) {
    const Canaries canaries{settings.protect};
    const std::string attempt = fmt::format("undo change {}", undo.change);
    for (const store::Listing& listing : report.listings) {
        const auto subject = parse_subject(listing.subject);
        if (canaries.is_empty() || !subject || !lists_more(listing)) {
            continue;
        }
        const Expansions expansions = expansions_of(change, {*subject});
        const auto canary =
            expansions.empty() ? canaries.in(*subject) : canaries.in(expansions.begin()->second);
        if (auto fit = check_canary(attempt, canary, undo.confirmed); !fit) {
            return fit;
        }
    }
    return Done{};
}

Result<Done> check_width(const config::Settings& settings, const Undo& undo,
                         const ChangeReport& report) {
    Coverage total;
    std::vector<Subject> standing;
    for (const store::Listing& listing : report.listings) {
        const auto subject = parse_subject(listing.subject);
        if (!subject) {
            continue;
        }
        const auto origin = report.origins.find(listing.subject);
        total += origin == report.origins.end() ? coverage(*subject) : origin->second;
        if (listing.state == store::ListingState::Active) {
            standing.push_back(*subject);
        }
    }
    return check_blast_radius(settings, standing, total, undo.confirmed);
}

// The change sets whose records say afterwards that they are undone, or no longer.
void mark(ChangeSet& change, const store::Change& undone) {
    store::Change marked = undone;
    marked.undone = true;
    change.takes_back(std::move(marked));
    if (undone.undoes != 0) {
        if (auto original = store::get_change(change.transaction(), undone.undoes)) {
            original->undone = false;
            change.marks(std::move(*original));
        }
    }
}

// Complaints and requests.
void undo_records(Undoing& undoing) {
    for (const RecordImage& image : undoing.inverse.records) {
        const auto present = undoing.change.transaction().get(image.table, image.key);
        if (hash_of(present) != image.after) {
            undoing.leave(image.table == store::Table::Requests ? "a request" : "a complaint",
                          "a later change set has changed it");
            continue;
        }
        undoing.change.put_record(image.table, image.key, image.before);
    }
}

}  // namespace

void Undoing::leave(const std::string& what, const std::string& why) {
    if (++left <= kLeftNotesMax) {
        report.notes.push_back(fmt::format("{}: {}; it stays as it is", what, why));
    }
}

Result<ChangeReport> undo(store::Environment& environment, const config::Settings& settings,
                          const Undo& undo, const Author& author) {
    auto change = ChangeSet::begin(environment, author);
    if (!change) {
        return Unexpected{change.error()};
    }
    const auto undone = store::get_change(change->transaction(), undo.change);
    if (!undone) {
        return Unexpected{Error{ErrorCode::Absent, fmt::format("undo change {}", undo.change),
                                "there is none of that number", "`ostrakon changes` shows them"}};
    }
    if (undone->undone) {
        return unchanged(fmt::format("change {} is undone already", undone->id));
    }
    const auto inverse = inverse_of(*change, environment.directory(), undo, *undone);
    if (!inverse) {
        return Unexpected{inverse.error()};
    }
    if (inverse->kind == Inverse::Kind::Housekeeping) {
        return unchanged(fmt::format(
            "change {} tidied up what had ended by itself: nothing to undo", undone->id));
    }
    const std::string reason =
        undo.reason.empty() ? fmt::format("undo of change {}", undone->id) : undo.reason;
    Undoing undoing{*change, settings, *undone, *inverse, reason};
    undo_listings(undoing);
    undo_feeds(undoing);
    undo_records(undoing);
    if (auto fit =
            check_canary(fmt::format("undo change {}", undone->id), undoing.canary, undo.confirmed);
        !fit) {
        return Unexpected{std::move(fit.error())};
    }
    if (auto fit = check_canaries(*change, settings, undo, undoing.report); !fit) {
        return Unexpected{std::move(fit.error())};
    }
    if (auto allowed = undo_maps(undoing, undo.confirmed); !allowed) {
        return Unexpected{std::move(allowed.error())};
    }
    if (undoing.left > kLeftNotesMax) {
        undoing.report.notes.push_back(fmt::format("{} stay as they are in all", undoing.left));
    }
    ChangeReport report = std::move(undoing.report);
    report.dry_run = undo.dry_run;
    if (!change->has_changes()) {
        report.notes.emplace_back("nothing of it is left to undo");
        return report;
    }
    if (auto allowed = check_width(settings, undo, report); !allowed) {
        return Unexpected{std::move(allowed.error())};
    }
    report.changed = true;
    if (undo.dry_run) {
        return report;
    }
    undoing.report.listings = report.listings;
    tell_whole(undoing);
    mark(*change, *undone);
    auto id = change->finish(report.coverage);
    if (!id) {
        return Unexpected{id.error()};
    }
    report.change = *id;
    return report;
}

Result<std::vector<ChangeRow>> changes(store::Environment& environment, std::uint64_t rows_max) {
    auto snapshot = store::Snapshot::begin(environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    std::vector<ChangeRow> rows;
    std::map<store::ChangeId, std::size_t> at;
    for (store::ChangeId id = store::meta_number(*snapshot, store::meta_key::kNextChange);
         id-- > 1 && rows.size() < rows_max;) {
        if (const auto change = store::get_change(*snapshot, id)) {
            at.emplace(id, rows.size());
            rows.push_back({*change, ""});
        }
    }
    std::vector<std::uint64_t> further(rows.size());
    store::for_each_event_backwards(*snapshot, [&](const store::Event& event) {
        if (rows.empty() || event.change < rows.back().change.id) {
            return false;
        }
        const auto row = at.find(event.change);
        if (row == at.end()) {
            return true;
        }
        std::string& what = rows[row->second].what;
        further[row->second] += what.empty() ? 0 : 1;
        const std::string of_class =
            event.listing_class.empty() ? "" : fmt::format(" ({})", event.listing_class);
        what = event.subject.empty() ? event.what : event.subject + of_class + ": " + event.what;
        return true;
    });
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (further[i] > 0) {
            rows[i].what += fmt::format(", and {} more", further[i]);
        }
    }
    if (snapshot->is_broken()) {
        return Unexpected{snapshot->failure()};
    }
    return rows;
}

}  // namespace ostrakon::policy
