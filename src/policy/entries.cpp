#include "ostrakon/policy/entries.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <type_traits>

namespace ostrakon::policy {
namespace {

using store::Table;

template <class T>
void sort_unique(std::vector<T>& list) {
    if (!std::is_sorted(list.begin(), list.end())) {
        std::sort(list.begin(), list.end());
    }
    list.erase(std::unique(list.begin(), list.end()), list.end());
}

// The level of the smallest block that holds the range whole.
template <class A>
int level_of(net::Range<A> range) {
    const auto difference = static_cast<typename A::Bits>(range.first.bits ^ range.last.bits);
    for (const int level : Packing<A>::kLevels) {
        if (level == 0 || difference >> (A::kWidth - level) == 0) {
            return level;
        }
    }
    return 0;
}

template <class A>
std::vector<Entry<A>> decode_entries(std::string_view bytes, int level, A block) {
    std::vector<Entry<A>> entries;
    for_each_in_block(bytes, level, block,
                      [&](const Entry<A>& entry) { entries.push_back(entry); });
    if (!std::is_sorted(entries.begin(), entries.end())) {
        std::sort(entries.begin(), entries.end());
    }
    return entries;
}

// Writes the entries of one value.
void append_group(std::string& out, std::span<const Ipv4Entry> entries) {
    const auto is_single = [](const Ipv4Entry& entry) {
        return entry.range.first == entry.range.last;
    };
    const auto singles = std::count_if(entries.begin(), entries.end(), is_single);
    store::append_raw(out, entries.front().value);
    store::append_raw(out, static_cast<std::uint16_t>(singles));
    store::append_raw(
        out, static_cast<std::uint16_t>(static_cast<std::ptrdiff_t>(entries.size()) - singles));
    for (const Ipv4Entry& entry : entries) {
        if (is_single(entry)) {
            store::append_raw(out, static_cast<std::uint16_t>(entry.range.first.bits));
        }
    }
    for (const Ipv4Entry& entry : entries) {
        if (!is_single(entry)) {
            store::append_raw(out, static_cast<std::uint16_t>(entry.range.first.bits));
            store::append_raw(out, static_cast<std::uint16_t>(entry.range.last.bits));
        }
    }
}

// Entries of a group that can be counted in 16 bits; what is more becomes another group.
constexpr std::size_t kGroupSizeMax = 65535;

std::string pack_groups(std::vector<Ipv4Entry>& entries) {
    const auto by_value = [](const Ipv4Entry& a, const Ipv4Entry& b) { return a.value < b.value; };
    if (!std::is_sorted(entries.begin(), entries.end(), by_value)) {
        std::stable_sort(entries.begin(), entries.end(), by_value);
    }
    std::string packed;
    packed.reserve(EntryGroup::kHeaderSize + 4 * entries.size());
    for (auto group = entries.begin(); group != entries.end();) {
        auto next = std::upper_bound(group, entries.end(), *group, by_value);
        next = std::min(next, group + std::min<std::ptrdiff_t>(kGroupSizeMax, next - group));
        append_group(packed, {group, next});
        group = next;
    }
    return packed;
}

// Packs entries of one block, which are sorted; may sort them anew.
template <class A>
std::string pack(std::vector<Entry<A>>& entries, int level) {
    if constexpr (std::is_same_v<A, net::Ipv4>) {
        if (level == Packing<A>::kGroupedLevel) {
            return pack_groups(entries);
        }
    }
    std::string packed;
    packed.reserve(entries.size() * Packing<A>::kEntrySize);
    for (const Entry<A>& entry : entries) {
        Packing<A>::append(packed, entry);
    }
    return packed;
}

template <class A>
A block_of_key(std::string_view key) {
    A block;
    for (const char c : key.substr(5)) {
        block.bits = static_cast<typename A::Bits>(block.bits << 8 | static_cast<unsigned char>(c));
    }
    return block;
}

// Gives sorted entries block by block, as far as they lie in blocks of one level.
template <class A>
class Blocks {
public:
    Blocks(const std::vector<Entry<A>>& entries, int level) : entries_(entries), level_(level) {
        skip();
    }
    bool has_next() const { return at_ < entries_.size(); }
    A next() const { return block_of(entries_[at_]); }
    /// The entries of this block, which are next or not there.
    void take(A block, std::vector<Entry<A>>& taken) {
        taken.clear();
        for (; has_next() && next() == block; skip()) {
            taken.push_back(entries_[at_++]);
        }
    }

private:
    A block_of(const Entry<A>& entry) const { return net::prefix(entry.range.first, level_).first; }
    void skip() {
        while (has_next() && level_of(entries_[at_].range) != level_) {
            ++at_;
        }
    }
    const std::vector<Entry<A>>& entries_;
    int level_;
    std::size_t at_ = 0;
};

template <class A>
void edit_block(store::WriteTransaction& transaction, const BlockKey<A>& key, int level, A block,
                const std::vector<Entry<A>>& removed, std::vector<Entry<A>>& added) {
    const auto bytes = transaction.get(Packing<A>::kTable, key.view());
    if (!bytes) {
        if (!added.empty()) {
            transaction.append(Packing<A>::kTable, key.view(), pack(added, level));
        }
        return;
    }
    const std::vector<Entry<A>> before = decode_entries<A>(*bytes, level, block);
    std::vector<Entry<A>> kept;
    std::set_difference(before.begin(), before.end(), removed.begin(), removed.end(),
                        std::back_inserter(kept));
    std::vector<Entry<A>> after;
    std::set_union(kept.begin(), kept.end(), added.begin(), added.end(), std::back_inserter(after));
    if (after.empty()) {
        transaction.erase(Packing<A>::kTable, key.view());
    } else {
        transaction.put(Packing<A>::kTable, key.view(), pack(after, level));
    }
}

template <class A>
void edit_addresses(store::WriteTransaction& transaction, LayerId layer,
                    const std::vector<Entry<A>>& removed, const std::vector<Entry<A>>& added) {
    std::vector<Entry<A>> removed_here;
    std::vector<Entry<A>> added_here;
    // From the widest to the finest, so that keys ascend.
    for (auto level = Packing<A>::kLevels.rbegin(); level != Packing<A>::kLevels.rend(); ++level) {
        Blocks<A> from{removed, *level};
        Blocks<A> to{added, *level};
        while (from.has_next() || to.has_next()) {
            const A block = !to.has_next()     ? from.next()
                            : !from.has_next() ? to.next()
                                               : std::min(from.next(), to.next());
            from.take(block, removed_here);
            to.take(block, added_here);
            edit_block(transaction, BlockKey<A>{layer, *level, block}, *level, block, removed_here,
                       added_here);
        }
    }
}

using NameValue = std::pair<NameScope, std::uint32_t>;

// Takes the values of the entries of one name, which are next or not there.
void take_name(std::vector<NameEntry>::const_iterator& at, const std::vector<NameEntry>& entries,
               const std::string& name, std::vector<NameValue>& taken) {
    taken.clear();
    for (; at != entries.end() && at->key == name; ++at) {
        taken.emplace_back(at->scope, at->value);
    }
}

void edit_name(store::WriteTransaction& transaction, const std::string& key,
               const std::vector<NameValue>& removed, const std::vector<NameValue>& added) {
    const auto bytes = transaction.get(Table::EntriesName, key);
    std::vector<NameValue> before;
    for_each_name_entry(
        bytes.value_or(std::string_view{}),
        [&](NameScope scope, std::uint32_t value) { before.emplace_back(scope, value); });
    std::vector<NameValue> kept;
    std::set_difference(before.begin(), before.end(), removed.begin(), removed.end(),
                        std::back_inserter(kept));
    std::vector<NameValue> after;
    std::set_union(kept.begin(), kept.end(), added.begin(), added.end(), std::back_inserter(after));
    if (after.empty()) {
        transaction.erase(Table::EntriesName, key);
        return;
    }
    std::string packed;
    for (const auto& [scope, value] : after) {
        store::append_raw(packed, scope);
        store::append_raw(packed, value);
    }
    if (bytes) {
        transaction.put(Table::EntriesName, key, packed);
    } else {
        transaction.append(Table::EntriesName, key, packed);
    }
}

void edit_names(store::WriteTransaction& transaction, LayerId layer,
                const std::vector<NameEntry>& removed, const std::vector<NameEntry>& added) {
    std::vector<NameValue> removed_here;
    std::vector<NameValue> added_here;
    auto from = removed.begin();
    auto to = added.begin();
    while (from != removed.end() || to != added.end()) {
        const bool is_from = to == added.end() || (from != removed.end() && from->key < to->key);
        const std::string& name = is_from ? from->key : to->key;
        take_name(from, removed, name, removed_here);
        take_name(to, added, name, added_here);
        edit_name(transaction, name_entry_key(layer, name), removed_here, added_here);
    }
}

}  // namespace

void EntryList::add(const Subject& subject, std::uint32_t value) {
    if (const auto* v4 = std::get_if<net::Ipv4Range>(&subject)) {
        ipv4.push_back({*v4, value});
    } else if (const auto* v6 = std::get_if<net::Ipv6Range>(&subject)) {
        ipv6.push_back({*v6, value});
    } else if (const auto* name = std::get_if<NameSubject>(&subject)) {
        names.push_back({dns::reversed_key(name->name), name->scope, value});
    } else if (const auto* of_names = std::get_if<pattern::Pattern>(&subject)) {
        const std::string_view end = pattern::literal_end(of_names->text);
        names.push_back({end.empty() ? std::string{} : dns::reversed_key(*dns::parse_name(end)),
                         NameScope::Pattern, value});
    } else if (const auto* mail = std::get_if<MailSubject>(&subject)) {
        names.push_back({mail_entry_key(*mail), NameScope::Exact, value});
    }
}

void EntryList::add_of_feed(const Subject& subject, std::uint32_t value) {
    if (const auto* origin = std::get_if<net::Origin>(&subject)) {
        names.push_back({origin_entry_key(*origin), NameScope::Exact, value});
    } else {
        add(subject, value);
    }
}

std::vector<net::Origin> EntryList::origins() const {
    std::vector<net::Origin> found;
    for (const NameEntry& entry : names) {
        if (const auto origin = origin_of_entry_key(entry.key)) {
            found.push_back(*origin);
        }
    }
    return found;
}

std::size_t EntryList::name_count() const {
    return static_cast<std::size_t>(
        std::count_if(names.begin(), names.end(),
                      [](const NameEntry& entry) { return !is_origin_entry_key(entry.key); }));
}

void EntryList::reserve(std::size_t ipv4_count, std::size_t ipv6_count, std::size_t name_count) {
    ipv4.reserve(ipv4_count);
    ipv6.reserve(ipv6_count);
    names.reserve(name_count);
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
            for_each_in_block(cursor.value(), level, block, [&](const Entry<A>& entry) {
                if (entry.range.overlaps(window)) {
                    found.push_back(entry);
                }
            });
        }
    }
}
template void collect_entries(const store::Transaction&, LayerId, net::Ipv4Range,
                              std::vector<Ipv4Entry>&);
template void collect_entries(const store::Transaction&, LayerId, net::Ipv6Range,
                              std::vector<Ipv6Entry>&);

template <class A>
bool is_packed_block(std::string_view bytes, int level, A block) {
    std::vector<Entry<A>> entries = decode_entries<A>(bytes, level, block);
    const bool is_sound = std::all_of(entries.begin(), entries.end(), [&](const Entry<A>& entry) {
        return entry.range.first <= entry.range.last && level_of(entry.range) == level &&
               net::prefix(block, level).contains(entry.range);
    });
    return is_sound && !entries.empty() &&
           std::adjacent_find(entries.begin(), entries.end()) == entries.end() &&
           pack(entries, level) == bytes;
}
template bool is_packed_block(std::string_view, int, net::Ipv4);
template bool is_packed_block(std::string_view, int, net::Ipv6);

std::string origin_entry_key(const net::Origin& origin) {
    return '\0' + net::to_string(origin);
}

std::optional<net::Origin> origin_of_entry_key(std::string_view key) {
    if (!is_origin_entry_key(key)) {
        return std::nullopt;
    }
    const auto subject = parse_subject(key.substr(1));
    const auto* origin = subject ? std::get_if<net::Origin>(&*subject) : nullptr;
    return origin != nullptr && origin_entry_key(*origin) == key ? std::optional{*origin}
                                                                 : std::nullopt;
}

void for_each_origin_entry(
    const store::Transaction& transaction, LayerId layer,
    const std::function<void(const net::Origin& origin, std::uint32_t value)>& visit) {
    const std::string first = name_entry_key(layer, std::string_view{"\0", 1});
    store::Cursor cursor{transaction, Table::EntriesName};
    for (bool more = cursor.seek(first); more && cursor.key().starts_with(first);
         more = cursor.next()) {
        if (const auto origin = origin_of_entry_key(cursor.key().substr(sizeof(LayerId)))) {
            for_each_name_entry(cursor.value(), [&](NameScope /*scope*/, std::uint32_t value) {
                visit(*origin, value);
            });
        }
    }
}

std::string name_entry_key(LayerId layer, std::string_view key) {
    std::string bytes;
    store::append_big_endian(bytes, layer);
    bytes += key;
    return bytes;
}

bool has_entries(const store::Transaction& transaction, LayerId layer) {
    std::string prefix;
    store::append_big_endian(prefix, layer);
    constexpr std::array kTables{store::Table::EntriesIpv4, store::Table::EntriesIpv6,
                                 store::Table::EntriesName};
    return std::any_of(kTables.begin(), kTables.end(), [&](store::Table table) {
        store::Cursor cursor{transaction, table};
        return cursor.seek(prefix) && cursor.key().starts_with(prefix);
    });
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
