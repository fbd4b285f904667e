// The filter of the name index by its definition, from a plain set of the names that have a node.
#pragma once

#include "ostrakon/store/ipv4_bucket.hpp"
#include "ostrakon/store/name_filter.hpp"
#include "ostrakon/store/transaction.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostrakon::test {

/// Each name as its labels from the right, each behind its length byte.
using NameKeys = std::set<std::string, std::less<>>;
/// The entries of each bucket, ascending.
using FilterContent = std::map<std::uint32_t, std::vector<std::uint16_t>>;

/// The names above one, the nearest last.
inline std::vector<std::string> names_above(std::string_view key) {
    std::vector<std::string> above;
    for (std::size_t at = static_cast<unsigned char>(key[0]) + 1U; at < key.size();
         at += static_cast<unsigned char>(key[at]) + 1U) {
        above.emplace_back(key.substr(0, at));
    }
    return above;
}

inline FilterContent filter_of(const NameKeys& nodes) {
    NameKeys with_one_below;
    for (const std::string& node : nodes) {
        for (std::string& above : names_above(node)) {
            with_one_below.insert(std::move(above));
        }
    }
    std::map<std::uint32_t, std::multiset<std::uint16_t>> buckets;
    for (const auto& [names, fact] :
         {std::pair{&nodes, store::NameFact::Node}, {&with_one_below, store::NameFact::Below}}) {
        for (const std::string& name : *names) {
            const store::NameHashes hashes = store::hashes_of(name);
            if (hashes.is_whole) {
                const std::uint64_t hash = hashes.of[hashes.count - 1];
                buckets[store::filter_bucket(hash)].insert(store::filter_entry(hash, fact));
            }
        }
    }
    FilterContent content;
    for (const auto& [bucket, entries] : buckets) {
        content[bucket] = {entries.begin(), entries.end()};
    }
    return content;
}

/// What the database holds.
inline FilterContent stored_filter(const store::Transaction& transaction) {
    FilterContent content;
    store::Cursor cursor{transaction, store::Table::NameFilter};
    for (bool more = cursor.first(); more; more = cursor.next()) {
        content[store::load_raw<std::uint32_t>(cursor.key().data())] =
            store::decode_filter_bucket(cursor.value());
    }
    return content;
}

inline NameKeys stored_names(const store::Transaction& transaction) {
    NameKeys names;
    store::Cursor cursor{transaction, store::Table::IndexName};
    for (bool more = cursor.first(); more; more = cursor.next()) {
        names.emplace(cursor.key());
    }
    return names;
}

/// Whether the filter lets a name pass as one of which something may be found: false says that no
/// node is at, below or above it.
inline bool may_be_found(const store::Transaction& transaction, std::string_view key) {
    const store::NameHashes hashes = store::hashes_of(key);
    for (std::uint32_t i = 0; i < hashes.count; ++i) {
        const std::uint32_t bucket = store::filter_bucket(hashes.of[i]);
        const auto bytes = transaction.get(store::Table::NameFilter, store::bucket_key(bucket));
        if (!bytes) {
            continue;
        }
        const store::FilterBucket entries{bytes->data()};
        if (i + 1 == hashes.count ? entries.may_have_any(hashes.of[i])
                                  : entries.may_have_node(hashes.of[i])) {
            return true;
        }
    }
    return !hashes.is_whole;
}

}  // namespace ostrakon::test
