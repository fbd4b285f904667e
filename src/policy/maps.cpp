#include "ostrakon/policy/maps.hpp"

#include "ostrakon/store/codec.hpp"
#include "range_steps.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace ostrakon::policy {
namespace {

using store::Table;

constexpr std::size_t kPartKeySize = 6;
constexpr std::size_t kIpv4SegmentSize = 6;
constexpr std::size_t kAddressSize = 16;
constexpr std::size_t kIpv6SegmentSize = kAddressSize + 4;
constexpr std::uint32_t kIpv4Blocks = 65536;

// A key on the stack.
class MapKey {
public:
    MapKey(MapPartId part, int family) noexcept {
        append(part.map, 4);
        append(static_cast<std::uint32_t>(part.kind), 1);
        append(static_cast<std::uint32_t>(family), 1);
    }
    MapKey& append(std::uint32_t number, int bytes) noexcept {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            bytes_[size_++] = static_cast<char>(number >> shift);
        }
        return *this;
    }
    std::string_view view() const noexcept { return {bytes_.data(), size_}; }

private:
    std::array<char, kPartKeySize + 4> bytes_{};
    std::size_t size_ = 0;
};

MapKey ipv4_key(MapPartId part, std::uint32_t upper) {
    return MapKey{part, 4}.append(upper, 2);
}
MapKey ipv6_key(MapPartId part, std::uint32_t block) {
    return MapKey{part, 6}.append(block, 4);
}

net::Ipv6 load_start(const char* at) {
    return net::ipv6_from_bytes(reinterpret_cast<const std::uint8_t*>(at));
}

// Position of the last of `count` sorted things that is not behind what is looked for; the first is
// not.
template <class IsBehind>
std::size_t last_not_behind(std::size_t count, IsBehind&& is_behind) {
    std::size_t begin = 0;
    for (std::size_t size = count; size > 1;) {
        const std::size_t half = size / 2;
        begin = is_behind(begin + half) ? begin : begin + half;
        size -= half;
    }
    return begin;
}

template <class A>
void append_clipped(std::vector<MapRange<A>>& ranges, MapRange<A> range, net::Range<A> window) {
    if (range.range.first <= range.range.last && range.range.overlaps(window)) {
        range.range.first = std::max(range.range.first, window.first);
        range.range.last = std::min(range.range.last, window.last);
        append_range(ranges, range);
    }
}

void append_ipv4_block(std::vector<MapRange<net::Ipv4>>& ranges, std::string_view bytes,
                       std::uint32_t upper, net::Ipv4Range window) {
    const std::size_t count = bytes.size() / kIpv4SegmentSize;
    const auto start = [&](std::size_t i) {
        return store::load_raw<std::uint16_t>(bytes.data() + i * kIpv4SegmentSize);
    };
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t last = i + 1 < count ? start(i + 1) - 1U : 0xFFFFU;
        append_clipped(ranges,
                       {{net::Ipv4{upper << 16 | start(i)}, net::Ipv4{upper << 16 | last}},
                        store::load_raw<std::uint32_t>(bytes.data() + i * kIpv4SegmentSize + 2)},
                       window);
    }
}

std::vector<MapRange<net::Ipv4>> ranges_in(const store::Transaction& transaction, MapPartId part,
                                           net::Ipv4Range window) {
    std::vector<MapRange<net::Ipv4>> ranges;
    const std::uint32_t first = window.first.bits >> 16;
    const std::uint32_t last = window.last.bits >> 16;
    if (first == last) {
        if (const auto bytes = transaction.get(Table::MapBlocks, ipv4_key(part, first).view())) {
            append_ipv4_block(ranges, *bytes, first, window);
        }
        return ranges;
    }
    const MapKey end = ipv4_key(part, last);
    store::Cursor cursor{transaction, Table::MapBlocks};
    for (bool more = cursor.seek(ipv4_key(part, first).view()); more && cursor.key() <= end.view();
         more = cursor.next()) {
        const auto upper =
            store::load_big_endian<std::uint16_t>(cursor.key().data() + kPartKeySize);
        append_ipv4_block(ranges, cursor.value(), upper, window);
    }
    return ranges;
}

std::vector<MapRange<net::Ipv6>> ranges_in(const store::Transaction& transaction, MapPartId part,
                                           net::Ipv6Range window) {
    std::vector<MapRange<net::Ipv6>> ranges;
    const auto starts =
        transaction.get(Table::MapBlocks, MapKey{part, 6}.view()).value_or(std::string_view{});
    const std::size_t count = starts.size() / kAddressSize;
    if (count == 0) {
        return ranges;
    }
    const auto start = [&](std::size_t i) { return load_start(starts.data() + i * kAddressSize); };
    for (std::size_t block =
             last_not_behind(count, [&](std::size_t i) { return start(i) > window.first; });
         block < count && start(block) <= window.last; ++block) {
        const auto bytes =
            transaction
                .get(Table::MapBlocks, ipv6_key(part, static_cast<std::uint32_t>(block)).view())
                .value_or(std::string_view{});
        const std::size_t segments = bytes.size() / kIpv6SegmentSize;
        for (std::size_t i = 0; i < segments; ++i) {
            const char* at = bytes.data() + i * kIpv6SegmentSize;
            const net::Ipv6 last = i + 1 < segments ? previous_to(load_start(at + kIpv6SegmentSize))
                                   : block + 1 < count ? previous_to(start(block + 1))
                                                       : net::everything<net::Ipv6>().last;
            append_clipped(
                ranges, {{load_start(at), last}, store::load_raw<std::uint32_t>(at + kAddressSize)},
                window);
        }
    }
    return ranges;
}

// Writes a block, or nothing in its place where it is empty.
void write_block(store::WriteTransaction& transaction, std::string_view key,
                 const std::string& value, const RememberBlock& remember) {
    const auto known = transaction.get(Table::MapBlocks, key);
    if (known.value_or(std::string_view{}) == value) {
        return;
    }
    if (remember) {
        remember(key, known);
    }
    if (value.empty()) {
        transaction.erase(Table::MapBlocks, key);
    } else if (known) {
        transaction.put(Table::MapBlocks, key, value);
    } else {
        transaction.append(Table::MapBlocks, key, value);
    }
}

// The /16 as it is to be written; empty where nothing is known. Moves `next` on to the first range
// that ends behind it.
std::string ipv4_block(const std::vector<MapRange<net::Ipv4>>& ranges, std::size_t& next,
                       std::uint32_t upper) {
    const net::Ipv4Range window = net::prefix(net::Ipv4{upper << 16}, 16);
    std::string bytes;
    std::uint32_t at = 0;  // of the lower 16 bits, what is not written yet
    const auto segment = [&](std::uint32_t start, std::uint32_t number) {
        store::append_raw(bytes, static_cast<std::uint16_t>(start));
        store::append_raw(bytes, number);
    };
    while (next < ranges.size() && ranges[next].range.first <= window.last) {
        const auto& [range, number] = ranges[next];
        const std::uint32_t first = std::max(range.first, window.first).bits & 0xFFFFU;
        const std::uint32_t last = std::min(range.last, window.last).bits & 0xFFFFU;
        if (first > at) {
            segment(at, 0);
        }
        segment(first, number);
        at = last + 1;
        if (range.last > window.last) {
            break;
        }
        ++next;
    }
    if (!bytes.empty() && at <= 0xFFFF) {
        segment(at, 0);
    }
    return bytes;
}

}  // namespace

std::uint32_t map_number(const store::Transaction& transaction, MapPartId part,
                         net::Ipv4 address) noexcept {
    const auto bytes = transaction.get(Table::MapBlocks, ipv4_key(part, address.bits >> 16).view());
    if (!bytes || bytes->size() < kIpv4SegmentSize) {
        return 0;
    }
    const auto lower = static_cast<std::uint16_t>(address.bits);
    const std::size_t i =
        last_not_behind(bytes->size() / kIpv4SegmentSize, [&](std::size_t segment) {
            return store::load_raw<std::uint16_t>(bytes->data() + segment * kIpv4SegmentSize) >
                   lower;
        });
    return store::load_raw<std::uint32_t>(bytes->data() + i * kIpv4SegmentSize + 2);
}

std::uint32_t map_number(const store::Transaction& transaction, MapPartId part,
                         net::Ipv6 address) noexcept {
    const auto starts = transaction.get(Table::MapBlocks, MapKey{part, 6}.view());
    if (!starts || starts->size() < kAddressSize) {
        return 0;
    }
    const std::size_t block = last_not_behind(starts->size() / kAddressSize, [&](std::size_t i) {
        return load_start(starts->data() + i * kAddressSize) > address;
    });
    const auto bytes =
        transaction.get(Table::MapBlocks, ipv6_key(part, static_cast<std::uint32_t>(block)).view());
    if (!bytes || bytes->size() < kIpv6SegmentSize) {
        return 0;
    }
    const std::size_t i =
        last_not_behind(bytes->size() / kIpv6SegmentSize, [&](std::size_t segment) {
            return load_start(bytes->data() + segment * kIpv6SegmentSize) > address;
        });
    return store::load_raw<std::uint32_t>(bytes->data() + i * kIpv6SegmentSize + kAddressSize);
}

template <class A>
std::vector<MapRange<A>> map_ranges(const store::Transaction& transaction, MapPartId part,
                                    net::Range<A> window) {
    return ranges_in(transaction, part, window);
}
template std::vector<MapRange<net::Ipv4>> map_ranges(const store::Transaction&, MapPartId,
                                                     net::Ipv4Range);
template std::vector<MapRange<net::Ipv6>> map_ranges(const store::Transaction&, MapPartId,
                                                     net::Ipv6Range);

void write_map(store::WriteTransaction& transaction, MapPartId part,
               const std::vector<MapRange<net::Ipv4>>& ranges, const RememberBlock& remember) {
    std::size_t next = 0;
    for (std::uint32_t upper = 0; upper < kIpv4Blocks; ++upper) {
        write_block(transaction, ipv4_key(part, upper).view(), ipv4_block(ranges, next, upper),
                    remember);
    }
}

void write_map(store::WriteTransaction& transaction, MapPartId part,
               const std::vector<MapRange<net::Ipv6>>& ranges, const RememberBlock& remember) {
    std::vector<std::pair<net::Ipv6, std::uint32_t>> segments;
    net::Ipv6 at{};
    bool is_at_end = false;
    for (const auto& [range, number] : ranges) {
        if (at < range.first) {
            segments.emplace_back(at, 0);
        }
        segments.emplace_back(range.first, number);
        is_at_end = range.last == net::everything<net::Ipv6>().last;
        at = next_to(range.last);
    }
    if (!segments.empty() && !is_at_end) {
        segments.emplace_back(at, 0);
    }
    std::string starts;
    std::uint32_t block = 0;
    for (std::size_t i = 0; i < segments.size(); i += kMapBlockSegmentsMax, ++block) {
        std::string bytes;
        for (std::size_t j = i; j < std::min(segments.size(), i + kMapBlockSegmentsMax); ++j) {
            const auto start = net::to_bytes(segments[j].first);
            bytes.append(reinterpret_cast<const char*>(start.data()), start.size());
            store::append_raw(bytes, segments[j].second);
        }
        starts += bytes.substr(0, kAddressSize);
        write_block(transaction, ipv6_key(part, block).view(), bytes, remember);
    }
    const std::size_t blocks_before =
        transaction.get(Table::MapBlocks, MapKey{part, 6}.view()).value_or("").size() /
        kAddressSize;
    for (; block < blocks_before; ++block) {
        write_block(transaction, ipv6_key(part, block).view(), "", remember);
    }
    write_block(transaction, MapKey{part, 6}.view(), starts, remember);
}

namespace {

bool is_number(net::OriginKind kind, std::uint32_t number) {
    return number == 0 || net::is_origin({kind, number});
}

bool is_ipv4_block(net::OriginKind kind, std::string_view value) {
    if (value.empty() || value.size() % kIpv4SegmentSize != 0) {
        return false;
    }
    std::optional<std::pair<std::uint16_t, std::uint32_t>> previous;
    for (std::size_t at = 0; at < value.size(); at += kIpv4SegmentSize) {
        const auto start = store::load_raw<std::uint16_t>(value.data() + at);
        const auto number = store::load_raw<std::uint32_t>(value.data() + at + 2);
        if (!is_number(kind, number) ||
            (previous ? start <= previous->first || number == previous->second : start != 0)) {
            return false;
        }
        previous = {start, number};
    }
    return true;
}

bool is_ipv6_block(net::OriginKind kind, std::string_view value) {
    if (value.empty() || value.size() % kIpv6SegmentSize != 0) {
        return false;
    }
    std::optional<net::Ipv6> previous;
    for (std::size_t at = 0; at < value.size(); at += kIpv6SegmentSize) {
        const net::Ipv6 start = load_start(value.data() + at);
        const auto number = store::load_raw<std::uint32_t>(value.data() + at + kAddressSize);
        if (!is_number(kind, number) || (previous && start <= *previous)) {
            return false;
        }
        previous = start;
    }
    return true;
}

bool are_starts(std::string_view value) {
    if (value.empty() || value.size() % kAddressSize != 0) {
        return false;
    }
    for (std::size_t at = kAddressSize; at < value.size(); at += kAddressSize) {
        if (load_start(value.data() + at) <= load_start(value.data() + at - kAddressSize)) {
            return false;
        }
    }
    return load_start(value.data()) == net::Ipv6{};
}

}  // namespace

bool is_map_block(std::string_view key, std::string_view value) {
    if (key.size() < kPartKeySize || static_cast<unsigned char>(key[4]) > 1) {
        return false;
    }
    const auto kind = static_cast<net::OriginKind>(key[4]);
    if (key[5] == 4) {
        return key.size() == kPartKeySize + 2 && is_ipv4_block(kind, value);
    }
    if (key[5] != 6) {
        return false;
    }
    return key.size() == kPartKeySize
               ? are_starts(value)
               : key.size() == kPartKeySize + 4 && is_ipv6_block(kind, value);
}

}  // namespace ostrakon::policy
