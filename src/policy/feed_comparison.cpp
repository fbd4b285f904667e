#include "feed_comparison.hpp"

#include "canaries.hpp"
#include "feed_limits.hpp"
#include "feed_settings.hpp"
#include "listing_values.hpp"
#include "ostrakon/policy/guard.hpp"
#include "ostrakon/policy/verdict_set.hpp"
#include "ostrakon/store/meta.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <iterator>
#include <tuple>
#include <unordered_set>

namespace ostrakon::policy {
namespace {

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

// Walks over both sorted lists, counts what became of each subject, and finds what differs. May
// take from `fresh`.
template <class E>
void find_changes(const std::vector<E>& old, std::vector<E>& fresh, std::vector<E>& removed,
                  std::vector<E>& added, FeedComparison& counts) {
    const auto group_end = [](const std::vector<E>& list, std::size_t begin) {
        std::size_t end = begin + 1;
        while (end < list.size() && same_subject(list[begin], list[end])) {
            ++end;
        }
        return end;
    };
    const auto at = [](const std::vector<E>& list, std::size_t i) {
        return list.begin() + static_cast<std::ptrdiff_t>(i);
    };
    if (old.empty()) {
        for (std::size_t i = 0; i < fresh.size(); i = group_end(fresh, i)) {
            ++counts.added;
        }
        added = std::move(fresh);
        return;
    }
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < old.size() || j < fresh.size()) {
        const bool only_old =
            j == fresh.size() || (i < old.size() && less_subject(old[i], fresh[j]));
        const bool only_fresh = !only_old && (i == old.size() || less_subject(fresh[j], old[i]));
        const std::size_t i_end = only_fresh ? i : group_end(old, i);
        const std::size_t j_end = only_old ? j : group_end(fresh, j);
        if (std::equal(at(old, i), at(old, i_end), at(fresh, j), at(fresh, j_end))) {
            ++counts.unchanged;
        } else {
            std::set_difference(at(old, i), at(old, i_end), at(fresh, j), at(fresh, j_end),
                                std::back_inserter(removed));
            std::set_difference(at(fresh, j), at(fresh, j_end), at(old, i), at(old, i_end),
                                std::back_inserter(added));
            ++(only_old ? counts.removed : only_fresh ? counts.added : counts.changed);
        }
        i = i_end;
        j = j_end;
    }
}

// Adds the values of the entries to a set; neighbours most often have the same.
template <class E>
void add_values(const std::vector<E>& entries, std::unordered_set<std::uint32_t>& values) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (i == 0 || entries[i].value != entries[i - 1].value) {
            values.insert(entries[i].value);
        }
    }
}

std::unordered_set<std::uint32_t> values_in(const EntryList& list) {
    std::unordered_set<std::uint32_t> values;
    add_values(list.ipv4, values);
    add_values(list.ipv6, values);
    add_values(list.names, values);
    return values;
}

std::optional<LayerId> layer_of(const Catalogue& catalogue, const std::string& feed,
                                const std::string& label) {
    for (const Layer& layer : catalogue.layers()) {
        if (layer.feed == feed && layer.label == label) {
            return layer.id;
        }
    }
    return std::nullopt;
}

// The data sets that the list has entries of, with these entries.
std::vector<DataSet> listed_data_sets(const Catalogue& catalogue, const Import& import,
                                      ValueNumbers& values) {
    constexpr std::size_t kNotMet = SIZE_MAX;
    std::vector<DataSet> data_sets;
    std::vector<std::size_t> positions(import.list.data_sets.size(), kNotMet);
    const ImportList& list = import.list;
    list.for_each([&](const auto& entry) {
        const std::uint32_t index = list.statements[entry.statement].data_set;
        if (positions[index] == kNotMet) {
            positions[index] = data_sets.size();
            const std::string& label = list.data_sets[index];
            data_sets.push_back({label, layer_of(catalogue, import.source, label), {}, {}});
            if (list.data_sets.size() == 1) {
                data_sets.back().fresh.reserve(list.ipv4.size(), list.ipv6.size(),
                                               list.names.size() + list.mails.size());
            }
        }
        DataSet& data_set = data_sets[positions[index]];
        data_set.fresh.add_of_feed(
            Subject{entry.subject},
            values.number_of(entry.statement, positions[index], data_set.layer));
    });
    return data_sets;
}

// With `replace`, what else the feed has is to be empty.
void add_emptied(const Catalogue& catalogue, const std::string& feed,
                 std::vector<DataSet>& data_sets) {
    for (const Layer& layer : catalogue.layers()) {
        const bool is_there =
            std::any_of(data_sets.begin(), data_sets.end(),
                        [&](const DataSet& data_set) { return data_set.label == layer.label; });
        if (layer.feed == feed && !is_there) {
            data_sets.push_back({layer.label, layer.id, {}, {}});
        }
    }
}

DataSetChange change_of(DataSet&& data_set, FeedComparison& counts) {
    DataSetChange change;
    change.label = std::move(data_set.label);
    change.layer = data_set.layer;
    const std::size_t old_size = data_set.old.size();
    const std::size_t fresh_size = data_set.fresh.size();
    counts.entries_before += old_size;
    counts.entries_after += fresh_size;
    find_changes(data_set.old.ipv4, data_set.fresh.ipv4, change.removed.ipv4, change.added.ipv4,
                 counts);
    find_changes(data_set.old.ipv6, data_set.fresh.ipv6, change.removed.ipv6, change.added.ipv6,
                 counts);
    find_changes(data_set.old.names, data_set.fresh.names, change.removed.names, change.added.names,
                 counts);
    if (change.removed.size() > 0) {
        auto used = values_in(data_set.fresh);
        used.merge(values_in(change.added));  // what find_changes took from `fresh`
        for (const std::uint32_t value : values_in(change.removed)) {
            if (!used.contains(value)) {
                change.values_gone.push_back(value);
            }
        }
    }
    change.coverage = coverage_of(change.added);
    change.coverage += coverage_of(change.removed);
    return change;
}

}  // namespace

Result<FeedComparison> compare_with_feed(const store::Transaction* transaction,
                                         const config::Settings& settings, const Import& import) {
    FeedComparison comparison;
    const Catalogue catalogue =
        transaction == nullptr ? Catalogue{} : Catalogue::load(*transaction);
    if (catalogue.map(import.source) != nullptr) {
        return Unexpected{Error{ErrorCode::Usage, "feed " + import.source,
                                "there is a map of that name",
                                "name the feed otherwise with --source"}};
    }
    if (transaction != nullptr) {
        comparison.feed_record =
            transaction->get(store::Table::Feeds, import.source).value_or(std::string_view{});
        comparison.epoch = store::meta_number(*transaction, store::meta_key::kEpoch);
    }
    comparison.defaults = entry_defaults(settings, catalogue, import);
    ValueNumbers values{transaction, catalogue, import, comparison.defaults};
    std::vector<DataSet> data_sets = listed_data_sets(catalogue, import, values);
    comparison.new_values = values.take_new();
    comparison.first_new_value = values.first_new();
    if (import.replace) {
        add_emptied(catalogue, import.source, data_sets);
    }
    for (DataSet& data_set : data_sets) {
        data_set.fresh.sort();
        if (transaction != nullptr && data_set.layer) {
            data_set.old = load_entries(*transaction, *data_set.layer);
        }
        if (!import.replace) {
            keep_others(data_set.old.ipv4, data_set.fresh.ipv4);
            keep_others(data_set.old.ipv6, data_set.fresh.ipv6);
            keep_others(data_set.old.names, data_set.fresh.names);
        }
    }
    if (import.replace && !import.confirmed) {
        if (auto step = check_step(settings, import, data_sets); !step) {
            return Unexpected{step.error()};
        }
    }
    if (auto covered = check_covered(settings.protect, import, data_sets); !covered) {
        return Unexpected{covered.error()};
    }
    if (const Canaries canaries{settings.protect}; !canaries.is_empty() && !import.confirmed) {
        const ListingValues lists{transaction, catalogue, settings, import, comparison};
        for (const DataSet& data_set : data_sets) {
            auto canary = canaries.newly_listed(data_set.old, data_set.fresh, lists);
            if (!canary && transaction != nullptr) {
                canary = canaries.newly_listed_by_origin(*transaction, catalogue, data_set.old,
                                                         data_set.fresh, lists);
            }
            if (canary) {
                return refuse_step(import.source,
                                   fmt::format("it would list {} of [protect] canaries", *canary));
            }
        }
    }
    for (DataSet& data_set : data_sets) {
        comparison.data_sets.push_back(change_of(std::move(data_set), comparison));
    }
    return comparison;
}

bool is_current(const FeedComparison& comparison, const store::Transaction& transaction,
                const std::string& feed) {
    return comparison.epoch == store::meta_number(transaction, store::meta_key::kEpoch) &&
           comparison.feed_record ==
               transaction.get(store::Table::Feeds, feed).value_or(std::string_view{});
}

}  // namespace ostrakon::policy
