// Reading the truth for people: tables of listings, history, figures, and the proof that the index
// equals the truth.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/base/time.hpp"
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/policy/subject.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/store/listing.hpp"

#include <functional>
#include <string>
#include <vector>

namespace ostrakon::policy {

/// A row of `list`: an own listing, or an entry of a feed (id 0, by empty).
struct ListedRow {
    store::Listing listing;
    std::string source;  ///< "own" or the feed's name.
};

struct ListFilter {
    std::string listing_class;            ///< Empty: all.
    std::string source = "own";           ///< "own", a feed's name, NAME/LABEL for data sets of a
                                          ///< sub-zone, or "*" for all feeds.
    std::optional<Subject> under;         ///< Only what lies wholly in it.
    std::optional<UnixTime> ends_before;  ///< --expiring.
    bool with_history = false;            ///< Lifted, expired and warnings too.
    UnixTime at;
    std::uint64_t rows_max = 0;  ///< 0: all.
};
/// Calls `row` for every match in the order of subjects (addresses by number, then names); stops
/// when it returns false.
Result<Done> list(store::Environment& environment, const ListFilter& filter,
                  const std::function<bool(const ListedRow&)>& row);

/// All own listings of just this subject, ended ones too, oldest first.
Result<std::vector<store::Listing>> listings_of(store::Environment& environment,
                                                const Subject& subject);

/// One line of the audit trail.
struct Event {
    std::uint64_t sequence = 0;
    UnixTime at;
    std::string by;
    store::ChangeId change = 0;
    std::string command;  ///< "ban", "unban", "import list.txt".
    std::string subject;  ///< Empty for what concerns many at once.
    std::string listing_class;
    std::string what;  ///< "banned for 30 days", "lifted", "1,204 added, 3 removed".
    std::string reason;
};
/// The audit trail, oldest first: everything, or what concerns one subject, since a time.
Result<std::vector<Event>> history(store::Environment& environment,
                                   const std::optional<Subject>& subject,
                                   std::optional<UnixTime> since);

/// One feed of the database.
struct FeedFigures {
    std::string name;
    std::uint64_t entries = 0;
    std::optional<UnixTime> last_success;
    bool is_local = false;
    bool is_configured = false;
    bool is_stale = false;  ///< Longer ago refreshed than its max_age: not served.
    std::vector<std::string> data_sets;  ///< Labels, of a combined file.
};

/// One map of the database.
struct MapFigures {
    std::string name;
    std::string format;
    UnixTime date;
    std::uint64_t as_ranges = 0, country_ranges = 0;
    bool is_asked_for_as = false, is_asked_for_country = false;
};

struct Figures {
    std::uint64_t own_listings = 0;  ///< In force or to come to their end; history not counted.
    std::uint64_t own_allows = 0;
    std::uint64_t history = 0;
    std::vector<FeedFigures> feeds;
    std::vector<MapFigures> maps;
    std::uint64_t index_ipv4_blocks = 0, index_ipv6_blocks = 0, index_names = 0, verdict_sets = 0;
    std::uint32_t serial = 0;
    std::uint64_t schema = 0;
    std::uint64_t size_bytes = 0, used_bytes = 0;
    std::uint32_t readers = 0;
    std::optional<store::OldReader> oldest_reader;
};
Result<Figures> figures(store::Environment& environment);

/// Derives the index again from the truth and compares contents.
struct CheckReport {
    std::uint64_t differences = 0;
    std::vector<std::string> samples;  ///< The first 20, in words.
    std::uint64_t sets_in_use = 0;
    std::uint64_t sets_left_over = 0;  ///< Verdict sets that the index does not point to any more.
    std::uint64_t sets_numbered = 0;   ///< Numbers given so far, of 2^32.

    /// Whether a rebuild is worth its while though nothing differs: it drops what is left over and
    /// begins with number 1 again.
    bool is_worth_rebuilding() const;
};
Result<CheckReport> check(
    store::Environment& environment,
    const std::function<void(std::uint64_t done, std::uint64_t total)>& progress);

/// Throws the index away and derives all of it again, as a change set of its own, in a new epoch.
/// The caller holds the writer lock.
Result<store::ChangeId> repair(store::Environment& environment, const Author& author);

}  // namespace ostrakon::policy
