// TSIG records as they come, and as they should not; keys as files spell them.
#include "ostrakon/tsig/record.hpp"

#include "unit/tsig/messages.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <random>

namespace ostrakon::tsig {
namespace {

// A copy of just this size, so that AddressSanitizer sees what is read behind it.
bool reads(const Message& message, std::size_t size, std::size_t begin) {
    const auto exact = std::make_unique<std::uint8_t[]>(size);
    std::copy_n(message.begin(), size, exact.get());
    Record record;
    return read_record({exact.get(), size}, begin, record);
}

TEST(TsigRecord, IsFoundBehindTheOthers) {
    const Message request = signed_question(key_of());
    EXPECT_EQ(find_record(request), question().size());
    EXPECT_EQ(find_record(question()), 0U);
    const Record record = record_of(request);
    EXPECT_EQ(record.name.view(), key_of().name.wire());
    EXPECT_EQ(record.algorithm.view(), wire_name(Algorithm::Sha256));
    EXPECT_EQ(record.time, static_cast<std::uint64_t>(kTime.seconds));
    EXPECT_EQ(record.fudge, 300);
    EXPECT_EQ(record.original_id, dns::load_u16(request.data()));
    EXPECT_EQ(record.error, 0);
    EXPECT_TRUE(record.other.empty());
}

TEST(TsigRecord, IsNotReadFromAMessageCutShort) {
    const Message request = signed_question(key_of());
    const std::size_t begin = question().size();
    for (std::size_t size = 0; size < request.size(); ++size) {
        EXPECT_FALSE(reads(request, size, begin)) << size;
        EXPECT_FALSE(find_record(Bytes{request}.first(size))) << size;
    }
    EXPECT_TRUE(reads(request, request.size(), begin));
}

TEST(TsigRecord, HasItsClassTtlAndLength) {
    const Message request = signed_question(key_of());
    const std::size_t type = question().size() + key_of().name.wire().size();
    for (const std::size_t at : {type + 1, type + 3, type + 4, type + 7, type + 9}) {
        Message bad = request;
        bad[at] ^= 1;
        EXPECT_FALSE(reads(bad, bad.size(), question().size())) << at;
    }
}

TEST(TsigRecord, EndsWherePointersLeadNowhere) {
    Message request = signed_question(key_of());
    const std::size_t begin = question().size();
    for (const std::size_t target :
         {begin, begin + 1, begin + 2, request.size(), std::size_t{0x3FFF}}) {
        Message bad = request;
        dns::store_u16(&bad[begin], static_cast<std::uint16_t>(0xC000 | target));
        EXPECT_FALSE(reads(bad, bad.size(), begin)) << target;
    }
}

TEST(TsigRecord, IsTheLastAndTheOnlyOne) {
    Message twice = signed_question(key_of());
    const Message record{twice.begin() + static_cast<std::ptrdiff_t>(question().size()),
                         twice.end()};
    twice.insert(twice.end(), record.begin(), record.end());
    EXPECT_FALSE(find_record(twice));  // bytes behind the last record
    twice[11] = 2;
    EXPECT_FALSE(find_record(twice));
    Message in_answer = signed_question(key_of());
    in_answer[7] = 1;
    in_answer[11] = 0;
    EXPECT_FALSE(find_record(in_answer));
}

TEST(TsigRecord, SurvivesAnyBytes) {
    const std::uint32_t seed = std::random_device{}();
    SCOPED_TRACE(seed);
    std::mt19937 random{seed};
    const Message good = signed_question(key_of());
    for (int round = 0; round < 20'000; ++round) {
        Message bad = good;
        for (int changes = 0; changes < 3; ++changes) {
            bad[random() % bad.size()] = static_cast<std::uint8_t>(random());
        }
        reads(bad, bad.size(), question().size());
        static_cast<void>(find_record(bad));
    }
}

TEST(TsigKeys, AreSpelledAsInFiles) {
    EXPECT_EQ(dns::to_string(*key_name("Partner.example.org.")), "partner.example.org");
    EXPECT_EQ(key_name("key.1")->label_count(), 2U);
    EXPECT_FALSE(key_name("a..b"));
    EXPECT_FALSE(key_name(""));
    EXPECT_FALSE(key_name(std::string(64, 'a')));
    EXPECT_EQ(algorithm_named("hmac-sha384"), Algorithm::Sha384);
    EXPECT_FALSE(algorithm_named("hmac-md5"));
    EXPECT_EQ(decode_secret("c2VjcmV0"), "secret");
    EXPECT_EQ(decode_secret(" c2Vj\ncmV0\n"), "secret");
    for (const char* bad : {"", " ", "c2VjcmV", "c2Vj!mV0", "secret="}) {
        EXPECT_FALSE(decode_secret(bad)) << bad;
    }
    EXPECT_TRUE(decode_secret(std::string(680, 'A')));
    EXPECT_FALSE(decode_secret(std::string(720, 'A')));
}

}  // namespace
}  // namespace ostrakon::tsig
