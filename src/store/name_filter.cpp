#include "ostrakon/store/name_filter.hpp"

#include <algorithm>

namespace ostrakon::store {

std::string encode_filter_bucket(std::span<const std::uint16_t> ascending) {
    std::string bytes;
    bytes.reserve(sizeof(std::uint32_t) + ascending.size_bytes());
    append_raw(bytes, static_cast<std::uint32_t>(ascending.size()));
    for (const std::uint16_t entry : ascending) {
        append_raw(bytes, entry);
    }
    return bytes;
}

std::vector<std::uint16_t> decode_filter_bucket(std::string_view bytes) {
    std::vector<std::uint16_t> entries;
    if (bytes.size() < sizeof(std::uint32_t)) {
        return entries;
    }
    const std::string_view packed = bytes.substr(sizeof(std::uint32_t));
    entries.resize(std::min<std::size_t>(load_raw<std::uint32_t>(bytes.data()),
                                         packed.size() / sizeof(std::uint16_t)));
    for (std::size_t i = 0; i < entries.size(); ++i) {
        entries[i] = load_raw<std::uint16_t>(packed.data() + sizeof(std::uint16_t) * i);
    }
    return entries;
}

}  // namespace ostrakon::store
