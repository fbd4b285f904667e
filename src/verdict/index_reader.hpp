// Lookups in the three index tables of one snapshot. Allocates nothing after construction.
#pragma once

#include "block_directory.hpp"
#include "bucket_directory.hpp"
#include "ostrakon/net/address.hpp"
#include "ostrakon/policy/verdict_set.hpp"
#include "ostrakon/store/name_filter.hpp"
#include "ostrakon/store/transaction.hpp"

#include <string_view>

namespace ostrakon::verdict {

/// What the name index says of one name.
struct FoundName {
    policy::SetId self = 0;
    policy::SetId below = 0;      ///< Of the names below it that have no node.
    bool has_descendant = false;  ///< A node lies below it.
};

class IndexReader {
public:
    explicit IndexReader(const store::Snapshot& snapshot);

    /// Follows the snapshot, which was renewed. `is_newer`: to another state than before. Collects
    /// places, too.
    void renew(bool is_newer) noexcept;
    /// Remembers some more of where things lie, until it knows all; to be called at each renewal,
    /// also where nothing has changed.
    void collect_places() noexcept { blocks_.grow(snapshot_, ipv6_); }

    /// Steps before set_of() that do not wait: the place of the address's bucket comes out of the
    /// memory, then the bucket.
    void announce(net::Ipv4 address) const noexcept { buckets_.prefetch(address.bits >> 16); }
    void approach(net::Ipv4 address) noexcept;
    void approach(net::Ipv6 address) const noexcept;

    policy::SetId set_of(net::Ipv4 address) noexcept;
    policy::SetId set_of(net::Ipv6 address) noexcept;
    FoundName find(std::string_view key) noexcept;
    bool is_anything_in(net::Ipv4Range range) noexcept;
    bool is_anything_in(net::Ipv6Range range) noexcept;

private:
    void follow_tables() noexcept;
    const char* find_bucket(std::uint32_t upper) noexcept;
    const char* find_block(net::Ipv6 address) noexcept;
    const char* find_filter_bucket(std::uint64_t hash) noexcept;
    bool may_find(const store::NameHashes& hashes) noexcept;
    FoundName find_in_tree(std::string_view key) noexcept;

    const store::Snapshot& snapshot_;
    BucketDirectory buckets_;
    BucketDirectory filter_buckets_;
    BlockDirectory blocks_;
    store::Cursor ipv4_;
    store::Cursor ipv6_;
    store::Cursor names_;
};

}  // namespace ostrakon::verdict
