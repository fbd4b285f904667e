// What is thought of signed requests, and how their answers are signed (RFC 8945 §5.2, §5.3).
#include "ostrakon/tsig/answering.hpp"

#include "support/allocation_counter.hpp"
#include "unit/tsig/messages.hpp"

#include <gtest/gtest.h>

namespace ostrakon::tsig {
namespace {

Finding finding(const Message& request, const Key* key, UnixTime time = kTime) {
    return verify_request(request, record_of(request), key, time);
}

TEST(SignedRequest, IsGoodWithItsKeyAndTime) {
    for (const Algorithm algorithm : {Algorithm::Sha1, Algorithm::Sha224, Algorithm::Sha256,
                                      Algorithm::Sha384, Algorithm::Sha512}) {
        const Key key = key_of(algorithm);
        const Message request = signed_question(key);
        EXPECT_EQ(finding(request, &key), Finding::Good);
        EXPECT_EQ(record_of(request).mac.size(), mac_size(algorithm));
    }
}

TEST(SignedRequest, NamesItsKeyInAnyCaseAndByPointers) {
    const Key key = key_of();
    Message request = signed_question(key);
    const Record record = record_of(request);
    const std::size_t name_size = key.name.wire().size();
    Message upper = request;
    for (std::size_t i = 0; i < name_size; ++i) {
        upper[record.begin + i] = static_cast<std::uint8_t>(std::toupper(upper[record.begin + i]));
    }
    EXPECT_EQ(finding(upper, &key), Finding::Good);
    // "partner" and a pointer to example.org in the question.
    Message pointing = request;
    const auto at = pointing.begin() + static_cast<std::ptrdiff_t>(record.begin) + 8;
    pointing.erase(at, at + 13);
    const Message pointer{0xC0, 0x0C};
    pointing.insert(pointing.begin() + static_cast<std::ptrdiff_t>(record.begin) + 8,
                    pointer.begin(), pointer.end());
    EXPECT_EQ(finding(pointing, &key), Finding::Good);
}

// RFC 8945 §5.2.1
TEST(SignedRequest, HasAnUnknownKey) {
    const Key key = key_of();
    const Key other = key_of(Algorithm::Sha512);
    const Message request = signed_question(key);
    EXPECT_EQ(finding(request, nullptr), Finding::BadKey);
    EXPECT_EQ(finding(request, &other), Finding::BadKey);
}

// RFC 8945 §5.2.2
TEST(SignedRequest, IsNotBelievedWithAnyByteChanged) {
    const Key key = key_of();
    const Message good = signed_question(key);
    const std::size_t begin = record_of(good).begin;
    const std::size_t name_end = begin + key.name.wire().size();
    for (std::size_t at = 2; at < good.size(); ++at) {
        if (at >= 4 && at < 12) {
            continue;  // counts: then it is no message, or another record is its last
        }
        Message bad = good;
        bad[at] ^= 0x01;
        Record record;
        if (!read_record(bad, begin, record)) {
            EXPECT_GE(at, begin);
            continue;
        }
        const bool is_of_name = at >= begin && at < name_end;
        const auto found = verify_request(bad, record, is_of_name ? nullptr : &key, kTime);
        EXPECT_NE(found, Finding::Good) << at;
    }
    Key other = key;
    other.secret[3] ^= 1;
    EXPECT_EQ(finding(good, &other), Finding::BadSig);
}

// Who forwards a question may give it another id (RFC 8945 §5.1).
TEST(SignedRequest, MayComeWithAnotherId) {
    const Key key = key_of();
    Message request = signed_question(key);
    request[0] ^= 0xFF;
    EXPECT_EQ(finding(request, &key), Finding::Good);
}

// RFC 8945 §5.2.3
TEST(SignedRequest, HasItsTime) {
    const Key key = key_of();
    const Message request = signed_question(key);
    EXPECT_EQ(finding(request, &key, {kTime.seconds + 300}), Finding::Good);
    EXPECT_EQ(finding(request, &key, {kTime.seconds - 300}), Finding::Good);
    EXPECT_EQ(finding(request, &key, {kTime.seconds + 301}), Finding::BadTime);
    EXPECT_EQ(finding(request, &key, {kTime.seconds - 301}), Finding::BadTime);
}

// The request with its MAC cut to this size.
Message cut(const Message& request, std::size_t size) {
    const Record record = record_of(request);
    const auto mac = static_cast<std::size_t>(record.mac.data() - request.data());
    Message result = request;
    const auto end = result.begin() + static_cast<std::ptrdiff_t>(mac + record.mac.size());
    const auto left_out = record.mac.size() - size;
    result.erase(end - static_cast<std::ptrdiff_t>(left_out), end);
    result[mac - 1] = static_cast<std::uint8_t>(size);
    const std::size_t length = record.begin + key_of().name.wire().size() + 8;
    dns::store_u16(&result[length],
                   static_cast<std::uint16_t>(dns::load_u16(&result[length]) - left_out));
    return result;
}

// RFC 8945 §5.2.2.1, §5.2.4
TEST(SignedRequest, MayNotHaveItsMacCutShort) {
    const Key key = key_of();
    const Message request = signed_question(key);
    EXPECT_EQ(finding(cut(request, 31), &key), Finding::BadTrunc);
    EXPECT_EQ(finding(cut(request, 16), &key), Finding::BadTrunc);
    EXPECT_EQ(finding(cut(request, 15), &key), Finding::Malformed);
    EXPECT_EQ(finding(cut(request, 0), &key), Finding::Malformed);
    EXPECT_EQ(finding(cut(request, 16), &key, {kTime.seconds + 400}), Finding::BadTime);
    const Key sha1 = key_of(Algorithm::Sha1);
    EXPECT_EQ(finding(cut(signed_question(sha1), 9), &sha1), Finding::Malformed);
}

TEST(SignedRequest, IsJudgedWithoutAllocating) {
    const Key key = key_of();
    const Message request = signed_question(key);
    Message buffer = answer();
    const std::size_t size = buffer.size();
    buffer.resize(size + 1000);
    const auto before = test::allocation_count();
    Record record;
    EXPECT_TRUE(read_record(request, request.size() > 0 ? *find_record(request) : 0, record));
    EXPECT_EQ(verify_request(request, record, &key, kTime), Finding::Good);
    AnswerSigner{record, &key, Finding::Good}.sign(buffer, size, kTime);
    EXPECT_EQ(test::allocation_count(), before);
}

class SignedAnswer : public testing::Test {
protected:
    SignedAnswer() {
        request_ = question();
        session_.sign(request_, kTime);
        record_ = record_of(request_);
    }

    Key key_ = key_of();
    Session session_{key_};
    Message request_;
    Record record_;
};

TEST_F(SignedAnswer, IsBelievedByWhoAsked) {
    AnswerSigner signer{record_, &key_, Finding::Good};
    EXPECT_EQ(take(session_, signed_by(signer, answer())), Doubt::None);
    EXPECT_TRUE(session_.is_settled());
}

TEST_F(SignedAnswer, NeedsTheRoomThatIsSaid) {
    for (const Finding found : {Finding::Good, Finding::BadTime, Finding::BadTrunc}) {
        AnswerSigner signer{record_, &key_, found};
        const Message plain = answer();
        EXPECT_LE(signed_by(signer, plain).size(),
                  plain.size() + answer_record_size(record_, &key_));
    }
    AnswerSigner signer{record_, nullptr, Finding::BadKey};
    const Message plain = answer();
    EXPECT_LE(signed_by(signer, plain).size(), plain.size() + answer_record_size(record_, nullptr));
}

// RFC 8945 §5.3.1: the MAC before, and then the timers alone.
TEST_F(SignedAnswer, IsBelievedInEveryMessageOfAStream) {
    AnswerSigner signer{record_, &key_, Finding::Good};
    for (const char* mark : {"a.example.org", "b.example.org", "c.example.org"}) {
        EXPECT_EQ(take(session_, signed_by(signer, answer(mark))), Doubt::None) << mark;
    }
    AnswerSigner late{record_, &key_, Finding::Good};
    signed_by(late, answer("a.example.org"));
    EXPECT_EQ(take(session_, signed_by(late, answer("c.example.org"))), Doubt::WrongMac);
}

// RFC 8945 §5.3.2: with the MAC wrong or the key unknown, nothing is signed.
TEST_F(SignedAnswer, SaysWhyARequestIsNotBelieved) {
    struct Case {
        Finding finding;
        TsigError error;
        std::size_t mac_size;
    };
    for (const auto& [found, error, mac] :
         {Case{Finding::BadKey, TsigError::BadKey, 0}, Case{Finding::BadSig, TsigError::BadSig, 0},
          Case{Finding::BadTime, TsigError::BadTime, 32},
          Case{Finding::BadTrunc, TsigError::BadTrunc, 32}}) {
        AnswerSigner signer{record_, found == Finding::BadKey ? nullptr : &key_, found};
        const Message message = signed_by(signer, answer());
        const Record record = record_of(message);
        EXPECT_EQ(TsigError{record.error}, error);
        EXPECT_EQ(record.mac.size(), mac);
        EXPECT_EQ(record.name.view(), key_.name.wire());
        EXPECT_EQ(take(session_, message), Doubt::ToldError);
    }
}

// RFC 8945 §5.2.3: with the client's time, so that it can verify this, and the server's.
TEST_F(SignedAnswer, TellsTheTimeWhereThatWasWrong) {
    AnswerSigner signer{record_, &key_, Finding::BadTime};
    const Record record = record_of(signed_by(signer, answer(), {kTime.seconds + 1000}));
    EXPECT_EQ(record.time, static_cast<std::uint64_t>(kTime.seconds));
    EXPECT_EQ(hex(record.other), "00006b49d5e8");  // 1,800,001,000
}

}  // namespace
}  // namespace ostrakon::tsig
