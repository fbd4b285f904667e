// The IPv6 index: the whole space as one run of segments, cut into blocks of bounded size.
//
// Key: the block's first boundary, 16 bytes, most significant first. Value: u16 count, the
// boundaries (16 bytes each, ascending, the first equals the key), and as many u32 set ids. A
// segment reaches to the next boundary, in this block or the next one, or to the end of the space.
// Before the first block nothing is listed. Neighbours differ, also across blocks.
#pragma once

#include "ostrakon/net/address.hpp"
#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/ipv4_bucket.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::store {

struct Ipv6Segment {
    net::Ipv6 start;
    SetId set = 0;
    friend bool operator==(const Ipv6Segment&, const Ipv6Segment&) = default;
};

/// Segments of one block: with its header at most 2,000 bytes, since a value that is a little
/// larger costs a page of its own.
inline constexpr std::size_t kBlockSegmentsMax = 99;

std::string ipv6_key(net::Ipv6 address);
std::string encode_block(std::span<const Ipv6Segment> segments);
std::vector<Ipv6Segment> decode_block(std::string_view bytes);

/// A block as it lies in the database; borrowed from the transaction.
class Ipv6Block {
public:
    /// `bytes`: its value; the size is in there.
    explicit Ipv6Block(const char* bytes) noexcept
        : count_(load_raw<std::uint16_t>(bytes)),
          starts_(bytes + 2),
          sets_(starts_ + 16UL * count_) {}

    /// Has the cache fetch where the search in a full block at `bytes` begins, without waiting for
    /// it.
    static void prefetch(const char* bytes) noexcept {
        __builtin_prefetch(bytes);
        for (std::size_t part = 1; part < kFetchedParts; ++part) {
            __builtin_prefetch(bytes + 16 * kBlockSegmentsMax * part / kFetchedParts);
        }
    }

    std::uint32_t segment_count() const noexcept { return count_; }
    net::Ipv6 start(std::uint32_t segment) const noexcept {
        const char* at = starts_ + 16UL * segment;
        return {static_cast<net::Uint128>(load_big_endian<std::uint64_t>(at)) << 64 |
                load_big_endian<std::uint64_t>(at + 8)};
    }
    SetId set(std::uint32_t segment) const noexcept {
        return load_raw<SetId>(sets_ + 4UL * segment);
    }
    /// The segment that holds `address`, which is not less than the block's first boundary.
    std::uint32_t segment_of(net::Ipv6 address) const noexcept {
        std::uint32_t begin = 0;
        for (std::uint32_t size = count_; size > 1;) {
            const std::uint32_t half = size / 2;
            begin = start(begin + half) <= address ? begin + half : begin;
            size -= half;
        }
        return begin;
    }

private:
    static constexpr std::size_t kFetchedParts = 8;

    std::uint32_t count_;
    const char* starts_;
    const char* sets_;
};

}  // namespace ostrakon::store
