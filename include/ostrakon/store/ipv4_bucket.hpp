// The IPv4 index: one bucket per listed /16, its addresses cut into segments of one verdict set
// each.
//
// Key: the upper 16 bits of the address, an integer key of 32 bits. Value, all numbers in host
// order and at any alignment of 2: u16 segments - 1, u16 sets - 1, u32 set ids, u16 segment starts
// (the first is 0, ascending), and per segment the position of its set in that table, of 8 bits
// where the table has at most 256, else of 16. Neighbours differ. A /16 without a listing has no
// bucket. Set 0 is "nothing listed".
#pragma once

#include "ostrakon/store/codec.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::store {

using SetId = std::uint32_t;

inline constexpr std::uint32_t kBucketAddresses = 65536;

/// From `start` (the lower 16 bits of an address) to the next segment, or the end of the /16.
struct Ipv4Segment {
    std::uint16_t start = 0;
    SetId set = 0;
    friend bool operator==(const Ipv4Segment&, const Ipv4Segment&) = default;
};

/// The key of the bucket whose addresses have these upper 16 bits. Borrowed from `upper`.
inline std::string_view bucket_key(const std::uint32_t& upper) noexcept {
    return {reinterpret_cast<const char*>(&upper), sizeof upper};
}

/// Packs segments that start at 0, ascend and differ from their neighbours.
std::string encode_bucket(std::span<const Ipv4Segment> segments);
std::vector<Ipv4Segment> decode_bucket(std::string_view bytes);

/// A bucket as it lies in the database; borrowed from the transaction.
class Ipv4Bucket {
public:
    /// `bytes`: its value; the size is in there.
    explicit Ipv4Bucket(const char* bytes) noexcept
        : segments_(1U + load_raw<std::uint16_t>(bytes)),
          sets_(1U + load_raw<std::uint16_t>(bytes + 2)),
          table_(bytes + 4),
          starts_(table_ + 4UL * sets_),
          positions_(starts_ + 2UL * segments_) {}

    /// Has the cache fetch the start of the bucket at `bytes`, which is most of a common one,
    /// without waiting for it.
    static void prefetch(const char* bytes) noexcept {
        for (std::size_t at = 0; at < kFetchedSize; at += kCacheLineSize) {
            __builtin_prefetch(bytes + at);
        }
    }

    std::uint32_t segment_count() const noexcept { return segments_; }
    std::uint32_t start(std::uint32_t segment) const noexcept {
        return load_raw<std::uint16_t>(starts_ + 2UL * segment);
    }
    SetId set(std::uint32_t segment) const noexcept {
        const std::uint32_t position = sets_ <= 256
                                           ? static_cast<unsigned char>(positions_[segment])
                                           : load_raw<std::uint16_t>(positions_ + 2UL * segment);
        return load_raw<SetId>(table_ + 4UL * position);
    }
    /// The segment that holds the address with these lower 16 bits.
    std::uint32_t segment_of(std::uint16_t lower) const noexcept {
        std::uint32_t begin = 0;
        for (std::uint32_t size = segments_; size > 1;) {
            const std::uint32_t half = size / 2;
            begin = start(begin + half) <= lower ? begin + half : begin;
            size -= half;
        }
        return begin;
    }
    /// Whether anything is listed from `first` to `last`.
    bool is_anything_in(std::uint16_t first, std::uint16_t last) const noexcept;

private:
    static constexpr std::size_t kCacheLineSize = 64;
    static constexpr std::size_t kFetchedSize = 3 * kCacheLineSize;

    std::uint32_t segments_;
    std::uint32_t sets_;
    const char* table_;
    const char* starts_;
    const char* positions_;
};

}  // namespace ostrakon::store
