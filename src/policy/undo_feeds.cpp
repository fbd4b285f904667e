// The half of an undo that concerns entries of feeds.
#include "canaries.hpp"
#include "origin_guard.hpp"
#include "ostrakon/policy/values.hpp"
#include "undo_parts.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <unordered_set>

namespace ostrakon::policy {
namespace {

template <class A>
const net::Range<A>& subject_of(const Entry<A>& entry) {
    return entry.range;
}
std::pair<std::string_view, NameScope> subject_of(const NameEntry& entry) {
    return {entry.key, entry.scope};
}

template <class E>
bool is_before(const E& a, const E& b) {
    return subject_of(a) < subject_of(b);
}

// Gives the entries that come back the numbers of their values, which may be other ones by now.
class ValueReturn {
public:
    ValueReturn(ChangeSet& change, const EntriesImage& image)
        : writer_(change.transaction()), layer_(image.layer) {
        records_.insert(image.values.begin(), image.values.end());
    }
    std::optional<std::uint32_t> number_of(std::uint32_t old) {
        const auto known = numbers_.find(old);
        if (known != numbers_.end()) {
            return known->second;
        }
        const auto record = records_.find(old);
        const auto number =
            record == records_.end() ? std::nullopt : writer_.restore(layer_, record->second);
        numbers_.emplace(old, number);
        return number;
    }
    void finish() { writer_.finish(); }

private:
    ValueWriter writer_;
    LayerId layer_;
    std::map<std::uint32_t, std::string> records_;
    std::map<std::uint32_t, std::optional<std::uint32_t>> numbers_;
};

// What is to happen to a layer now.
struct LayerChange {
    EntryList removed, added;
    std::uint64_t left = 0;  // subjects that stay as they are
};

// All entries of one subject in a sorted list.
template <class E>
std::vector<E> entries_of(const std::vector<E>& list, const E& subject) {
    const auto [begin, end] = std::equal_range(
        list.begin(), list.end(), subject, [](const E& a, const E& b) { return is_before(a, b); });
    return {begin, end};
}

template <class E>
void plan_subject(const std::vector<E>& present, std::vector<E>& wanted,
                  const std::vector<E>& unwanted, bool is_untouched, std::vector<E>& removed,
                  std::vector<E>& added, std::uint64_t& left) {
    std::sort(wanted.begin(), wanted.end());
    // Some of them may have ended by themselves; what came since is not among them.
    const bool is_as_left =
        std::includes(present.begin(), present.end(), unwanted.begin(), unwanted.end()) ||
        (!present.empty() &&
         std::includes(unwanted.begin(), unwanted.end(), present.begin(), present.end()));
    if (!is_untouched && (!is_as_left || (unwanted.empty() && !present.empty()))) {
        ++left;
        return;
    }
    std::set_intersection(present.begin(), present.end(), unwanted.begin(), unwanted.end(),
                          std::back_inserter(removed));
    std::set_difference(wanted.begin(), wanted.end(), present.begin(), present.end(),
                        std::back_inserter(added));
}

// `is_untouched`: nothing has changed the feed since.
template <class E>
void plan_list(const std::vector<E>& present, const std::vector<E>& was_removed,
               const std::vector<E>& was_added, bool is_untouched, ValueReturn& values,
               std::vector<E>& removed, std::vector<E>& added, std::uint64_t& left) {
    std::vector<E> subjects = was_removed;
    subjects.insert(subjects.end(), was_added.begin(), was_added.end());
    std::sort(subjects.begin(), subjects.end());
    subjects.erase(
        std::unique(subjects.begin(), subjects.end(),
                    [](const E& a, const E& b) { return subject_of(a) == subject_of(b); }),
        subjects.end());
    for (const E& subject : subjects) {
        std::vector<E> wanted;
        for (E entry : entries_of(was_removed, subject)) {
            if (const auto number = values.number_of(entry.value)) {
                entry.value = *number;
                wanted.push_back(std::move(entry));
            }
        }
        plan_subject(entries_of(present, subject), wanted, entries_of(was_added, subject),
                     is_untouched, removed, added, left);
    }
}

template <class E>
void collect_values(const std::vector<E>& entries, std::unordered_set<std::uint32_t>& values) {
    for (const E& entry : entries) {
        values.insert(entry.value);
    }
}

std::unordered_set<std::uint32_t> values_of(const EntryList& list) {
    std::unordered_set<std::uint32_t> values;
    collect_values(list.ipv4, values);
    collect_values(list.ipv6, values);
    collect_values(list.names, values);
    return values;
}

// Values that only entries had that are gone.
void remove_unused(ChangeSet& change, LayerId layer, const EntryList& removed) {
    const auto used = values_of(load_entries(change.transaction(), layer));
    ValueWriter writer{change.transaction()};
    for (const std::uint32_t value : values_of(removed)) {
        if (!used.contains(value)) {
            writer.remove(value);
        }
    }
}

Coverage covered_by(const EntryList& list) {
    Coverage total{0, list.name_count()};
    for (const Ipv4Entry& entry : list.ipv4) {
        total += coverage(Subject{entry.range});
    }
    for (const Ipv6Entry& entry : list.ipv6) {
        total += coverage(Subject{entry.range});
    }
    return total;
}

// Entries of a layer once the plan is carried out.
template <class E>
std::vector<E> carried_out(const std::vector<E>& present, const std::vector<E>& removed,
                           const std::vector<E>& added) {
    std::vector<E> left;
    std::set_difference(present.begin(), present.end(), removed.begin(), removed.end(),
                        std::back_inserter(left));
    std::vector<E> after;
    std::set_union(left.begin(), left.end(), added.begin(), added.end(), std::back_inserter(after));
    return after;
}

void look_for_canaries(Undoing& undoing, const Feed& feed, const EntryList& present,
                       const LayerChange& plan) {
    const Canaries canaries{undoing.settings.protect};
    if (canaries.is_empty() || undoing.canary) {
        return;
    }
    const EntryList after{carried_out(present.ipv4, plan.removed.ipv4, plan.added.ipv4),
                          carried_out(present.ipv6, plan.removed.ipv6, plan.added.ipv6),
                          carried_out(present.names, plan.removed.names, plan.added.names)};
    const store::Transaction& transaction = undoing.change.transaction();
    const Catalogue& catalogue = undoing.change.catalogue();
    const auto lists = [&](std::uint32_t value) {
        return value_lists(transaction, catalogue, feed.listing_class, value);
    };
    undoing.canary = canaries.newly_listed(present, after, lists);
    if (!undoing.canary) {
        undoing.canary =
            canaries.newly_listed_by_origin(transaction, catalogue, present, after, lists);
    }
}

LayerChange plan_layer(Undoing& undoing, const Feed& feed, const EntriesImage& image,
                       bool is_untouched) {
    LayerChange plan;
    const EntryList present = load_entries(undoing.change.transaction(), image.layer);
    ValueReturn values{undoing.change, image};
    plan_list(present.ipv4, image.removed.ipv4, image.added.ipv4, is_untouched, values,
              plan.removed.ipv4, plan.added.ipv4, plan.left);
    plan_list(present.ipv6, image.removed.ipv6, image.added.ipv6, is_untouched, values,
              plan.removed.ipv6, plan.added.ipv6, plan.left);
    plan_list(present.names, image.removed.names, image.added.names, is_untouched, values,
              plan.removed.names, plan.added.names, plan.left);
    values.finish();
    plan.removed.sort();
    plan.added.sort();
    look_for_canaries(undoing, feed, present, plan);
    return plan;
}

// Class and code of a feed that no configuration knows come from its imports.
void bring_back_settings(Feed& feed, const FeedImage& image) {
    const auto after = decode_feed(image.name, image.after);
    if (feed.is_configured || !after || feed.listing_class != after->listing_class ||
        feed.code != after->code) {
        return;
    }
    const auto before = image.before.empty() ? Feed{} : decode_feed(image.name, image.before);
    if (before) {
        feed.listing_class = before->listing_class;
        feed.code = before->code;
    }
}

void undo_feed(Undoing& undoing, const FeedImage& image) {
    const Feed* present = undoing.change.catalogue().feed(image.name);
    if (present == nullptr) {
        undoing.leave("feed " + image.name, "it is no longer there");
        return;
    }
    Feed feed = *present;
    const auto after = decode_feed(image.name, image.after);
    const bool is_untouched = after && after->entries_changed == feed.entries_changed;
    undoing.change.remember_feed(image.name);
    std::uint64_t added = 0;
    std::uint64_t removed = 0;
    std::uint64_t left = 0;
    for (const EntriesImage& entries : undoing.inverse.entries) {
        const Layer* layer = undoing.change.catalogue().layer(entries.layer);
        if (layer == nullptr || layer->feed != image.name) {
            continue;
        }
        const LayerChange plan = plan_layer(undoing, feed, entries, is_untouched);
        undoing.change.change_entries(entries.layer, plan.removed, plan.added);
        remove_unused(undoing.change, entries.layer, plan.removed);
        undoing.report.coverage += covered_by(plan.removed);
        undoing.report.coverage += covered_by(plan.added);
        undoing.report.coverage += coverage_of_origins(undoing.change, plan.removed, plan.added);
        added += plan.added.size();
        removed += plan.removed.size();
        left += plan.left;
    }
    if (added + removed > 0) {
        feed.entries = feed.entries + added - std::min(removed, feed.entries + added);
        feed.entries_changed = undoing.change.transaction().id();
    }
    bring_back_settings(feed, image);
    undoing.change.catalogue().put_feed(undoing.change.transaction(), feed);
    undoing.left += left;
    std::string what = fmt::format("feed {}: {} entries back, {} gone", image.name, added, removed);
    if (left > 0) {
        what += fmt::format("; {} were changed since and stay", left);
    }
    undoing.report.notes.push_back(what);
    if (added > 0 && !feed.is_served()) {
        undoing.report.notes.push_back(fmt::format(
            "feed {} is not configured, so that none of its entries is served", image.name));
    }
    if (added + removed > 0) {
        undoing.change.tell("", feed.listing_class, what, undoing.reason);
    }
}

}  // namespace

void undo_feeds(Undoing& undoing) {
    for (const FeedImage& image : undoing.inverse.feeds) {
        undo_feed(undoing, image);
    }
}

}  // namespace ostrakon::policy
