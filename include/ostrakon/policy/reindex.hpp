// Bringing the index up to date with the truth: whatever a change touched is derived again, in the
// same transaction.
#pragma once

#include "ostrakon/net/address.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/entries.hpp"
#include "ostrakon/store/journal.hpp"
#include "ostrakon/store/transaction.hpp"

#include <string>
#include <vector>

namespace ostrakon::policy {

/// What a change touched.
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

private:
    friend void reindex(store::WriteTransaction&, const Catalogue&, TouchedRanges&&,
                        store::IndexWriter&);
    std::vector<bool> buckets_ = std::vector<bool>(65536);
    std::vector<net::Ipv6Range> ipv6_;
    std::vector<std::string> names_;
    bool free_patterns_ = false;
};

/// Derives the touched ranges again and writes what differs.
void reindex(store::WriteTransaction& transaction, const Catalogue& catalogue,
             TouchedRanges&& touched, store::IndexWriter& index);

}  // namespace ostrakon::policy
