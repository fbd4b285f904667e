// Signatures of transfers: what is believed, and what is not. Real servers are asked in axfr_test.
#include "tsig.hpp"

#include <gtest/gtest.h>

namespace ostrakon::fetch {
namespace {

Bytes bytes(std::string_view text) {
    return {text.begin(), text.end()};
}

std::string hex(const Bytes& from) {
    std::string text;
    for (const std::uint8_t byte : from) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

// RFC 2202 §3 and RFC 4231 §4.3, §4.7: short keys, and one longer than a block.
TEST(Hmac, IsThatOfTheRfcs) {
    const Bytes key = bytes("Jefe");
    const Bytes text = bytes("what do ya want for nothing?");
    EXPECT_EQ(hex(hmac(TsigHash::Sha1, key, text)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    EXPECT_EQ(hex(hmac(TsigHash::Sha256, key, text)),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(
        hex(hmac(TsigHash::Sha384, key, text)),
        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ec"
        "fab21649");
    EXPECT_EQ(
        hex(hmac(TsigHash::Sha512, key, text)),
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65"
        "f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
    EXPECT_EQ(hex(hmac(TsigHash::Sha256, Bytes(131, 0xAA),
                       bytes("Test Using Larger Than Block-Size Key - Hash Key First"))),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

// What a server does: the same records as in the session, made by hand here.
class TsigSessionTest : public testing::Test {
protected:
    static constexpr std::uint64_t kTime = 1'800'000'000;

    TsigSessionTest() {
        key_.name = bytes(std::string_view{"\3key\0", 5});
        key_.algorithm = bytes(std::string_view{"\13hmac-sha256\0", 13});
        key_.secret = bytes("secret");
        question_ = write_question(7, *dns::parse_name("example.org"), kTypeAxfr);
        session_.sign(question_, kTime);
        prior_ = read_outline(question_)->tsig->mac.size() == 32 ? mac_of(question_) : Bytes{};
    }
    static Bytes mac_of(const Bytes& message) {
        const auto outline = read_outline(message);
        return {outline->tsig->mac.begin(), outline->tsig->mac.end()};
    }
    // An answer without records whose question is `mark`, so that messages differ.
    static Bytes answer(const char* mark) {
        Bytes message =
            write_question(7, *dns::parse_name(std::string{mark} + ".example.org"), kTypeAxfr);
        message[2] = 0x80;
        return message;
    }
    // Signs as RFC 8945 §5.3.1 says: what came unsigned before belongs to it.
    Bytes signed_answer(Bytes message, bool is_first, const Bytes& before = {},
                        std::uint64_t time = kTime) {
        Bytes text;
        put_16(text, static_cast<std::uint16_t>(prior_.size()));
        text.insert(text.end(), prior_.begin(), prior_.end());
        text.insert(text.end(), before.begin(), before.end());
        text.insert(text.end(), message.begin(), message.end());
        if (is_first) {
            text.insert(text.end(), key_.name.begin(), key_.name.end());
            put_48(text, 0x00FF00000000);  // ANY, TTL 0
            text.insert(text.end(), key_.algorithm.begin(), key_.algorithm.end());
        }
        put_48(text, time);
        put_16(text, 300);
        if (is_first) {
            put_16(text, 0);
            put_16(text, 0);
        }
        prior_ = hmac(key_.hash, key_.secret, text);
        Bytes data = key_.algorithm;
        put_48(data, time);
        put_16(data, 300);
        put_16(data, static_cast<std::uint16_t>(prior_.size()));
        data.insert(data.end(), prior_.begin(), prior_.end());
        put_16(data, 7);
        put_16(data, 0);
        put_16(data, 0);
        message.insert(message.end(), key_.name.begin(), key_.name.end());
        put_16(message, kTypeTsig);
        put_48(message, 0x00FF00000000);
        put_16(message, static_cast<std::uint16_t>(data.size()));
        message.insert(message.end(), data.begin(), data.end());
        message[11] = 1;
        return message;
    }
    std::string take(const Bytes& message, std::uint64_t time = kTime) {
        const auto outline = read_outline(message);
        return outline ? session_.take(message, *outline, time) : "no outline";
    }

    TsigKey key_;
    TsigSession session_{key_};
    Bytes question_, prior_;
};

TEST_F(TsigSessionTest, BelievesASignedTransfer) {
    EXPECT_EQ(take(signed_answer(answer("a"), true)), "");
    EXPECT_TRUE(session_.is_settled());
    const Bytes second = answer("b");
    const Bytes third = answer("c");
    EXPECT_EQ(take(second), "");
    EXPECT_FALSE(session_.is_settled());
    EXPECT_EQ(take(third), "");
    Bytes before = second;
    before.insert(before.end(), third.begin(), third.end());
    EXPECT_EQ(take(signed_answer(answer("d"), false, before)), "");
    EXPECT_TRUE(session_.is_settled());
}

TEST_F(TsigSessionTest, BeginsWithASignature) {
    EXPECT_NE(take(answer("a")), "");
    EXPECT_FALSE(session_.is_settled());
}

TEST_F(TsigSessionTest, NoticesWhatIsChangedInAnyByte) {
    const Bytes good = signed_answer(answer("a"), true);
    for (std::size_t at = 2; at < good.size(); ++at) {
        Bytes bad = good;
        bad[at] ^= 0x01;
        EXPECT_NE(take(bad), "") << at;
    }
    EXPECT_EQ(take(good), "");
}

TEST_F(TsigSessionTest, NoticesWhatIsLeftOutOrChangedBetweenSignatures) {
    EXPECT_EQ(take(signed_answer(answer("a"), true)), "");
    const Bytes second = answer("b");
    EXPECT_EQ(take(answer("x")), "");
    EXPECT_NE(take(signed_answer(answer("c"), false, second)), "");
    EXPECT_FALSE(session_.is_settled());
}

TEST_F(TsigSessionTest, DoesNotWaitForASignatureForEver) {
    EXPECT_EQ(take(signed_answer(answer("a"), true)), "");
    for (int i = 0; i < 99; ++i) {
        EXPECT_EQ(take(answer("b")), "");
    }
    EXPECT_NE(take(answer("b")), "");
}

TEST_F(TsigSessionTest, DoesNotBelieveOldSignatures) {
    const Bytes answered = signed_answer(answer("a"), true);
    EXPECT_NE(take(answered, kTime + 301), "");
    EXPECT_NE(take(answered, kTime - 301), "");
    EXPECT_EQ(take(answered, kTime + 300), "");
}

TEST_F(TsigSessionTest, DoesNotTakeAnAnswerToAnotherQuestion) {
    prior_ = Bytes(32, 0);
    EXPECT_NE(take(signed_answer(answer("a"), true)), "");
}

TEST(MessageOutlineTest, IsReadWithinItsBounds) {
    const Bytes whole = write_question(7, *dns::parse_name("example.org"), kTypeAxfr);
    EXPECT_TRUE(read_outline(whole));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(read_outline(ByteSpan{whole}.first(size))) << size;
    }
    Bytes longer = whole;
    longer.push_back(0);
    EXPECT_FALSE(read_outline(longer));
    for (std::size_t at = 4; at < kDnsHeaderSize; ++at) {
        Bytes more = whole;
        more[at] = 0xFF;
        EXPECT_FALSE(read_outline(more)) << at;
    }
}

}  // namespace
}  // namespace ostrakon::fetch
