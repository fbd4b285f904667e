#include "ostrakon/store/ipv6_block.hpp"

namespace ostrakon::store {

std::string ipv6_key(net::Ipv6 address) {
    const auto bytes = net::to_bytes(address);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string encode_block(std::span<const Ipv6Segment> segments) {
    std::string bytes;
    bytes.reserve(2 + 20 * segments.size());
    append_raw(bytes, static_cast<std::uint16_t>(segments.size()));
    for (const Ipv6Segment& segment : segments) {
        bytes += ipv6_key(segment.start);
    }
    for (const Ipv6Segment& segment : segments) {
        append_raw(bytes, segment.set);
    }
    return bytes;
}

std::vector<Ipv6Segment> decode_block(std::string_view bytes) {
    const Ipv6Block block{bytes.data()};
    std::vector<Ipv6Segment> segments(block.segment_count());
    for (std::uint32_t i = 0; i < segments.size(); ++i) {
        segments[i] = {block.start(i), block.set(i)};
    }
    return segments;
}

}  // namespace ostrakon::store
