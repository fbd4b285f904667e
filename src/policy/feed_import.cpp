#include "feed_import.hpp"

#include "ostrakon/policy/guard.hpp"
#include "ostrakon/policy/values.hpp"
#include "ostrakon/policy/verdict_set.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <iterator>
#include <tuple>
#include <unordered_set>

namespace ostrakon::policy {
namespace {

Unexpected<Error> refuse(const std::string& feed, std::string why) {
    return Unexpected{
        Error{ErrorCode::Refused, "feed " + feed, std::move(why), "--yes accepts it all the same"}};
}

const config::FeedSettings* settings_of(const config::Settings& settings, const std::string& name) {
    const auto found =
        std::find_if(settings.feeds.begin(), settings.feeds.end(),
                     [&](const config::FeedSettings& feed) { return feed.name == name; });
    return found == settings.feeds.end() ? nullptr : &*found;
}

Result<Done> check_name(const config::Settings& settings, const std::string& name) {
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

template <class E>
std::vector<E> difference(const std::vector<E>& a, const std::vector<E>& b) {
    std::vector<E> only;
    std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(only));
    return only;
}

EntryList difference(const EntryList& a, const EntryList& b) {
    return {difference(a.ipv4, b.ipv4), difference(a.ipv6, b.ipv6), difference(a.names, b.names)};
}

template <class A>
bool same_subject(const Entry<A>& a, const Entry<A>& b) {
    return a.range == b.range;
}
bool same_subject(const NameEntry& a, const NameEntry& b) {
    return a.key == b.key && a.scope == b.scope;
}
template <class A>
bool less_subject(const Entry<A>& a, const Entry<A>& b) {
    return a.range < b.range;
}
bool less_subject(const NameEntry& a, const NameEntry& b) {
    return std::tie(a.key, a.scope) < std::tie(b.key, b.scope);
}

// Adds to `fresh` the entries of `old` whose subjects `fresh` does not have.
template <class E>
void keep_others(const std::vector<E>& old, std::vector<E>& fresh) {
    std::vector<E> others;
    for (const E& entry : old) {
        const auto at = std::lower_bound(fresh.begin(), fresh.end(), entry,
                                         [](const E& a, const E& b) { return less_subject(a, b); });
        if (at == fresh.end() || !same_subject(*at, entry)) {
            others.push_back(entry);
        }
    }
    const auto middle = static_cast<std::ptrdiff_t>(fresh.size());
    fresh.insert(fresh.end(), others.begin(), others.end());
    std::inplace_merge(fresh.begin(), fresh.begin() + middle, fresh.end());
}

// Walks over both sorted lists by subject and counts what became of each.
template <class E>
void count_changes(const std::vector<E>& old, const std::vector<E>& fresh, ImportReport& report) {
    const auto group_end = [](const std::vector<E>& list, std::size_t begin) {
        std::size_t end = begin;
        while (end < list.size() && same_subject(list[begin], list[end])) {
            ++end;
        }
        return end;
    };
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < old.size() || j < fresh.size()) {
        if (j == fresh.size() || (i < old.size() && less_subject(old[i], fresh[j]))) {
            ++report.removed;
            i = group_end(old, i);
        } else if (i == old.size() || less_subject(fresh[j], old[i])) {
            ++report.added;
            j = group_end(fresh, j);
        } else {
            const std::size_t i_end = group_end(old, i);
            const std::size_t j_end = group_end(fresh, j);
            const bool same = std::equal(old.begin() + static_cast<std::ptrdiff_t>(i),
                                         old.begin() + static_cast<std::ptrdiff_t>(i_end),
                                         fresh.begin() + static_cast<std::ptrdiff_t>(j),
                                         fresh.begin() + static_cast<std::ptrdiff_t>(j_end));
            ++(same ? report.unchanged : report.changed);
            i = i_end;
            j = j_end;
        }
    }
}

Coverage coverage_of(const EntryList& list) {
    Coverage total;
    for (const Ipv4Entry& entry : list.ipv4) {
        total += coverage(Subject{entry.range});
    }
    for (const Ipv6Entry& entry : list.ipv6) {
        total += coverage(Subject{entry.range});
    }
    return total += Coverage{0, list.names.size()};
}

// One data set of the feed: what its layer holds and what it is to hold.
struct DataSet {
    LayerId layer = kOwnLayer;
    EntryList old, fresh;
};

std::size_t entries_in(const std::vector<DataSet>& data_sets, EntryList DataSet::*which) {
    std::size_t total = 0;
    for (const DataSet& data_set : data_sets) {
        total += (data_set.*which).size();
    }
    return total;
}

// Addresses and names covered, as far as limits on steps look at them. Overlaps count twice.
double covered(const std::vector<DataSet>& data_sets, EntryList DataSet::*which) {
    Coverage total;
    for (const DataSet& data_set : data_sets) {
        total += coverage_of(data_set.*which);
    }
    return static_cast<double>(total.addresses) + static_cast<double>(total.names);
}

template <class A>
std::optional<std::string> too_wide(const config::ProtectSettings& protect,
                                    const std::vector<Entry<A>>& entries, int width) {
    const Breadth limit = breadth_of(net::prefix(A{0}, width));
    for (const Entry<A>& entry : entries) {
        if (breadth_of(entry.range) > limit &&
            never_overlap(protect, Subject{entry.range}) != NeverOverlap::Wholly) {
            return net::to_string(entry.range);
        }
    }
    return std::nullopt;
}

Result<Done> check_step(const config::Settings& settings, const std::string& feed,
                        const std::vector<DataSet>& data_sets) {
    const config::FeedSettings defaults;
    const config::FeedSettings* configured = settings_of(settings, feed);
    const config::FeedSettings& limits = configured == nullptr ? defaults : *configured;
    for (const DataSet& data_set : data_sets) {
        for (const auto& wide :
             {too_wide(settings.protect, data_set.fresh.ipv4, limits.max_width_ipv4),
              too_wide(settings.protect, data_set.fresh.ipv6, limits.max_width_ipv6)}) {
            if (wide) {
                return refuse(feed, fmt::format("{} is wider than max_width allows", *wide));
            }
        }
    }
    if (entries_in(data_sets, &DataSet::old) == 0) {
        return Done{};
    }
    constexpr auto kOld = &DataSet::old;
    constexpr auto kFresh = &DataSet::fresh;
    for (const auto& [before, after, what] :
         {std::tuple{static_cast<double>(entries_in(data_sets, kOld)),
                     static_cast<double>(entries_in(data_sets, kFresh)), "entries"},
          std::tuple{covered(data_sets, kOld), covered(data_sets, kFresh),
                     "addresses and names"}}) {
        if (after < before * (1 - limits.max_shrink)) {
            return refuse(
                feed,
                fmt::format(
                    "it would shrink from {:.0f} to {:.0f} {}, more than max_shrink ({:.0f} %)",
                    before, after, what, limits.max_shrink * 100));
        }
        if (after > before * (1 + limits.max_growth)) {
            return refuse(
                feed, fmt::format(
                          "it would grow from {:.0f} to {:.0f} {}, more than max_growth ({:.0f} %)",
                          before, after, what, limits.max_growth * 100));
        }
    }
    return Done{};
}

std::unordered_set<std::uint32_t> values_in(const EntryList& list) {
    std::unordered_set<std::uint32_t> values;
    const auto collect = [&](const auto& entries) {
        for (const auto& entry : entries) {
            values.insert(entry.value);
        }
    };
    collect(list.ipv4);
    collect(list.ipv6);
    collect(list.names);
    return values;
}

// The feed as it is after this import: configured ones as configured, others as the command line
// says.
Feed feed_after(const Catalogue& catalogue, const Import& import, bool is_configured) {
    const Feed* known = catalogue.feed(import.source);
    Feed feed = known == nullptr ? Feed{} : *known;
    feed.name = import.source;
    if (!is_configured) {
        if (!import.listing_class.empty()) {
            feed.listing_class = import.listing_class;
        }
        if (import.code) {
            feed.code = import.code;
        }
    }
    return feed;
}

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
    }
}

// Turns what lines say into values of the feed's layers, each when it is first met.
class StatementValues {
public:
    StatementValues(ChangeSet& change, const Import& import, bool is_configured)
        : change_(change),
          import_(import),
          is_configured_(is_configured),
          writer_(change.transaction()),
          ids_(import.list.statements.size()) {}

    std::uint32_t id_of(std::uint32_t statement, LayerId layer) {
        if (ids_[statement] == 0) {
            ids_[statement] = writer_.id_of(value_of(import_.list.statements[statement], layer));
        }
        return ids_[statement];
    }

private:
    Value value_of(const Statement& said, LayerId layer) {
        // A local feed's class and code are the feed's own; a configured feed keeps what its
        // settings say.
        const std::string& named = said.listing_class.empty() && is_configured_
                                       ? import_.listing_class
                                       : said.listing_class;
        Value value;
        value.layer = layer;
        value.listing_class = named.empty()
                                  ? kFeedsClass
                                  : change_.catalogue().add_class(change_.transaction(), named);
        value.code =
            said.code.value_or(is_configured_ ? import_.code.value_or(net::Ipv4{}) : net::Ipv4{});
        const auto until = said.until ? said.until : import_.expiry.until;
        value.until_seconds = until ? until->seconds : 0;
        value.is_exception = said.is_exception;
        value.text =
            said.reason.empty() ? std::string_view{import_.reason} : std::string_view{said.reason};
        return value;
    }

    ChangeSet& change_;
    const Import& import_;
    bool is_configured_;
    ValueWriter writer_;
    std::vector<std::uint32_t> ids_;  // by statement; 0: not met yet
};

// What the layers of the feed are to hold: one for each data set that the list has entries of, and
// with `replace` every other one too, empty.
std::vector<DataSet> data_sets_of(ChangeSet& change, const Import& import, bool is_configured) {
    std::vector<DataSet> data_sets;
    std::vector<std::size_t> position(import.list.data_sets.size(), SIZE_MAX);
    const auto data_set_of = [&](std::uint32_t label) -> DataSet& {
        if (position[label] == SIZE_MAX) {
            position[label] = data_sets.size();
            data_sets.emplace_back().layer = change.catalogue().add_layer(
                change.transaction(), import.source, import.list.data_sets[label]);
        }
        return data_sets[position[label]];
    };
    StatementValues values{change, import, is_configured};
    const ImportList& list = import.list;
    list.for_each([&](const auto& entry) {
        DataSet& data_set = data_set_of(list.statements[entry.statement].data_set);
        data_set.fresh.add(entry.subject, values.id_of(entry.statement, data_set.layer));
    });
    for (const Layer& layer : change.catalogue().layers()) {
        const bool is_there =
            std::any_of(data_sets.begin(), data_sets.end(),
                        [&](const DataSet& data_set) { return data_set.layer == layer.id; });
        if (import.replace && layer.feed == import.source && !is_there) {
            data_sets.emplace_back().layer = layer.id;
        }
    }
    for (DataSet& data_set : data_sets) {
        data_set.fresh.sort();
        data_set.old = load_entries(change.transaction(), data_set.layer);
        if (!import.replace) {
            keep_others(data_set.old.ipv4, data_set.fresh.ipv4);
            keep_others(data_set.old.ipv6, data_set.fresh.ipv6);
            keep_others(data_set.old.names, data_set.fresh.names);
        }
    }
    return data_sets;
}

// Writes what differs in one data set; returns how much it covers.
Coverage write_data_set(ChangeSet& change, const DataSet& data_set) {
    const EntryList added = difference(data_set.fresh, data_set.old);
    const EntryList removed = difference(data_set.old, data_set.fresh);
    change.change_entries(data_set.layer, removed, added);
    ValueWriter values{change.transaction()};
    const auto used = values_in(data_set.fresh);
    for (const std::uint32_t value : values_in(removed)) {
        if (!used.contains(value)) {
            values.remove(value);
        }
    }
    return coverage_of(added) += coverage_of(removed);
}

}  // namespace

void adopt_feed_settings(ChangeSet& change, const config::Settings& settings) {
    if (settings.file.empty()) {
        return;  // no configuration says nothing about feeds
    }
    for (const config::FeedSettings& configured : settings.feeds) {
        const Feed* known = change.catalogue().feed(configured.name);
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
        change.catalogue().add_class(change.transaction(), feed.listing_class);
        put_settings(change, feed);
    }
    const auto feeds = change.catalogue().feeds();
    for (const auto& [name, feed] : feeds) {
        if (feed.is_configured && settings_of(settings, name) == nullptr) {
            Feed gone = feed;
            gone.is_configured = false;
            put_settings(change, gone);
        }
    }
}

Result<ImportReport> import_feed(ChangeSet& change, const config::Settings& settings,
                                 const Import& import, ImportReport&& report) {
    if (auto named = check_name(settings, import.source); !named) {
        return Unexpected{named.error()};
    }
    const bool is_configured = settings_of(settings, import.source) != nullptr;
    Feed feed = feed_after(change.catalogue(), import, is_configured);
    change.catalogue().add_class(change.transaction(), feed.listing_class);
    put_settings(change, feed);
    const std::vector<DataSet> data_sets = data_sets_of(change, import, is_configured);
    if (import.replace && !import.confirmed) {
        if (auto step = check_step(settings, feed.name, data_sets); !step) {
            return Unexpected{step.error()};
        }
    }
    for (const DataSet& data_set : data_sets) {
        count_changes(data_set.old.ipv4, data_set.fresh.ipv4, report);
        count_changes(data_set.old.ipv6, data_set.fresh.ipv6, report);
        count_changes(data_set.old.names, data_set.fresh.names, report);
    }
    if (import.dry_run) {
        return std::move(report);
    }
    Coverage total;
    for (const DataSet& data_set : data_sets) {
        total += write_data_set(change, data_set);
    }
    feed.entries = feed.entries + entries_in(data_sets, &DataSet::fresh) -
                   entries_in(data_sets, &DataSet::old);
    feed.last_success = change.author().at;
    change.catalogue().put_feed(change.transaction(), feed);
    if (!change.has_changes()) {
        if (auto kept = change.finish_unchanged(); !kept) {
            return Unexpected{kept.error()};
        }
        return std::move(report);
    }
    change.tell("", feed.listing_class,
                fmt::format("feed {}: {} added, {} changed, {} removed, {} unchanged", feed.name,
                            report.added, report.changed, report.removed, report.unchanged),
                import.reason);
    if (import.progress) {
        import.progress("indexing", 0, 0);
    }
    auto id = change.finish(total);
    if (!id) {
        return Unexpected{id.error()};
    }
    report.change = *id;
    return std::move(report);
}

}  // namespace ostrakon::policy
