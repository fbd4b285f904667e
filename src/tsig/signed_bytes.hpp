// What a MAC is made over, and how a TSIG record is put behind a message: for both sides. Included
// by this module's sources only.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/dns/protocol.hpp"
#include "ostrakon/dns/wire.hpp"
#include "ostrakon/tsig/hmac.hpp"
#include "ostrakon/tsig/record.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace ostrakon::tsig {

inline constexpr std::uint16_t kFudgeSeconds = 300;  // RFC 8945 §10
inline constexpr std::size_t kRecordFixedSize = 10;  // type, class, TTL, length
inline constexpr std::size_t kTimeSize = 6;
/// Time, fudge, MAC's size, original id, error, size of the other data.
inline constexpr std::size_t kDataFixedSize = kTimeSize + 2 + 2 + 2 + 2 + 2;
inline constexpr std::uint16_t kClassAnyNumber = 255;

inline Bytes as_bytes(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline void update_u16(Hmac& hmac, std::uint16_t value) noexcept {
    std::array<std::uint8_t, 2> bytes{};
    dns::store_u16(bytes.data(), value);
    hmac.update(bytes);
}

inline void store_u48(std::uint8_t* at, std::uint64_t value) noexcept {
    dns::store_u16(at, static_cast<std::uint16_t>(value >> 32));
    dns::store_u32(at + 2, static_cast<std::uint32_t>(value));
}

/// A MAC that goes before another message, behind its size.
inline void update_prior(Hmac& hmac, Bytes mac) noexcept {
    update_u16(hmac, static_cast<std::uint16_t>(mac.size()));
    hmac.update(mac);
}

/// A message as it was before its record was put behind it (RFC 8945 §4.3.2).
inline void update_unsigned_form(Hmac& hmac, Bytes message, const Record& record) noexcept {
    std::array<std::uint8_t, dns::kHeaderSize> header{};
    std::copy_n(message.begin(), header.size(), header.begin());
    dns::store_u16(header.data(), record.original_id);
    dns::store_u16(&header[10], static_cast<std::uint16_t>(dns::load_u16(&header[10]) - 1));
    hmac.update(header);
    hmac.update(message.subspan(header.size(), record.begin - header.size()));
}

/// What a record says besides its MAC.
struct Variables {
    std::string_view name, algorithm;  ///< In wire form, lower-cased.
    std::uint64_t time = 0;
    std::uint16_t fudge = kFudgeSeconds;
    std::uint16_t error = 0;
    Bytes other = {};
};

/// RFC 8945 §4.3.3; and §5.3.1: of a stream's later messages the timers alone.
inline void update_timers(Hmac& hmac, const Variables& variables) noexcept {
    std::array<std::uint8_t, kTimeSize> time{};
    store_u48(time.data(), variables.time);
    hmac.update(time);
    update_u16(hmac, variables.fudge);
}

inline void update_variables(Hmac& hmac, const Variables& variables) noexcept {
    hmac.update(as_bytes(variables.name));
    update_u16(hmac, kClassAnyNumber);
    update_u16(hmac, 0);  // the TTL, 0
    update_u16(hmac, 0);
    hmac.update(as_bytes(variables.algorithm));
    update_timers(hmac, variables);
    update_u16(hmac, variables.error);
    update_u16(hmac, static_cast<std::uint16_t>(variables.other.size()));
    hmac.update(variables.other);
}

inline std::size_t record_size(const Variables& variables, std::size_t mac_size) noexcept {
    return variables.name.size() + kRecordFixedSize + variables.algorithm.size() + kDataFixedSize +
           mac_size + variables.other.size();
}

/// Writes the record behind the message of `size` bytes and counts it in the header; returns the
/// size of both.
inline std::size_t append_record(std::span<std::uint8_t> buffer, std::size_t size,
                                 const Variables& variables, Bytes mac) noexcept {
    std::uint8_t* at = &buffer[size];
    const auto put_16 = [&at](std::uint16_t value) {
        dns::store_u16(at, value);
        at += 2;
    };
    at = std::copy(variables.name.begin(), variables.name.end(), at);
    put_16(static_cast<std::uint16_t>(dns::RecordType::Tsig));
    put_16(kClassAnyNumber);
    put_16(0);  // the TTL
    put_16(0);
    put_16(static_cast<std::uint16_t>(variables.algorithm.size() + kDataFixedSize + mac.size() +
                                      variables.other.size()));
    at = std::copy(variables.algorithm.begin(), variables.algorithm.end(), at);
    store_u48(at, variables.time);
    at += kTimeSize;
    put_16(variables.fudge);
    put_16(static_cast<std::uint16_t>(mac.size()));
    at = std::copy(mac.begin(), mac.end(), at);
    put_16(dns::load_u16(buffer.data()));  // the original id is the message's own
    put_16(variables.error);
    put_16(static_cast<std::uint16_t>(variables.other.size()));
    std::copy(variables.other.begin(), variables.other.end(), at);
    dns::store_u16(&buffer[10], static_cast<std::uint16_t>(dns::load_u16(&buffer[10]) + 1));
    return size + record_size(variables, mac.size());
}

inline std::uint64_t seconds_of(UnixTime time) noexcept {
    return static_cast<std::uint64_t>(time.seconds);
}

/// Whether a clock is within the time that a record allows for.
inline bool is_in_time(const Record& record, UnixTime now) noexcept {
    const std::uint64_t time = seconds_of(now);
    return (time > record.time ? time - record.time : record.time - time) <= record.fudge;
}

}  // namespace ostrakon::tsig
