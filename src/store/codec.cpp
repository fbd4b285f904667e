#include "ostrakon/store/codec.hpp"

namespace ostrakon::store {

// Variable-length: seven bits a byte, the lowest first, the top bit says that more follow.
Encoder& Encoder::number(std::uint64_t value) {
    while (value >= 0x80) {
        bytes_.push_back(static_cast<char>(value | 0x80));
        value >>= 7;
    }
    bytes_.push_back(static_cast<char>(value));
    return *this;
}

Encoder& Encoder::text(std::string_view value) {
    number(value.size());
    bytes_.append(value);
    return *this;
}

std::uint64_t Decoder::number() noexcept {
    if (rest_.empty()) {
        return 0;
    }
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (rest_.empty()) {
            damaged_ = true;
            return 0;
        }
        const auto byte = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        value |= std::uint64_t{byte & 0x7FU} << shift;
        if ((byte & 0x80) == 0) {
            return value;
        }
    }
    damaged_ = true;
    return 0;
}

std::string_view Decoder::text() noexcept {
    const std::uint64_t size = number();
    if (size > rest_.size()) {
        damaged_ = true;
        rest_ = {};
        return {};
    }
    const std::string_view value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return value;
}

}  // namespace ostrakon::store
