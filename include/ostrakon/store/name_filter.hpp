// The filter of the name index: tells of most names that nothing is listed at, above or below them
// without a search for them. It is derived from the name index alone.
//
// Two facts are kept of names: that the index has a node there, and that it has one below. A fact
// is a bucket and an entry: the upper 16 bits of the name's hash choose the bucket, the next 15 and
// the kind of the fact are the entry. A fact that is there can be another name's; one that is not
// there is false.
//
// Key: the bucket, an integer key of 32 bits. Value, in host order and at any alignment: u32 count,
// and as many u16 entries, ascending; facts that happen to be the same one are there as often as
// they hold, so that each can be taken away. A bucket without an entry has no key. Of names of more
// than kFilterLabelsMax labels nothing is kept.
#pragma once

#include "ostrakon/net/address.hpp"
#include "ostrakon/store/codec.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::store {

inline constexpr std::uint32_t kFilterBuckets = 65536;
inline constexpr std::size_t kFilterLabelsMax = 8;

/// One step of the hash of a name: from the hash of the name above to that of the name with one
/// more label. `label`: its length byte and then its bytes, lower-cased. Part of the schema.
inline std::uint64_t hash_below(std::uint64_t above, std::string_view label) noexcept {
    constexpr std::uint64_t kMultiplier = 0x9FB21C651E98DF25;
    const auto mix = [](std::uint64_t before, std::uint64_t word) noexcept {
        const auto product = static_cast<net::Uint128>(before ^ word) * kMultiplier;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    };
    // A word at a time; the last one overlaps what was before it. No two labels give the same
    // words, as the length is in there.
    const char* const bytes = label.data();
    const std::size_t size = label.size();
    if (size < sizeof(std::uint32_t)) {
        return mix(above, std::uint64_t{load_raw<std::uint16_t>(bytes)} |
                              std::uint64_t{load_raw<std::uint16_t>(bytes + size - 2)} << 32);
    }
    if (size < sizeof(std::uint64_t)) {
        return mix(above, std::uint64_t{load_raw<std::uint32_t>(bytes)} |
                              std::uint64_t{load_raw<std::uint32_t>(bytes + size - 4)} << 32);
    }
    for (std::size_t at = 0; at + sizeof(std::uint64_t) < size; at += sizeof(std::uint64_t)) {
        above = mix(above, load_raw<std::uint64_t>(bytes + at));
    }
    return mix(above, load_raw<std::uint64_t>(bytes + size - sizeof(std::uint64_t)));
}

/// The hashes of a name and of the names above it.
struct NameHashes {
    std::uint32_t count = 0;  ///< Of the labels that were hashed: at most kFilterLabelsMax.
    bool is_whole = false;    ///< Those are all that the name has.
    std::array<std::uint64_t, kFilterLabelsMax> of;  ///< The first `count` are set: of the name of
                                                     ///< one label, of two, and so on.
};

/// Reads a key as dns::reversed_key makes them, up to where it is damaged.
inline NameHashes hashes_of(std::string_view key) noexcept {
    constexpr std::uint64_t kSeed = 0x2545F4914F6CDD1D;
    NameHashes hashes;
    std::uint64_t hash = kSeed;
    std::size_t at = 0;
    for (; at < key.size() && hashes.count < kFilterLabelsMax; ++hashes.count) {
        const std::size_t size = static_cast<std::uint8_t>(key[at]) + 1U;
        if (size == 1 || size > key.size() - at) {
            return hashes;
        }
        hash = hash_below(hash, {key.data() + at, size});
        hashes.of[hashes.count] = hash;
        at += size;
    }
    hashes.is_whole = at == key.size();
    return hashes;
}

enum class NameFact : std::uint8_t {
    Node,  ///< The index has a node at the name.
    Below  ///< It has one below.
};

inline std::uint32_t filter_bucket(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash >> 48);
}
inline std::uint16_t filter_entry(std::uint64_t hash, NameFact fact) noexcept {
    return static_cast<std::uint16_t>((hash >> 32 & 0xFFFE) | static_cast<std::uint64_t>(fact));
}

/// Packs entries, of which there is at least one.
std::string encode_filter_bucket(std::span<const std::uint16_t> ascending);
/// Damaged bytes give as many entries as are there.
std::vector<std::uint16_t> decode_filter_bucket(std::string_view bytes);

/// A bucket as it lies in the database; borrowed from the transaction.
class FilterBucket {
public:
    /// `bytes`: its value; the size is in there.
    explicit FilterBucket(const char* bytes) noexcept
        : count_(load_raw<std::uint32_t>(bytes)), entries_(bytes + sizeof(std::uint32_t)) {}

    /// Whether the name with this hash may have a node.
    bool may_have_node(std::uint64_t hash) const noexcept {
        const std::uint16_t entry = filter_entry(hash, NameFact::Node);
        return has_within(entry, entry);
    }
    /// Whether the name may have a node, or one below.
    bool may_have_any(std::uint64_t hash) const noexcept {
        return has_within(filter_entry(hash, NameFact::Node), filter_entry(hash, NameFact::Below));
    }

private:
    std::uint16_t entry(std::uint32_t at) const noexcept {
        return load_raw<std::uint16_t>(entries_ + sizeof(std::uint16_t) * at);
    }
    bool has_within(std::uint16_t first, std::uint16_t last) const noexcept {
        std::uint32_t begin = 0;
        for (std::uint32_t size = count_; size > 1;) {
            const std::uint32_t half = size / 2;
            begin = entry(begin + half) <= last ? begin + half : begin;
            size -= half;
        }
        return entry(begin) >= first && entry(begin) <= last;
    }

    std::uint32_t count_;
    const char* entries_;
};

}  // namespace ostrakon::store
