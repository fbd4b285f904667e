// What change sets touched of what is served: what has to be derived again, and what those who hand
// on changes alone have to look at.
//
// Touched table. Key: change set (u64, most significant byte first). Value: the ranges and names,
// or a mark for "everything". Kept for the newest change sets.
#pragma once

#include "ostrakon/net/address.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/entries.hpp"
#include "ostrakon/store/event.hpp"
#include "ostrakon/store/journal.hpp"
#include "ostrakon/store/transaction.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::policy {

/// Ranges and names of one change set that are kept; one that touched more counts as everything.
inline constexpr std::size_t kTouchedMax = 16384;
/// Bytes that are kept of all change sets together.
inline constexpr std::uint64_t kTouchedBytesMax = std::uint64_t{4} << 20;

/// Where answers may be others than before. The parts may overlap and are in no order.
struct Touched {
    bool is_everything = false;
    std::vector<net::Ipv4Range> ipv4;
    std::vector<net::Ipv6Range> ipv6;
    std::vector<std::string> names;  ///< Keys (dns::reversed_key), each with all below it.
};

/// What a change set touches while it is made.
class TouchedRanges {
public:
    void add(net::Ipv4Range range);
    void add(net::Ipv6Range range);
    /// A name with all below it, by its key.
    void add_name(std::string key) { names_.push_back(std::move(key)); }
    void add_free_patterns() { free_patterns_ = true; }
    /// But for AS and countries.
    void add(const EntryList& entries);
    void add_everything();

    /// As a value of the table.
    std::string encoded() const;

private:
    friend void reindex(store::WriteTransaction&, const Catalogue&, TouchedRanges&&,
                        store::IndexWriter&);
    std::vector<bool> buckets_ = std::vector<bool>(65536);
    std::vector<net::Ipv4Range> ipv4_;  // as long as there are few
    bool has_many_ipv4_ = false;
    std::vector<net::Ipv6Range> ipv6_;
    std::vector<std::string> names_;
    bool free_patterns_ = false;
};

/// The value of a change set after which any answer may be another one.
std::string everything_touched();

/// Keeps what a change set touched, and forgets the oldest ones.
void write_touched(store::WriteTransaction& transaction, store::ChangeId change,
                   std::string_view encoded);

/// The newest change set; 0 where there is none.
store::ChangeId newest_change(const store::Transaction& transaction);

/// What all change sets behind `since` have touched. Everything, where some of it is kept no
/// longer.
Touched touched_since(const store::Transaction& transaction, store::ChangeId since);

}  // namespace ostrakon::policy
