// What is believed of answers to a signed question: of one, and of whole transfers. Real servers
// are asked in fetch/axfr_test.
#include "ostrakon/tsig/asking.hpp"

#include "unit/tsig/messages.hpp"

#include <gtest/gtest.h>

namespace ostrakon::tsig {
namespace {

class SessionTest : public testing::Test {
protected:
    SessionTest() {
        question_ = question();
        session_.sign(question_, kTime);
        record_ = record_of(question_);
        signer_.emplace(record_, &key_, Finding::Good);
    }

    Doubt take(const Message& message, UnixTime time = kTime) {
        return tsig::take(session_, message, time);
    }
    // A signed message in whose MAC are those before it that are not signed (RFC 8945 §5.3.1).
    Message signed_after(const std::vector<Message>& unsigned_ones, const Message& message) {
        Hmac hmac{key_.algorithm, key_.secret_bytes()};
        const std::vector<std::uint8_t> size{0, 32};
        hmac.update(size);
        hmac.update(prior_);
        for (const Message& each : unsigned_ones) {
            hmac.update(each);
        }
        hmac.update(message);
        Message timers(8);
        dns::store_u32(&timers[2], static_cast<std::uint32_t>(kTime.seconds));
        dns::store_u16(&timers[6], 300);
        hmac.update(timers);
        const Mac mac = hmac.finish();
        AnswerSigner form{record_, &key_, Finding::Good};
        Message result = signed_by(form, message);
        const auto at = static_cast<std::size_t>(record_of(result).mac.data() - result.data());
        std::copy_n(mac.bytes.begin(), mac.size, result.begin() + static_cast<std::ptrdiff_t>(at));
        return result;
    }
    Message first() {
        Message message = signed_by(*signer_, answer("a.example.org"));
        const Record record = record_of(message);
        prior_.assign(record.mac.begin(), record.mac.end());
        return message;
    }

    Key key_ = key_of();
    Session session_{key_};
    Message question_;
    Record record_;
    std::optional<AnswerSigner> signer_;
    Message prior_;
};

TEST_F(SessionTest, BelievesATransferThatIsSignedInPart) {
    EXPECT_EQ(take(first()), Doubt::None);
    EXPECT_TRUE(session_.is_settled());
    const Message second = answer("b.example.org");
    const Message third = answer("c.example.org");
    EXPECT_EQ(take(second), Doubt::None);
    EXPECT_FALSE(session_.is_settled());
    EXPECT_EQ(take(third), Doubt::None);
    EXPECT_EQ(take(signed_after({second, third}, answer("d.example.org"))), Doubt::None);
    EXPECT_TRUE(session_.is_settled());
}

TEST_F(SessionTest, BeginsWithASignature) {
    EXPECT_EQ(take(answer()), Doubt::NotSigned);
    EXPECT_FALSE(session_.is_settled());
}

TEST_F(SessionTest, NoticesWhatIsLeftOutOrChangedBetweenSignatures) {
    EXPECT_EQ(take(first()), Doubt::None);
    EXPECT_EQ(take(answer("x.example.org")), Doubt::None);
    EXPECT_EQ(take(signed_after({answer("b.example.org")}, answer("c.example.org"))),
              Doubt::WrongMac);
    EXPECT_FALSE(session_.is_settled());
}

TEST_F(SessionTest, NoticesWhatIsChangedInAnyByte) {
    const Message good = first();
    for (std::size_t at = 2; at < good.size(); ++at) {
        Message bad = good;
        bad[at] ^= 0x01;
        const auto begin = find_record(bad);
        Record record;
        if (begin && *begin != 0 && read_record(bad, *begin, record)) {
            EXPECT_NE(session_.take(bad, &record, kTime), Doubt::None) << at;
        }
    }
    EXPECT_EQ(take(good), Doubt::None);
}

TEST_F(SessionTest, DoesNotWaitForASignatureForEver) {
    EXPECT_EQ(take(first()), Doubt::None);
    for (unsigned i = 0; i < kUnsignedMessagesMax; ++i) {
        EXPECT_EQ(take(answer()), Doubt::None);
    }
    EXPECT_EQ(take(answer()), Doubt::TooManyUnsigned);
}

TEST_F(SessionTest, DoesNotBelieveOldSignatures) {
    const Message message = first();
    EXPECT_EQ(take(message, {kTime.seconds + 301}), Doubt::WrongTime);
    EXPECT_EQ(take(message, {kTime.seconds - 301}), Doubt::WrongTime);
    EXPECT_EQ(take(message, {kTime.seconds + 300}), Doubt::None);
}

TEST_F(SessionTest, DoesNotTakeAnAnswerToAnotherQuestion) {
    const Message other = signed_question(key_, {kTime.seconds + 1});
    const Record record = record_of(other);
    AnswerSigner signer{record, &key_, Finding::Good};
    EXPECT_EQ(take(signed_by(signer, answer())), Doubt::WrongMac);
}

TEST_F(SessionTest, DoesNotTakeAnotherKey) {
    Key other = key_;
    other.name = *key_name("other.example.org");
    const Message asked = signed_question(other);
    const Record record = record_of(asked);
    AnswerSigner signer{record, &other, Finding::Good};
    EXPECT_EQ(take(signed_by(signer, answer())), Doubt::OtherKey);
}

}  // namespace
}  // namespace ostrakon::tsig
