// The name index: what is listed at each name that some listing names, and what below it.
//
// Key: dns::reversed_key. Value: u32 set of the name itself, u32 set of every name below it that
// has no node nearer (both are final: they include what parents give), u8 label count of the
// nearest ancestor that has a node, 0 for none. A mail address has a node as the name that is asked
// for; it is no ancestor.
#pragma once

#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/ipv4_bucket.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace ostrakon::store {

struct NameNode {
    SetId self = 0;
    SetId below = 0;
    std::uint8_t ancestor_labels = 0;
    friend bool operator==(const NameNode&, const NameNode&) = default;
};

inline std::string encode(const NameNode& node) {
    std::string bytes;
    append_raw(bytes, node.self);
    append_raw(bytes, node.below);
    append_raw(bytes, node.ancestor_labels);
    return bytes;
}

inline NameNode decode_name_node(std::string_view bytes) noexcept {
    return {load_raw<SetId>(bytes.data()), load_raw<SetId>(bytes.data() + 4),
            load_raw<std::uint8_t>(bytes.data() + 8)};
}

}  // namespace ostrakon::store
