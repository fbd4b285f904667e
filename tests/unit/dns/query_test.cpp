// Queries read from bytes: good ones, and every way in which bytes can fail to be one.
#include "ostrakon/dns/query.hpp"

#include "support/query_builder.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <random>

namespace ostrakon::dns {
namespace {

using enum QueryError;
using test::Bytes;

/// Parses a copy of exactly the packet's size, so that AddressSanitizer sees every byte read behind
/// its end.
struct Parsed {
    explicit Parsed(const Bytes& packet) : bytes(std::make_unique<std::uint8_t[]>(packet.size())) {
        std::copy(packet.begin(), packet.end(), bytes.get());
        result = parse_query({bytes.get(), packet.size()}, query);
    }
    std::unique_ptr<std::uint8_t[]> bytes;
    Query query;
    Expected<void, QueryError> result;
};

TEST(Query, GivesHeaderAndQuestion) {
    const Parsed parsed{
        test::build_query({.name = "5.2.0.192.bL.Example.org", .type = 16, .flags = 0x0110})};
    ASSERT_TRUE(parsed.result);
    EXPECT_EQ(parsed.query.id, 0x1234);
    EXPECT_TRUE(parsed.query.recursion_desired);
    EXPECT_TRUE(parsed.query.checking_disabled);
    EXPECT_EQ(parsed.query.type, RecordType::Txt);
    EXPECT_EQ(parsed.query.record_class, RecordClass::In);
    EXPECT_EQ(parsed.query.name.wire(), test::wire_name("5.2.0.192.bL.Example.org"));
    EXPECT_EQ(parsed.query.question.size(), test::wire_name("5.2.0.192.bL.Example.org").size() + 4);
    EXPECT_FALSE(parsed.query.edns);
}

TEST(Query, TakesTheNameApart) {
    const Parsed parsed{test::build_query({.name = "Mail.Example.ORG"})};
    const QuestionName& name = parsed.query.name;
    EXPECT_EQ(name.label_count(), 3U);
    EXPECT_EQ(name.label(0), "Mail");
    EXPECT_EQ(name.label(2), "ORG");
    EXPECT_EQ(name.first(2).wire(), test::wire_labels("Mail.Example"));
    EXPECT_EQ(name.lower_wire(), test::wire_name("mail.example.org"));
    EXPECT_EQ(name.lower_wire(name.label_start(1)), test::wire_name("example.org"));
    KeyBuffer key;
    EXPECT_EQ(name.write_key(3, key), test::wire_labels("org.example.mail"));
    EXPECT_EQ(name.write_key(2, key), test::wire_labels("example.mail"));
    EXPECT_EQ(name.write_key(0, key), "");
    EXPECT_EQ(name.label_at(0), 0U);
    EXPECT_EQ(name.label_at(5), 1U);
    EXPECT_EQ(name.label_at(17), 3U);
    EXPECT_EQ(name.label_at(6), std::nullopt);
}

TEST(Query, TakesNamesUpToTheirLongest) {
    const std::string label63(63, 'a');
    const std::string name255 =
        label63 + "." + label63 + "." + label63 + "." + std::string(61, 'a');
    EXPECT_TRUE(Parsed{test::build_query({.name = name255})}.result);
    EXPECT_EQ(Parsed{test::build_query({.name = name255 + "a"})}.result.error(), BadQuestion);
    std::string labels127;
    for (int i = 0; i < 127; ++i) {
        labels127 += "a.";
    }
    EXPECT_EQ(Parsed{test::build_query({.name = labels127})}.query.name.label_count(), 127U);
    EXPECT_EQ(Parsed{test::build_query({.name = labels127 + "a."})}.result.error(), BadQuestion);
    EXPECT_EQ(Parsed{test::build_query({.name = ""})}.query.name.label_count(), 0U);
    EXPECT_EQ(Parsed{test::build_query({.name = label63 + "a"})}.result.error(), BadQuestion);
}

TEST(Query, ReadsEdns) {
    const Parsed parsed{test::build_query({.name = "example.org",
                                           .opt = test::OptSpec{.payload_bytes = 4096,
                                                                .version = 1,
                                                                .dnssec_ok = true,
                                                                .options = {{10, "12345678"}}}})};
    ASSERT_TRUE(parsed.result);
    ASSERT_TRUE(parsed.query.edns);
    EXPECT_EQ(parsed.query.edns->payload_bytes, 4096);
    EXPECT_EQ(parsed.query.edns->version, 1);
    EXPECT_TRUE(parsed.query.edns->dnssec_ok);
    EXPECT_FALSE(parsed.query.edns->asks_nsid);
    const Parsed asks{test::build_query(
        {.name = "example.org", .opt = test::OptSpec{.options = {{10, "12345678"}, {3, ""}}}})};
    EXPECT_TRUE(asks.query.edns->asks_nsid);
}

TEST(Query, IgnoresOtherRecordsAndWhatComesBehindThem) {
    Bytes packet = test::build_query({.name = "example.org"});
    packet[7] = 1;   // an answer
    packet[9] = 1;   // an authority
    packet[11] = 1;  // an additional
    for (int i = 0; i < 3; ++i) {
        test::append(packet, std::string_view{"\xC0\x0C\0\1\0\1\0\0\0\0\0\2ab", 14});
    }
    EXPECT_TRUE(Parsed{packet}.result);
    test::append(packet, "tail");
    EXPECT_TRUE(Parsed{packet}.result);
}

// RFC 8945 §5.1.
TEST(Query, KnowsWhereItsSignatureBegins) {
    constexpr std::string_view kTsig{"\1k\0\0\xFA\0\xFF\0\0\0\0\0\2ab", 15};
    Bytes packet = test::build_query({.name = "example.org", .opt = test::OptSpec{}});
    EXPECT_EQ(Parsed{packet}.query.tsig_begin, 0U);
    const std::size_t begin = packet.size();
    packet[11] = 2;
    test::append(packet, kTsig);
    const Parsed last{packet};
    EXPECT_TRUE(last.result);
    EXPECT_EQ(last.query.tsig_begin, begin);
    packet[11] = 3;
    test::append(packet, kTsig);
    EXPECT_EQ(Parsed{packet}.result.error(), BadTsig);
    packet[11] = 1;  // what is behind the records is ignored
    EXPECT_EQ(Parsed{packet}.query.tsig_begin, 0U);
    Bytes in_answer = test::build_query({.name = "example.org"});
    in_answer[7] = 1;
    test::append(in_answer, kTsig);
    EXPECT_EQ(Parsed{in_answer}.result.error(), BadTsig);
}

TEST(Query, TellsMistakesApart) {
    const Bytes good = test::build_query(
        {.name = "example.org", .opt = test::OptSpec{.options = {{10, "12345678"}}}});
    const auto with = [&](std::size_t at, std::uint8_t value) {
        Bytes packet = good;
        packet[at] = value;
        return packet;
    };
    const auto error = [](const Bytes& packet) {
        const Parsed parsed{packet};
        return parsed.result ? std::nullopt : std::optional{parsed.result.error()};
    };
    EXPECT_EQ(error(good), std::nullopt);
    EXPECT_EQ(error({}), TooShort);
    EXPECT_EQ(error(Bytes(11)), TooShort);
    EXPECT_EQ(error(with(2, 0x81)), IsAnswer);
    EXPECT_EQ(error(with(2, 0x29)), OtherOpcode);  // UPDATE
    EXPECT_EQ(error(with(5, 0)), QuestionCount);
    EXPECT_EQ(error(with(5, 2)), QuestionCount);
    EXPECT_EQ(error(with(4, 1)), QuestionCount);
    EXPECT_EQ(error(with(12, 0xC0)), BadQuestion);
    EXPECT_EQ(error(with(12, 0x40)), BadQuestion);
    EXPECT_EQ(error(with(11, 2)), BadRecord);
    EXPECT_EQ(error(with(11, 33)), TooManyRecords);
    EXPECT_EQ(error(with(6, 0xFF)), TooManyRecords);
    const std::size_t opt = 12 + 13 + 4;
    Bytes in_answer = with(11, 0);
    in_answer[7] = 1;
    EXPECT_EQ(error(in_answer), BadOpt);
    EXPECT_EQ(error(with(opt + 14, 9)), BadOpt);  // the option is longer than the record
    EXPECT_EQ(error(with(opt + 10, 255)), BadRecord);
    Bytes twice = with(11, 2);
    test::append_opt(twice, {});
    EXPECT_EQ(error(twice), SecondOpt);
    Bytes named = test::build_query({.name = "example.org"});
    named[11] = 1;
    test::append_opt(named, {}, std::string_view{"\1x\0", 3});
    EXPECT_EQ(error(named), BadOpt);
}

TEST(Query, IsNeverReadFromAPacketCutShort) {
    const Bytes good = test::build_query(
        {.name = "5.2.0.192.bl.example.org", .opt = test::OptSpec{.options = {{10, "12345678"}}}});
    for (std::size_t size = 0; size < good.size(); ++size) {
        EXPECT_FALSE(
            Parsed(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))).result)
            << size;
    }
}

TEST(Query, SurvivesAnyBytes) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random{seed};
    const Bytes good = test::build_query(
        {.name = "5.2.0.192.bl.example.org", .opt = test::OptSpec{.options = {{10, "12345678"}}}});
    for (int round = 0; round < 50'000; ++round) {
        Bytes packet = good;
        for (unsigned changes = random() % 4 + 1; changes > 0; --changes) {
            packet[random() % packet.size()] = static_cast<std::uint8_t>(random());
        }
        packet.resize(random() % (packet.size() + 8));
        const Parsed parsed{packet};
        if (parsed.result) {
            EXPECT_LE(parsed.query.name.wire().size(), kNameSizeMax);
            EXPECT_EQ(packet[2] & 0x80, 0);
        }
    }
}

}  // namespace
}  // namespace ostrakon::dns
