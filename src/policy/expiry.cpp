#include "ostrakon/policy/expiry.hpp"

#include "ostrakon/store/codec.hpp"

namespace ostrakon::policy {

std::string expiry_key(std::int64_t seconds, ExpiryKind kind, std::uint32_t id) {
    std::string key;
    store::append_big_endian(key, static_cast<std::uint64_t>(seconds));
    key.push_back(static_cast<char>(kind));
    store::append_big_endian(key, id);
    return key;
}

Ending decode_expiry_key(std::string_view key) noexcept {
    return {static_cast<std::int64_t>(store::load_big_endian<std::uint64_t>(key.data())),
            static_cast<ExpiryKind>(key[8]), store::load_big_endian<std::uint32_t>(key.data() + 9)};
}

}  // namespace ostrakon::policy
