// DNS cookies of the kind that servers of different makers share (RFC 7873, RFC 9018).
//
// A client that shows a cookie of ours has had an answer of ours at this address: its packets are
// not forged by somebody elsewhere. What is done for such a client is decided by others.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/dns/siphash.hpp"
#include "ostrakon/net/address.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace ostrakon::dns {

inline constexpr std::size_t kClientCookieSize = 8;
inline constexpr std::size_t kServerCookieSize = 16;
/// Seconds that a server cookie is good for (RFC 9018 §4.3).
inline constexpr std::int32_t kCookieAgeMaxSeconds = 3600;
/// Seconds that the clock of another server of the fleet may be ahead (RFC 9018 §4.3).
inline constexpr std::int32_t kCookieLeadMaxSeconds = 300;
/// From this age on a new cookie goes out (RFC 9018 §4.3).
inline constexpr std::int32_t kCookieRenewalAgeSeconds = 1800;

/// A COOKIE option of an answer: the client's cookie and the server's.
using Cookie = std::array<std::uint8_t, kClientCookieSize + kServerCookieSize>;

/// What cookies are made and known with. All servers behind one address share it.
struct CookieSecrets {
    SipHashKey newest{};              ///< Makes cookies, and verifies them.
    std::optional<SipHashKey> other;  ///< Only verifies, while secrets are rolled over.
};

enum class CookieState : std::uint8_t {
    ClientOnly,  ///< No server cookie yet.
    Bad,         ///< A server cookie that is not ours, not this client's, or too old.
    Good,
    GoodButOld,  ///< To be replaced by a new one.
};

/// Judges a COOKIE option, as long as dns::Edns has them, that came from `client`.
CookieState judge_cookie(std::span<const std::uint8_t> option, const net::Address& client,
                         const CookieSecrets& secrets, UnixTime now) noexcept;

/// The COOKIE option to answer `option` with: the same one where it is good, else with a new server
/// cookie.
Cookie answer_cookie(std::span<const std::uint8_t> option, const net::Address& client,
                     const CookieSecrets& secrets, UnixTime now) noexcept;

}  // namespace ostrakon::dns
