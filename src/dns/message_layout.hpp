// Bits and sizes of a message that its reader and its writer share.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ostrakon::dns {

// The flags of the header (RFC 1035 §4.1.1), with CD of RFC 4035.
inline constexpr std::uint16_t kQr = 0x8000;
inline constexpr std::uint16_t kAa = 0x0400;
inline constexpr std::uint16_t kTc = 0x0200;
inline constexpr std::uint16_t kRd = 0x0100;
inline constexpr std::uint16_t kCd = 0x0010;
inline constexpr unsigned kOpcodeShift = 11;
inline constexpr unsigned kOpcodeMask = 0xF;

inline constexpr std::uint16_t kPointer = 0xC000;    ///< Before the 14 bits of a target.
inline constexpr std::size_t kRecordFixedSize = 10;  ///< Type, class, TTL, length of the data.

// EDNS (RFC 6891 §6.1).
inline constexpr std::uint16_t kDnssecOk = 0x8000;     ///< In the lower half of the OPT's TTL.
inline constexpr std::size_t kOptionFixedSize = 4;     ///< Code, length.
inline constexpr std::uint16_t kOptionNsid = 3;        ///< RFC 5001
inline constexpr std::uint16_t kOptionCookie = 10;     ///< RFC 7873
inline constexpr std::uint16_t kOptionKeepalive = 11;  ///< RFC 7828

}  // namespace ostrakon::dns
