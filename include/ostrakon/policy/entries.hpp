// Entries: which addresses and names a listing or a line of a feed covers, packed so that ten
// million fit.
//
// An entry of addresses lies in the smallest aligned block that holds it whole: a /16, /8 or /0 of
// IPv4, a /48, /32, /16 or /0 of IPv6. So all that covers an address is found in three or four
// blocks, and all that touches a range in a few stretches. Key: layer (u32), level (u8), first
// address of the block, most significant byte first. A /16 of IPv4 holds a group for each value:
// u32 value, u16 single addresses, u16 ranges, then u16 each single address and u16 first, u16 last
// each range, the lower halves of addresses, ascending. Other blocks hold entries by first address,
// then last: u32, u32, u32 value; IPv6 16 bytes, 16 bytes, u32. Names. Key: layer (u32),
// dns::reversed_key, or mail_entry_key (policy/mail_address.hpp); a pattern lies at the labels at
// its end that it leaves no choice in, or at the empty key. Value: u8 scope, u32 value each. The
// value is a listing's id in the own layer, and of policy/values.hpp in all others. An AS or a
// country in a feed lies among its names, under a key that no name has: a zero, then its spelling;
// its addresses are those that the maps say.
#pragma once

#include "ostrakon/net/address.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/subject.hpp"
#include "ostrakon/store/transaction.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::policy {

template <class A>
struct Entry {
    net::Range<A> range;
    std::uint32_t value = 0;
    friend constexpr auto operator<=>(const Entry&, const Entry&) = default;
};
using Ipv4Entry = Entry<net::Ipv4>;
using Ipv6Entry = Entry<net::Ipv6>;

struct NameEntry {
    std::string key;  ///< dns::reversed_key, or mail_entry_key.
    NameScope scope = NameScope::Tree;
    std::uint32_t value = 0;
    friend auto operator<=>(const NameEntry&, const NameEntry&) = default;
};

/// The entries of one family or of names, sorted, without duplicates.
struct EntryList {
    std::vector<Ipv4Entry> ipv4;
    std::vector<Ipv6Entry> ipv6;
    std::vector<NameEntry> names;

    /// An AS or a country has no entries in the own layer: its subject is where it is looked for.
    void add(const Subject& subject, std::uint32_t value);
    /// The same for a feed's layer, where an AS or a country has one.
    void add_of_feed(const Subject& subject, std::uint32_t value);
    /// The AS and countries of a feed's layer.
    std::vector<net::Origin> origins() const;
    /// Names without these.
    std::size_t name_count() const;
    void reserve(std::size_t ipv4_count, std::size_t ipv6_count, std::size_t name_count);
    void sort();
    std::size_t size() const { return ipv4.size() + ipv6.size() + names.size(); }
};

/// Adds all entries of `layer` that touch `window` to `found`, in no order.
template <class A>
void collect_entries(const store::Transaction& transaction, LayerId layer, net::Range<A> window,
                     std::vector<Entry<A>>& found);
extern template void collect_entries(const store::Transaction&, LayerId, net::Ipv4Range,
                                     std::vector<Ipv4Entry>&);
extern template void collect_entries(const store::Transaction&, LayerId, net::Ipv6Range,
                                     std::vector<Ipv6Entry>&);

/// Calls `visit` for every entry of `layer` that holds `address`, in no order. Allocates nothing.
template <class A, class Visit>
void for_each_covering(const store::Transaction& transaction, LayerId layer, A address,
                       Visit&& visit);

/// Whether these bytes are a block as edit_entries writes it: for what comes from elsewhere.
template <class A>
bool is_packed_block(std::string_view bytes, int level, A block);
extern template bool is_packed_block(std::string_view, int, net::Ipv4);
extern template bool is_packed_block(std::string_view, int, net::Ipv6);

/// The key, among a feed's names, of an AS or a country, without the layer.
std::string origin_entry_key(const net::Origin& origin);
inline bool is_origin_entry_key(std::string_view key) {
    return key.starts_with('\0');
}
/// The AS or country of such a key; nothing for other bytes.
std::optional<net::Origin> origin_of_entry_key(std::string_view key);
/// Calls visit(origin, value) for every AS and country that the layer of a feed has.
void for_each_origin_entry(
    const store::Transaction& transaction, LayerId layer,
    const std::function<void(const net::Origin& origin, std::uint32_t value)>& visit);

/// The key of the entries of a name or mail address.
std::string name_entry_key(LayerId layer, std::string_view key);

/// Reads the packed entries of one name: calls visit(scope, value).
template <class Visit>
void for_each_name_entry(std::string_view bytes, Visit&& visit);

/// Whether a layer has any entry.
bool has_entries(const store::Transaction& transaction, LayerId layer);

/// All entries of a layer, sorted.
EntryList load_entries(const store::Transaction& transaction, LayerId layer);

/// Removes and adds entries of one layer; both sorted and without duplicates. Writes only blocks
/// that change.
void edit_entries(store::WriteTransaction& transaction, LayerId layer, const EntryList& removed,
                  const EntryList& added);

}  // namespace ostrakon::policy

#include "ostrakon/policy/entries.inl.hpp"
