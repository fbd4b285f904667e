// The TSIG record of a message (RFC 8945 §4.2), read from bytes that anybody may have sent.
//
// Nothing is allocated or thrown, and nothing read outside the message.
#pragma once

#include "ostrakon/dns/name.hpp"
#include "ostrakon/tsig/hmac.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ostrakon::tsig {

/// The error field, RFC 8945 §3.
enum class TsigError : std::uint16_t {
    None = 0,
    BadSig = 16,
    BadKey = 17,
    BadTime = 18,
    BadTrunc = 22,
};

/// A name in wire form, lower-cased, without pointers: as it is signed (RFC 8945 §4.3.3).
struct WireName {
    std::array<char, dns::kNameSizeMax> bytes{};
    std::size_t size = 0;
    std::string_view view() const noexcept { return {bytes.data(), size}; }
};

/// The spans borrow the message.
struct Record {
    std::size_t begin = 0;  ///< Where in the message it begins.
    WireName name, algorithm;
    std::uint64_t time = 0;
    std::uint16_t fudge = 0;
    Bytes mac;
    std::uint16_t original_id = 0;
    std::uint16_t error = 0;
    Bytes other;
};

/// Reads the record that begins at this byte of a message; false where it is malformed.
bool read_record(Bytes message, std::size_t begin, Record& record) noexcept;

/// Where the TSIG begins that is the last record of a message, whose other records are stepped
/// over; 0: it has none. Nothing where the message does not hold what its header says, has bytes
/// behind that, or a TSIG elsewhere.
std::optional<std::size_t> find_record(Bytes message) noexcept;

}  // namespace ostrakon::tsig
