#include "ostrakon/store/ipv4_bucket.hpp"

#include <algorithm>

namespace ostrakon::store {

std::string encode_bucket(std::span<const Ipv4Segment> segments) {
    std::vector<SetId> table;
    table.reserve(segments.size());
    for (const Ipv4Segment& segment : segments) {
        // Most often one set and none take turns; what is left twice is sorted out below.
        const std::size_t size = table.size();
        if (size < 2 || (table[size - 1] != segment.set && table[size - 2] != segment.set)) {
            table.push_back(segment.set);
        }
    }
    std::sort(table.begin(), table.end());
    table.erase(std::unique(table.begin(), table.end()), table.end());
    std::string bytes;
    bytes.reserve(4 + 4 * table.size() + 4 * segments.size());
    append_raw(bytes, static_cast<std::uint16_t>(segments.size() - 1));
    append_raw(bytes, static_cast<std::uint16_t>(table.size() - 1));
    for (const SetId set : table) {
        append_raw(bytes, set);
    }
    for (const Ipv4Segment& segment : segments) {
        append_raw(bytes, segment.start);
    }
    for (const Ipv4Segment& segment : segments) {
        const auto position =
            std::lower_bound(table.begin(), table.end(), segment.set) - table.begin();
        if (table.size() <= 256) {
            append_raw(bytes, static_cast<std::uint8_t>(position));
        } else {
            append_raw(bytes, static_cast<std::uint16_t>(position));
        }
    }
    return bytes;
}

std::vector<Ipv4Segment> decode_bucket(std::string_view bytes) {
    const Ipv4Bucket bucket{bytes.data()};
    std::vector<Ipv4Segment> segments(bucket.segment_count());
    for (std::uint32_t i = 0; i < segments.size(); ++i) {
        segments[i] = {static_cast<std::uint16_t>(bucket.start(i)), bucket.set(i)};
    }
    return segments;
}

bool Ipv4Bucket::is_anything_in(std::uint16_t first, std::uint16_t last) const noexcept {
    for (std::uint32_t segment = segment_of(first); segment < segments_ && start(segment) <= last;
         ++segment) {
        if (set(segment) != 0) {
            return true;
        }
    }
    return false;
}

}  // namespace ostrakon::store
