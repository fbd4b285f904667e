// Maps in the database: which addresses belong to which AS or country, as one map says.
//
// MapBlocks table. Key: map (u32), kind of origin (u8), family (u8, 4 or 6), then for IPv4 the
// upper 16 bits of the addresses (u16), for IPv6 the number of the block (u32) or nothing; all most
// significant byte first. A block of IPv4 is a /16 cut into segments: u16 start, u32 number, the
// first at 0, neighbours differ; none where the map knows nothing. IPv6 is cut as a whole, 16 bytes
// start, most significant first, u32 number, into blocks of at most kMapBlockSegmentsMax; under the
// key without a number stand the starts of all blocks, 16 bytes each. Number 0: the map does not
// know.
#pragma once

#include "ostrakon/net/address.hpp"
#include "ostrakon/net/origin.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/map_contents.hpp"
#include "ostrakon/store/transaction.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace ostrakon::policy {

inline constexpr std::size_t kMapBlockSegmentsMax = 100;

/// What one map says of one kind of origin.
struct MapPartId {
    MapId map = 0;
    net::OriginKind kind = net::OriginKind::As;
};

/// The origin's number of an address, 0 where the map does not know. Allocates nothing.
std::uint32_t map_number(const store::Transaction& transaction, MapPartId part,
                         net::Ipv4 address) noexcept;
std::uint32_t map_number(const store::Transaction& transaction, MapPartId part,
                         net::Ipv6 address) noexcept;

/// The ranges of a window of which the map knows, cut to it, ascending; neighbours of one origin
/// are one range.
template <class A>
std::vector<MapRange<A>> map_ranges(const store::Transaction& transaction, MapPartId part,
                                    net::Range<A> window);
extern template std::vector<MapRange<net::Ipv4>> map_ranges(const store::Transaction&, MapPartId,
                                                            net::Ipv4Range);
extern template std::vector<MapRange<net::Ipv6>> map_ranges(const store::Transaction&, MapPartId,
                                                            net::Ipv6Range);

/// Told of each block before it is overwritten.
using RememberBlock =
    std::function<void(std::string_view key, std::optional<std::string_view> before)>;

/// Puts ranges in the place of what the map says of this family. They are as flattened() makes
/// them. Writes only blocks that differ.
void write_map(store::WriteTransaction& transaction, MapPartId part,
               const std::vector<MapRange<net::Ipv4>>& ranges, const RememberBlock& remember = {});
void write_map(store::WriteTransaction& transaction, MapPartId part,
               const std::vector<MapRange<net::Ipv6>>& ranges, const RememberBlock& remember = {});

/// Whether a record is one that write_map could have written: for what comes from elsewhere.
bool is_map_block(std::string_view key, std::string_view value);

}  // namespace ostrakon::policy
