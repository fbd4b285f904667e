// Lookups in the three index tables of one snapshot. Allocates nothing after construction.
#pragma once

#include "bucket_directory.hpp"
#include "ostrakon/net/address.hpp"
#include "ostrakon/policy/verdict_set.hpp"
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

    /// Follows the snapshot, which was renewed. `is_newer`: to another state than before.
    void renew(bool is_newer) noexcept;

    policy::SetId set_of(net::Ipv4 address) noexcept;
    policy::SetId set_of(net::Ipv6 address) noexcept;
    FoundName find(std::string_view key) noexcept;
    bool is_anything_in(net::Ipv4Range range) noexcept;
    bool is_anything_in(net::Ipv6Range range) noexcept;

private:
    const char* find_bucket(std::uint32_t upper) noexcept;

    const store::Snapshot& snapshot_;
    BucketDirectory buckets_;
    store::Cursor ipv4_;
    store::Cursor ipv6_;
    store::Cursor names_;
};

}  // namespace ostrakon::verdict
