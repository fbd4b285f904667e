// Records as bytes: fixed-size little-endian numbers and length-prefixed strings, big-endian
// numbers in keys.
//
// Keys are big-endian so that their order is the order of the numbers. Reading is bounded: a
// damaged record sets is_damaged and yields zeros, never a read past its end.
#pragma once

#include "ostrakon/net/address.hpp"

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::store {

/// Appends the bytes of an integer in host order (the database never leaves its machine).
template <class T>
void append_raw(std::string& out, T value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// Reads an integer at any alignment.
template <class T>
T load_raw(const char* at) noexcept {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

/// Appends an unsigned integer, most significant byte first.
template <class T>
void append_big_endian(std::string& out, T value) {
    for (int shift = (static_cast<int>(sizeof value) - 1) * 8; shift >= 0; shift -= 8) {
        out.push_back(static_cast<char>(static_cast<unsigned char>(value >> shift)));
    }
}

/// Reads what append_big_endian wrote; `at` has sizeof(T) bytes.
template <class T>
T load_big_endian(const char* at) noexcept {
    T value = 0;
    for (std::size_t i = 0; i < sizeof value; ++i) {
        value = static_cast<T>(static_cast<T>(value << 8) | static_cast<unsigned char>(at[i]));
    }
    return value;
}

/// Writes one record, field by field.
class Encoder {
public:
    Encoder& number(std::uint64_t value);
    Encoder& text(std::string_view value);
    Encoder& flag(bool value) { return number(value ? 1 : 0); }
    template <class T>
    Encoder& maybe(const std::optional<T>& value, std::uint64_t (*as_number)(const T&)) {
        flag(value.has_value());
        return value ? number(as_number(*value)) : *this;
    }
    std::string take() { return std::move(bytes_); }
    std::size_t size() const { return bytes_.size(); }

private:
    std::string bytes_;
};

/// Reads one record in the order in which it was written. Later fields of an older record read as
/// zero and empty.
class Decoder {
public:
    explicit Decoder(std::string_view bytes) noexcept : rest_(bytes) {}
    std::uint64_t number() noexcept;
    /// Borrowed from the record.
    std::string_view text() noexcept;
    bool flag() noexcept { return number() != 0; }
    bool is_damaged() const noexcept { return damaged_; }

private:
    std::string_view rest_;
    bool damaged_ = false;
};

}  // namespace ostrakon::store
