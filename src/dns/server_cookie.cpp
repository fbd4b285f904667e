#include "ostrakon/dns/server_cookie.hpp"

#include "ostrakon/dns/wire.hpp"

#include <algorithm>
#include <cstring>

namespace ostrakon::dns {
namespace {

constexpr std::uint8_t kCookieVersion = 1;
constexpr std::size_t kCookieTimeAt = kClientCookieSize + 4;  // behind version and reserved bytes
constexpr std::size_t kHashedSize = kClientCookieSize + 8;    // before the client's address
constexpr std::size_t kCookieHashSize = 8;

// The last 8 bytes of a cookie that begins like `cookie` (RFC 9018 §4.4).
std::uint64_t cookie_hash(std::span<const std::uint8_t> cookie, const net::Address& client,
                          const SipHashKey& secret) noexcept {
    std::array<std::uint8_t, kHashedSize + 16> message;
    std::copy_n(cookie.begin(), kHashedSize, message.begin());
    std::size_t size = kHashedSize;
    if (const auto* const ipv4 = std::get_if<net::Ipv4>(&client)) {
        store_u32(&message[size], ipv4->bits);
        size += 4;
    } else if (const auto* const ipv6 = std::get_if<net::Ipv6>(&client)) {
        const auto bytes = net::to_bytes(*ipv6);
        std::copy(bytes.begin(), bytes.end(), &message[size]);
        size += bytes.size();
    }
    return siphash24(secret, std::span{message}.first(size));
}

void store_hash(std::uint8_t* at, std::uint64_t hash) noexcept {
    for (std::size_t i = 0; i < kCookieHashSize; ++i) {
        at[i] = static_cast<std::uint8_t>(hash >> (8 * i));
    }
}

bool is_made_with(const SipHashKey& secret, std::span<const std::uint8_t> option,
                  const net::Address& client) noexcept {
    std::array<std::uint8_t, kCookieHashSize> hash;
    store_hash(hash.data(), cookie_hash(option, client, secret));
    return std::memcmp(hash.data(), &option[kHashedSize], hash.size()) == 0;
}

}  // namespace

CookieState judge_cookie(std::span<const std::uint8_t> option, const net::Address& client,
                         const CookieSecrets& secrets, UnixTime now) noexcept {
    if (option.size() == kClientCookieSize) {
        return CookieState::ClientOnly;
    }
    if (option.size() != kClientCookieSize + kServerCookieSize ||
        option[kClientCookieSize] != kCookieVersion) {
        return CookieState::Bad;
    }
    // Times have 32 bits and go round (RFC 1982); their difference does not.
    const auto age = static_cast<std::int32_t>(static_cast<std::uint32_t>(now.seconds) -
                                               load_u32(&option[kCookieTimeAt]));
    if (age > kCookieAgeMaxSeconds || age < -kCookieLeadMaxSeconds) {
        return CookieState::Bad;
    }
    if (is_made_with(secrets.newest, option, client)) {
        return age > kCookieRenewalAgeSeconds ? CookieState::GoodButOld : CookieState::Good;
    }
    const bool is_others = secrets.other && is_made_with(*secrets.other, option, client);
    return is_others ? CookieState::GoodButOld : CookieState::Bad;
}

Cookie answer_cookie(std::span<const std::uint8_t> option, const net::Address& client,
                     const CookieSecrets& secrets, UnixTime now) noexcept {
    Cookie cookie{};
    if (judge_cookie(option, client, secrets, now) == CookieState::Good) {
        std::copy_n(option.begin(), cookie.size(), cookie.begin());
        return cookie;
    }
    std::copy_n(option.begin(), kClientCookieSize, cookie.begin());
    cookie[kClientCookieSize] = kCookieVersion;
    store_u32(&cookie[kCookieTimeAt], static_cast<std::uint32_t>(now.seconds));
    store_hash(&cookie[kHashedSize], cookie_hash(cookie, client, secrets.newest));
    return cookie;
}

}  // namespace ostrakon::dns
