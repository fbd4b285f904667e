// Tidying up what has ended. Answers do not need it: they look at the ends themselves. And taking
// over a change of [geo], for which no other command may come for long.
#include "carry_recheck.hpp"
#include "change_set.hpp"
#include "map_change.hpp"
#include "origin_guard.hpp"
#include "ostrakon/policy/expiry.hpp"
#include "ostrakon/policy/listings.hpp"
#include "ostrakon/policy/values.hpp"
#include "ostrakon/store/meta.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace ostrakon::policy {
namespace {

using store::Table;

std::vector<Ending> endings_until(const store::Transaction& transaction, UnixTime at) {
    std::vector<Ending> endings;
    store::Cursor cursor{transaction, Table::Expiry};
    for (bool more = cursor.first(); more; more = cursor.next()) {
        const Ending ending = decode_expiry_key(cursor.key());
        if (ending.seconds > at.seconds) {
            break;
        }
        endings.push_back(ending);
    }
    return endings;
}

template <class E>
void keep_values(std::vector<E>& entries, const std::set<std::uint32_t>& values) {
    std::erase_if(entries, [&](const E& entry) { return !values.contains(entry.value); });
}

// Removes the entries of a feed whose values have ended.
void end_values(ChangeSet& change, LayerId layer, const std::set<std::uint32_t>& values) {
    EntryList ended = load_entries(change.transaction(), layer);
    keep_values(ended.ipv4, values);
    keep_values(ended.ipv6, values);
    keep_values(ended.names, values);
    change.change_entries(layer, ended, {});
    ValueWriter writer{change.transaction()};
    for (const std::uint32_t value : values) {
        writer.remove(value);
    }
    const Layer* of = change.catalogue().layer(layer);
    if (const Feed* feed = of == nullptr ? nullptr : change.catalogue().feed(of->feed)) {
        Feed after = *feed;
        after.entries -= std::min<std::uint64_t>(after.entries, ended.size());
        after.entries_changed = change.transaction().id();
        change.catalogue().put_feed(change.transaction(), after);
        change.tell("", feed->name,
                    std::to_string(ended.size()) + " entries of the feed have ended", "");
    }
}

// What answers by the clock becomes a change, so that those who hold a copy hear of it.
void end_stale_feeds(ChangeSet& change, std::vector<std::string>& notes) {
    const UnixTime swept = swept_at(change.transaction());
    for (const auto& [name, feed] : change.catalogue().feeds()) {
        if (feed.entries > 0 && feed.is_served() && feed.is_stale(change.author().at) &&
            !feed.is_stale(swept)) {
            notes.push_back("feed " + name + " is stale and no longer served");
            change.tell("", feed.listing_class, "feed " + name + ": stale, no longer served", "");
            change.touch_all();
        }
    }
}

// The same for the files of zones, which others than this program write. True where they are not as
// they were seen last; the first sight of them is no change.
bool note_zones(ChangeSet& change, std::optional<std::uint64_t> hash) {
    const std::uint64_t seen =
        store::meta_number(change.transaction(), store::meta_key::kZonesSeen);
    if (!hash || *hash == seen) {
        return false;
    }
    store::set_meta_number(change.transaction(), store::meta_key::kZonesSeen, *hash);
    if (seen != 0) {
        change.tell("", "", "zones: their files have changed", "");
        change.touch_all();
    }
    return true;
}

}  // namespace

UnixTime swept_at(const store::Transaction& transaction) {
    return UnixTime{
        static_cast<std::int64_t>(store::meta_number(transaction, store::meta_key::kSwept))};
}

Result<ChangeReport> expire(store::Environment& environment, const config::Settings& settings,
                            const Author& author, bool confirmed,
                            const std::vector<Rechecked>& rechecked,
                            std::optional<std::uint64_t> zones_hash) {
    auto change = ChangeSet::begin(environment, author);
    if (!change) {
        return Unexpected{change.error()};
    }
    ChangeReport report;
    // First, as it compares what is listed by the maps before and behind it: an AS that ends below
    // must still be among that.
    report.coverage += follow_map_settings(*change, settings, confirmed, report.notes);
    report.listings = carry_out_rechecks(*change, rechecked);
    for (const store::Listing& corrected : report.listings) {
        const auto subject = parse_subject(corrected.subject);
        report.coverage += subject ? coverage(*subject) : Coverage{};
    }
    if (report.listings.empty()) {
        change->is_housekeeping();
    }
    std::map<LayerId, std::set<std::uint32_t>> ended_values;
    for (const Ending& ending : endings_until(change->transaction(), author.at)) {
        if (ending.kind == ExpiryKind::Value) {
            if (const auto value = read_value(change->transaction(), ending.id)) {
                ended_values[value->layer].insert(ending.id);
            }
            continue;
        }
        const auto before = read_listing(change->transaction(), ending.id);
        if (!before || before->state != store::ListingState::Active) {
            continue;
        }
        const auto subject = parse_subject(before->subject);
        if (!subject) {
            continue;
        }
        store::Listing after = *before;
        after.state = store::ListingState::Expired;
        after.ended = before->until;
        change->change_listing(*before, after, *subject);
        change->tell(after.subject, after.listing_class, "ended", "");
        const Expansions expansions = expansions_of(*change, {*subject});
        for (const auto& [origin, expansion] : expansions) {
            report.origins[net::to_string(origin)] = expansion.coverage();
        }
        report.coverage += coverage_of(expansions, *subject);
        report.listings.push_back(std::move(after));
    }
    for (const auto& [layer, values] : ended_values) {
        end_values(*change, layer, values);
    }
    end_stale_feeds(*change, report.notes);
    const bool has_seen_zones = note_zones(*change, zones_hash);
    if (!change->has_changes()) {
        if (change->has_rechecks() || has_seen_zones) {
            if (auto noted = change->finish_unchanged(); !noted) {
                return Unexpected{std::move(noted.error())};
            }
        }
        return report;
    }
    store::set_meta_number(change->transaction(), store::meta_key::kSwept,
                           static_cast<std::uint64_t>(author.at.seconds));
    auto id = change->finish(report.coverage);
    if (!id) {
        return Unexpected{id.error()};
    }
    report.change = *id;
    report.changed = true;
    return report;
}

}  // namespace ostrakon::policy
