// Numbers of the DNS protocol, by their RFC names, and how they lie in a message.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ostrakon::dns {

/// What a question asks for. A query may hold any other 16-bit value too.
enum class RecordType : std::uint16_t {
    A = 1,
    Ns = 2,
    Soa = 6,
    Txt = 16,
    Aaaa = 28,
    Opt = 41,
    Ds = 43,
    Tsig = 250,
    Ixfr = 251,
    Axfr = 252,
    Any = 255,
};

/// True for types that no zone can hold (RFC 6895 §3.1): they ask for an action or travel with one
/// message only.
constexpr bool is_meta(RecordType type) noexcept {
    const auto number = static_cast<std::uint16_t>(type);
    return type == RecordType::Opt || (number >= 128 && number <= 255);
}

enum class RecordClass : std::uint16_t { In = 1, Chaos = 3 };

/// RFC 1035 §4.1.1, with the extended codes of RFC 6891 §9.
enum class Rcode : std::uint16_t {
    NoError = 0,
    FormErr = 1,
    ServFail = 2,
    NxDomain = 3,
    NotImp = 4,
    Refused = 5,
    NotAuth = 9,  ///< RFC 8945 §5.2: the signature is not believed.
    BadVers = 16,
    BadCookie = 23,  ///< RFC 7873 §8
};

/// RFC 8914 §4: why an answer is not what the client hoped for.
enum class ExtendedError : std::uint16_t {
    NotReady = 14,
    Prohibited = 18,
    NotAuthoritative = 20,
    NotSupported = 21,
};

/// Where a record stands in an answer.
enum class Section : std::uint8_t { Answer, Authority, Additional };

inline constexpr std::size_t kHeaderSize = 12;
/// Bytes that every client takes over UDP (RFC 1035 §4.2.1).
inline constexpr std::size_t kUdpSizeWithoutEdns = 512;
/// Bytes of the longest message over TCP (RFC 1035 §4.2.2).
inline constexpr std::size_t kMessageSizeMax = 65535;
/// Bytes of one character-string of a TXT record (RFC 1035 §3.3).
inline constexpr std::size_t kCharacterStringSizeMax = 255;

}  // namespace ostrakon::dns
