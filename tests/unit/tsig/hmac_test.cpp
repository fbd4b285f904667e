// Keyed digests, against the vectors of the RFCs.
#include "ostrakon/tsig/hmac.hpp"

#include "support/allocation_counter.hpp"
#include "unit/tsig/messages.hpp"

#include <gtest/gtest.h>

namespace ostrakon::tsig {
namespace {

Mac hmac(Algorithm algorithm, Bytes key, Bytes text) {
    Hmac made{algorithm, key};
    made.update(text);
    return made.finish();
}

// RFC 2202 §3 and RFC 4231 §4.3, §4.7: short keys, and one longer than a block.
TEST(Hmac, IsThatOfTheRfcs) {
    const Message key = message_of("Jefe");
    const Message text = message_of("what do ya want for nothing?");
    const auto of = [&](Algorithm algorithm) { return hex(hmac(algorithm, key, text).view()); };
    EXPECT_EQ(of(Algorithm::Sha1), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    EXPECT_EQ(of(Algorithm::Sha224), "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44");
    EXPECT_EQ(of(Algorithm::Sha256),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(
        of(Algorithm::Sha384),
        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ec"
        "fab21649");
    EXPECT_EQ(
        of(Algorithm::Sha512),
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65"
        "f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
    EXPECT_EQ(hex(hmac(Algorithm::Sha256, Message(131, 0xAA),
                       message_of("Test Using Larger Than Block-Size Key - Hash Key First"))
                      .view()),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hmac, IsTheSameInPieces) {
    const Message text(1000, 0x5A);
    for (const Algorithm algorithm : {Algorithm::Sha1, Algorithm::Sha224, Algorithm::Sha512}) {
        const Mac whole = hmac(algorithm, message_of("key"), text);
        Hmac pieces{algorithm, message_of("key")};
        for (std::size_t at = 0; at < text.size(); at += 100) {
            pieces.update(Bytes{text}.subspan(at, 100));
        }
        Hmac copy = pieces;
        EXPECT_EQ(hex(pieces.finish().view()), hex(whole.view()));
        EXPECT_EQ(hex(copy.finish().view()), hex(whole.view()));
        EXPECT_EQ(whole.size, mac_size(algorithm));
    }
}

TEST(Hmac, AllocatesNothing) {
    const Message key(200, 1);
    const auto before = test::allocation_count();
    hmac(Algorithm::Sha512, key, key);
    EXPECT_EQ(test::allocation_count(), before);
}

TEST(Macs, AreComparedToTheLastByte) {
    const Message one(32, 7);
    for (std::size_t at = 0; at < one.size(); ++at) {
        Message other = one;
        other[at] ^= 0x80;
        EXPECT_FALSE(is_same_mac(one, other)) << at;
    }
    EXPECT_TRUE(is_same_mac(one, Message{one}));
}

}  // namespace
}  // namespace ostrakon::tsig
