// Server cookies: those of RFC 9018's examples, and when one is good.
#include "ostrakon/dns/server_cookie.hpp"

#include "support/allocation_counter.hpp"
#include "support/hex.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ostrakon::dns {
namespace {

using test::from_hex;
using test::to_hex;

SipHashKey key(std::string_view digits) {
    SipHashKey secret;
    const auto bytes = from_hex(digits);
    std::copy_n(bytes.begin(), secret.size(), secret.begin());
    return secret;
}

const net::Address kClient = *net::parse_address("198.51.100.100");
const CookieSecrets kSecrets{key("e5e973e5a6b2a43f48e7dc849e37bfcf"), std::nullopt};
constexpr UnixTime kThen{1'559'731'985};
constexpr std::string_view kClientPart = "2464c4abcf10c957";

std::string answer(std::string_view option, const net::Address& client,
                   const CookieSecrets& secrets, UnixTime now) {
    return to_hex(answer_cookie(from_hex(option), client, secrets, now));
}

CookieState judge(std::string_view option, UnixTime now, const net::Address& client = kClient,
                  const CookieSecrets& secrets = kSecrets) {
    return judge_cookie(from_hex(option), client, secrets, now);
}

// The cookie that a client gets at kThen.
std::string cookie() {
    return answer(kClientPart, kClient, kSecrets, kThen);
}

TEST(ServerCookie, Rfc9018AppendixA1LearningANewOne) {
    EXPECT_EQ(cookie(), "2464c4abcf10c957010000005cf79f111f8130c3eee29480");
}

TEST(ServerCookie, Rfc9018AppendixA2LearningARenewedOne) {
    EXPECT_EQ(answer("2464c4abcf10c957010000005cf79f111f8130c3eee29480", kClient, kSecrets,
                     {1'559'734'385}),
              "2464c4abcf10c957010000005cf7a871d4a564a1442aca77");
}

// The reserved bytes that came are part of what is hashed.
TEST(ServerCookie, Rfc9018AppendixA3AnotherClientLearningARenewedOne) {
    const net::Address client = *net::parse_address("203.0.113.203");
    constexpr std::string_view kSent = "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5";
    EXPECT_EQ(judge(kSent, {1'559'731'000}, client), CookieState::GoodButOld);
    EXPECT_EQ(answer(kSent, client, kSecrets, {1'559'734'700}),
              "fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e");
}

TEST(ServerCookie, Rfc9018AppendixA4Ipv6AndASecretThatWasRolledOver) {
    const net::Address client = *net::parse_address("2001:db8:220:1:59de:d0f4:8769:82b8");
    const CookieSecrets rolled{key("445536bcd2513298075a5d379663c962"),
                               key("dd3bdf9344b678b185a6f5cb60fca715")};
    constexpr std::string_view kSent = "22681ab97d52c298010000005cf7c57926556bd0934c72f8";
    constexpr UnixTime kNow{1'559'741'961};
    EXPECT_EQ(judge(kSent, kNow, client, rolled), CookieState::GoodButOld);
    EXPECT_EQ(answer(kSent, client, rolled, kNow),
              "22681ab97d52c298010000005cf7c609a6bb79d16625507a");
    EXPECT_EQ(judge(kSent, kNow, client, {rolled.newest, std::nullopt}), CookieState::Bad);
}

TEST(ServerCookie, Rfc9018Section4_3IsGoodForAnHourAndAheadByFiveMinutes) {
    const auto at = [](std::int64_t age) { return judge(cookie(), {kThen.seconds + age}); };
    EXPECT_EQ(at(0), CookieState::Good);
    EXPECT_EQ(at(1800), CookieState::Good);
    EXPECT_EQ(at(1801), CookieState::GoodButOld);
    EXPECT_EQ(at(3600), CookieState::GoodButOld);
    EXPECT_EQ(at(3601), CookieState::Bad);
    EXPECT_EQ(at(-300), CookieState::Good);
    EXPECT_EQ(at(-301), CookieState::Bad);
}

TEST(ServerCookie, Rfc9018Section4_3StaysTheSameUntilHalfAnHourIsOver) {
    EXPECT_EQ(answer(cookie(), kClient, kSecrets, {kThen.seconds + 1800}), cookie());
    EXPECT_NE(answer(cookie(), kClient, kSecrets, {kThen.seconds + 1801}), cookie());
}

// The 32 bits of the time go round in 2106 (RFC 9018 §4.3).
TEST(ServerCookie, Rfc9018Section4_3SurvivesTheEndOf32Bits) {
    constexpr std::int64_t kEnd = std::int64_t{1} << 32;
    const std::string before = answer(kClientPart, kClient, kSecrets, {kEnd - 10});
    EXPECT_EQ(judge(before, {kEnd + 10}), CookieState::Good);
    EXPECT_EQ(judge(before, {kEnd + 3600}), CookieState::Bad);
}

TEST(ServerCookie, Rfc9018Section4_4HoldsForThisClientAlone) {
    EXPECT_EQ(judge(cookie(), kThen, *net::parse_address("198.51.100.101")), CookieState::Bad);
    EXPECT_EQ(judge(cookie(), kThen, *net::parse_address("2001:db8::1")), CookieState::Bad);
}

TEST(ServerCookie, IsBadWhereABitDiffers) {
    const auto good = from_hex(cookie());
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        auto changed = good;
        changed[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        EXPECT_EQ(judge_cookie(changed, kClient, kSecrets, kThen), CookieState::Bad) << bit;
    }
}

TEST(ServerCookie, OfAnotherMakerIsNotOurs) {
    EXPECT_EQ(judge(kClientPart, kThen), CookieState::ClientOnly);
    const std::string longest = std::string{kClientPart} + std::string(64, '0');
    for (std::size_t digits = 32; digits <= longest.size(); digits += 2) {
        EXPECT_EQ(judge(longest.substr(0, digits), kThen), CookieState::Bad) << digits;
    }
    EXPECT_EQ(answer(longest, kClient, kSecrets, kThen), cookie());
}

TEST(ServerCookie, AllocatesNothing) {
    const auto option = from_hex(cookie());
    const auto before = test::allocation_count();
    EXPECT_EQ(judge_cookie(option, kClient, kSecrets, kThen), CookieState::Good);
    EXPECT_EQ(test::allocation_count(), before);
}

}  // namespace
}  // namespace ostrakon::dns
