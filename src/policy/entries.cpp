#include "ostrakon/policy/entries.hpp"

#include <algorithm>
#include <map>

namespace ostrakon::policy {
namespace {

using store::Table;

template <class T>
void sort_unique(std::vector<T>& list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
}

// The level of the smallest block that holds the range whole.
template <class A>
int level_of(net::Range<A> range) {
    for (const int level : Packing<A>::kLevels) {
        if (net::prefix(range.first, level).contains(range)) {
            return level;
        }
    }
    return 0;
}

template <class A>
std::vector<Entry<A>> decode_entries(std::string_view bytes, int level, A block) {
    const std::size_t size = Packing<A>::entry_size(level);
    std::vector<Entry<A>> entries;
    entries.reserve(bytes.size() / size);
    for (std::size_t at = 0; at + size <= bytes.size(); at += size) {
        entries.push_back(Packing<A>::load(bytes.data() + at, level, block));
    }
    return entries;
}

template <class A>
A block_of_key(std::string_view key) {
    A block;
    for (const char c : key.substr(5)) {
        block.bits = static_cast<typename A::Bits>(block.bits << 8 | static_cast<unsigned char>(c));
    }
    return block;
}

// What is taken from and put into one block.
template <class A>
struct BlockEdit {
    std::vector<Entry<A>> removed, added;
};

template <class A>
using BlockEdits = std::map<std::pair<int, A>, BlockEdit<A>>;

template <class A>
void apply(store::WriteTransaction& transaction, LayerId layer, const BlockEdits<A>& edits) {
    for (const auto& [where, edit] : edits) {
        const auto& [level, block] = where;
        const BlockKey<A> key{layer, level, block};
        const auto bytes = transaction.get(Packing<A>::kTable, key.view());
        const std::vector<Entry<A>> before =
            bytes ? decode_entries<A>(*bytes, level, block) : std::vector<Entry<A>>{};
        std::vector<Entry<A>> kept;
        std::set_difference(before.begin(), before.end(), edit.removed.begin(), edit.removed.end(),
                            std::back_inserter(kept));
        std::vector<Entry<A>> after;
        std::set_union(kept.begin(), kept.end(), edit.added.begin(), edit.added.end(),
                       std::back_inserter(after));
        if (after.empty()) {
            transaction.erase(Packing<A>::kTable, key.view());
            continue;
        }
        std::string packed;
        packed.reserve(after.size() * Packing<A>::entry_size(level));
        for (const Entry<A>& entry : after) {
            Packing<A>::append(packed, entry, level);
        }
        transaction.put(Packing<A>::kTable, key.view(), packed);
    }
}

template <class A>
void edit_addresses(store::WriteTransaction& transaction, LayerId layer,
                    const std::vector<Entry<A>>& removed, const std::vector<Entry<A>>& added) {
    BlockEdits<A> edits;
    const auto block_of = [&edits](const Entry<A>& entry) -> BlockEdit<A>& {
        const int level = level_of(entry.range);
        return edits[{level, net::prefix(entry.range.first, level).first}];
    };
    for (const Entry<A>& entry : removed) {
        block_of(entry).removed.push_back(entry);
    }
    for (const Entry<A>& entry : added) {
        block_of(entry).added.push_back(entry);
    }
    apply<A>(transaction, layer, edits);
}

using NameValue = std::pair<NameScope, std::uint32_t>;

void edit_names(store::WriteTransaction& transaction, LayerId layer,
                const std::vector<NameEntry>& removed, const std::vector<NameEntry>& added) {
    std::map<std::string_view, std::pair<std::vector<NameValue>, std::vector<NameValue>>> edits;
    for (const NameEntry& entry : removed) {
        edits[entry.key].first.emplace_back(entry.scope, entry.value);
    }
    for (const NameEntry& entry : added) {
        edits[entry.key].second.emplace_back(entry.scope, entry.value);
    }
    for (const auto& [reversed, edit] : edits) {
        const std::string key = name_entry_key(layer, reversed);
        std::vector<NameValue> before;
        if (const auto bytes = transaction.get(Table::EntriesName, key)) {
            for_each_name_entry(*bytes, [&](NameScope scope, std::uint32_t value) {
                before.emplace_back(scope, value);
            });
        }
        std::vector<NameValue> kept;
        std::set_difference(before.begin(), before.end(), edit.first.begin(), edit.first.end(),
                            std::back_inserter(kept));
        std::vector<NameValue> after;
        std::set_union(kept.begin(), kept.end(), edit.second.begin(), edit.second.end(),
                       std::back_inserter(after));
        if (after.empty()) {
            transaction.erase(Table::EntriesName, key);
            continue;
        }
        std::string packed;
        for (const auto& [scope, value] : after) {
            store::append_raw(packed, scope);
            store::append_raw(packed, value);
        }
        transaction.put(Table::EntriesName, key, packed);
    }
}

}  // namespace

void EntryList::add(const Subject& subject, std::uint32_t value) {
    if (const auto* v4 = std::get_if<net::Ipv4Range>(&subject)) {
        ipv4.push_back({*v4, value});
    } else if (const auto* v6 = std::get_if<net::Ipv6Range>(&subject)) {
        ipv6.push_back({*v6, value});
    } else {
        const auto& name = std::get<NameSubject>(subject);
        names.push_back({dns::reversed_key(name.name), name.scope, value});
    }
}

void EntryList::sort() {
    sort_unique(ipv4);
    sort_unique(ipv6);
    sort_unique(names);
}

template <class A>
void collect_entries(const store::Transaction& transaction, LayerId layer, net::Range<A> window,
                     std::vector<Entry<A>>& found) {
    store::Cursor cursor{transaction, Packing<A>::kTable};
    for (const int level : Packing<A>::kLevels) {
        const BlockKey<A> first{layer, level, net::prefix(window.first, level).first};
        const BlockKey<A> last{layer, level, net::prefix(window.last, level).first};
        for (bool more = cursor.seek(first.view()); more && cursor.key() <= last.view();
             more = cursor.next()) {
            const A block = block_of_key<A>(cursor.key());
            const std::size_t size = Packing<A>::entry_size(level);
            const std::string_view bytes = cursor.value();
            for (std::size_t at = 0; at + size <= bytes.size(); at += size) {
                const Entry<A> entry = Packing<A>::load(bytes.data() + at, level, block);
                if (entry.range.overlaps(window)) {
                    found.push_back(entry);
                }
            }
        }
    }
}
template void collect_entries(const store::Transaction&, LayerId, net::Ipv4Range,
                              std::vector<Ipv4Entry>&);
template void collect_entries(const store::Transaction&, LayerId, net::Ipv6Range,
                              std::vector<Ipv6Entry>&);

std::string name_entry_key(LayerId layer, std::string_view reversed_key) {
    std::string key;
    store::append_big_endian(key, layer);
    key += reversed_key;
    return key;
}

EntryList load_entries(const store::Transaction& transaction, LayerId layer) {
    EntryList list;
    collect_entries(transaction, layer, net::everything<net::Ipv4>(), list.ipv4);
    collect_entries(transaction, layer, net::everything<net::Ipv6>(), list.ipv6);
    const std::string prefix = name_entry_key(layer, "");
    store::Cursor cursor{transaction, Table::EntriesName};
    for (bool more = cursor.seek(prefix); more && cursor.key().starts_with(prefix);
         more = cursor.next()) {
        const std::string_view key = cursor.key().substr(prefix.size());
        for_each_name_entry(cursor.value(), [&](NameScope scope, std::uint32_t value) {
            list.names.push_back({std::string{key}, scope, value});
        });
    }
    list.sort();
    return list;
}

void edit_entries(store::WriteTransaction& transaction, LayerId layer, const EntryList& removed,
                  const EntryList& added) {
    edit_addresses(transaction, layer, removed.ipv4, added.ipv4);
    edit_addresses(transaction, layer, removed.ipv6, added.ipv6);
    edit_names(transaction, layer, removed.names, added.names);
}

}  // namespace ostrakon::policy
