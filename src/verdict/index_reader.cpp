#include "index_reader.hpp"

#include "ostrakon/dns/name.hpp"
#include "ostrakon/store/ipv4_bucket.hpp"
#include "ostrakon/store/ipv6_block.hpp"
#include "ostrakon/store/meta.hpp"
#include "ostrakon/store/name_node.hpp"

#include <array>
#include <optional>

namespace ostrakon::verdict {
namespace {

using store::Table;

class Ipv6Key {
public:
    explicit Ipv6Key(net::Ipv6 address) noexcept : bytes_(net::to_bytes(address)) {}
    std::string_view view() const noexcept {
        return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
    }

private:
    std::array<std::uint8_t, 16> bytes_;
};

// How many labels two keys have in common from the front.
std::size_t common_labels(std::string_view a, std::string_view b) noexcept {
    std::size_t labels = 0;
    std::size_t at = 0;
    while (at < a.size() && at < b.size()) {
        const std::size_t size = static_cast<std::uint8_t>(a[at]) + 1U;
        if (a.substr(at, size) != b.substr(at, size)) {
            break;
        }
        at += size;
        ++labels;
    }
    return labels;
}

// Where the bucket lies; null: there is none, nothing: the database cannot be read.
std::optional<const char*> look_up_bucket(const store::Snapshot& snapshot, Table table,
                                          const std::uint32_t& bucket) noexcept {
    const auto bytes = snapshot.get(table, store::bucket_key(bucket));
    if (snapshot.is_broken()) {
        return std::nullopt;
    }
    return bytes ? bytes->data() : nullptr;
}

}  // namespace

IndexReader::IndexReader(const store::Snapshot& snapshot)
    : snapshot_(snapshot),
      ipv4_(snapshot, Table::IndexIpv4),
      ipv6_(snapshot, Table::IndexIpv6),
      names_(snapshot, Table::IndexName) {
    follow_tables();
    collect_places();
}

void IndexReader::follow_tables() noexcept {
    buckets_.follow(store::meta_number(snapshot_, store::meta_key::kIndexIpv4Changed));
    blocks_.follow(store::meta_number(snapshot_, store::meta_key::kIndexIpv6Changed));
    filter_buckets_.follow(store::meta_number(snapshot_, store::meta_key::kNameFilterChanged));
}

void IndexReader::renew(bool is_newer) noexcept {
    ipv4_.renew();
    ipv6_.renew();
    names_.renew();
    if (is_newer) {
        follow_tables();
    }
    collect_places();
}

const char* IndexReader::find_bucket(std::uint32_t upper) noexcept {
    return buckets_.find(
        upper, [&]() noexcept { return look_up_bucket(snapshot_, Table::IndexIpv4, upper); });
}

const char* IndexReader::find_filter_bucket(std::uint64_t hash) noexcept {
    const std::uint32_t bucket = store::filter_bucket(hash);
    return filter_buckets_.find(
        bucket, [&]() noexcept { return look_up_bucket(snapshot_, Table::NameFilter, bucket); });
}

void IndexReader::approach(net::Ipv4 address) noexcept {
    if (const char* const bytes = find_bucket(address.bits >> 16)) {
        store::Ipv4Bucket::prefetch(bytes);
    }
}

policy::SetId IndexReader::set_of(net::Ipv4 address) noexcept {
    const char* const bytes = find_bucket(address.bits >> 16);
    if (bytes == nullptr) {
        return 0;
    }
    const store::Ipv4Bucket bucket{bytes};
    return bucket.set(bucket.segment_of(static_cast<std::uint16_t>(address.bits)));
}

// The block that may hold the address; null if there is none, or the database cannot be read.
const char* IndexReader::find_block(net::Ipv6 address) noexcept {
    if (blocks_.is_complete()) {
        return blocks_.find(address);
    }
    return ipv6_.seek_at_or_before(Ipv6Key{address}.view()) ? ipv6_.value().data() : nullptr;
}

void IndexReader::approach(net::Ipv6 address) const noexcept {
    if (const char* const bytes = blocks_.is_complete() ? blocks_.find(address) : nullptr) {
        store::Ipv6Block::prefetch(bytes);
    }
}

policy::SetId IndexReader::set_of(net::Ipv6 address) noexcept {
    const char* const bytes = find_block(address);
    if (bytes == nullptr) {
        return 0;
    }
    const store::Ipv6Block block{bytes};
    return block.set(block.segment_of(address));
}

// Whether anything may be found: a node at the name, one below it, or one above it, which could
// list what is below.
bool IndexReader::may_find(const store::NameHashes& hashes) noexcept {
    if (hashes.count == 0) {
        return true;
    }
    // Of a name of more labels than are hashed, the longest of its ancestors that is stands for it:
    // whatever lies at the name or above it is that ancestor, above that, or below it.
    const std::uint32_t ancestors = hashes.count - 1;
    if (const char* const bytes = find_filter_bucket(hashes.of[ancestors]);
        bytes != nullptr && store::FilterBucket{bytes}.may_have_any(hashes.of[ancestors])) {
        return true;
    }
    for (std::uint32_t i = 0; i < ancestors; ++i) {
        if (const char* const bytes = find_filter_bucket(hashes.of[i]);
            bytes != nullptr && store::FilterBucket{bytes}.may_have_node(hashes.of[i])) {
            return true;
        }
    }
    return false;
}

FoundName IndexReader::find(std::string_view key) noexcept {
    return may_find(store::hashes_of(key)) ? find_in_tree(key) : FoundName{};
}

FoundName IndexReader::find_in_tree(std::string_view key) noexcept {
    FoundName found;
    const bool has_successor = names_.seek(key);
    if (has_successor && names_.key() == key) {
        const store::NameNode node = store::decode_name_node(names_.value());
        found.self = node.self;
        found.below = node.below;
        found.has_descendant = names_.next() && names_.key().starts_with(key);
        return found;
    }
    found.has_descendant = has_successor && names_.key().starts_with(key);
    const bool has_predecessor = has_successor ? names_.previous() : names_.last();
    if (!has_predecessor) {
        return found;
    }
    // Every listed ancestor of the name is a prefix of its predecessor's key.
    std::string_view node_key = names_.key();
    store::NameNode node = store::decode_name_node(names_.value());
    const std::size_t common = common_labels(node_key, key);
    std::size_t labels = dns::key_label_count(node_key);
    while (labels > common) {
        labels = node.ancestor_labels;
        if (labels == 0) {
            return found;
        }
        node_key = node_key.substr(0, dns::key_prefix_size(node_key, labels));
        if (labels > common) {
            const auto between = snapshot_.get(Table::IndexName, node_key);
            if (!between) {
                return found;
            }
            node = store::decode_name_node(*between);
            continue;
        }
        const auto nearest = snapshot_.get(Table::IndexName, node_key);
        if (!nearest) {
            return found;
        }
        node = store::decode_name_node(*nearest);
    }
    found.self = node.below;
    found.below = node.below;
    return found;
}

bool IndexReader::is_anything_in(net::Ipv4Range range) noexcept {
    const std::uint32_t first = range.first.bits >> 16;
    const std::uint32_t last = range.last.bits >> 16;
    if (first != last) {
        // A bucket that is there holds a listing; only the two at the edges may hold it outside.
        for (bool more = ipv4_.seek(store::bucket_key(first)); more; more = ipv4_.next()) {
            const auto upper = store::load_raw<std::uint32_t>(ipv4_.key().data());
            if (upper > last) {
                return false;
            }
            const store::Ipv4Bucket bucket{ipv4_.value().data()};
            const auto from = static_cast<std::uint16_t>(upper == first ? range.first.bits : 0U);
            const auto to = static_cast<std::uint16_t>(upper == last ? range.last.bits : 0xFFFFU);
            if (bucket.is_anything_in(from, to)) {
                return true;
            }
        }
        return false;
    }
    const char* const bytes = find_bucket(first);
    return bytes != nullptr &&
           store::Ipv4Bucket{bytes}.is_anything_in(static_cast<std::uint16_t>(range.first.bits),
                                                   static_cast<std::uint16_t>(range.last.bits));
}

bool IndexReader::is_anything_in(net::Ipv6Range range) noexcept {
    // Neighbouring segments differ, so that of two boundaries in a row one is listed: the scan is
    // short.
    bool more = ipv6_.seek_at_or_before(Ipv6Key{range.first}.view()) || ipv6_.first();
    for (; more; more = ipv6_.next()) {
        const store::Ipv6Block block{ipv6_.value().data()};
        if (block.start(0) > range.last) {
            return false;
        }
        const std::uint32_t begin =
            block.start(0) <= range.first ? block.segment_of(range.first) : 0;
        for (std::uint32_t i = begin; i < block.segment_count(); ++i) {
            if (block.start(i) > range.last) {
                return false;
            }
            if (block.set(i) != 0) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace ostrakon::verdict
