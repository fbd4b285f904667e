// Answers as bytes: header, question, compression, limits, OPT. That ldns would write the same is
// shown in differential/wire_codec_test.cpp.
#include "ostrakon/dns/message_writer.hpp"

#include "support/query_builder.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <array>

namespace ostrakon::dns {
namespace {

using test::Bytes;

/// A query, and a writer of its answer.
struct Answer {
    explicit Answer(const test::QuerySpec& spec, std::size_t size_max = 512)
        : packet(test::build_query(spec)) {
        EXPECT_TRUE(parse_query(packet, query));
        writer.emplace(buffer, size_max, query);
    }
    Bytes finish() {
        const std::size_t size = writer->finish();
        return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size)};
    }
    Bytes packet;
    Query query;
    std::array<std::uint8_t, 4096> buffer{};
    std::optional<MessageWriter> writer;
};

Name name(std::string_view text) {
    return *parse_name(text);
}

unsigned u16(const Bytes& bytes, std::size_t at) {
    return static_cast<unsigned>(bytes[at] << 8 | bytes[at + 1]);
}

TEST(MessageWriter, CopiesIdOpcodeAndTheQuestionBitForBit) {
    Answer answer{{.name = "5.2.0.192.bL.ExAmple.org", .flags = 0x0130}};
    answer.writer->set_rcode(Rcode::NxDomain);
    answer.writer->set_authoritative();
    const Bytes bytes = answer.finish();
    EXPECT_EQ(u16(bytes, 0), 0x1234U);
    EXPECT_EQ(u16(bytes, 2), 0x8513U);  // QR AA RD CD, NXDOMAIN; AD is not copied
    ASSERT_EQ(bytes.size(), answer.packet.size());
    EXPECT_TRUE(std::equal(bytes.begin() + 4, bytes.end(), answer.packet.begin() + 4));
}

TEST(MessageWriter, PointsToTheQuestion) {
    Answer answer{{.name = "5.2.0.192.bl.example.org"}};
    EXPECT_TRUE(answer.writer->add_a(Section::Answer, Owner::question(), 300, {0x7F000002}));
    const Bytes bytes = answer.finish();
    const Bytes expected{0xC0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 127, 0, 0, 2};
    ASSERT_EQ(bytes.size(), answer.packet.size() + expected.size());
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(),
                           bytes.begin() + static_cast<std::ptrdiff_t>(answer.packet.size())));
    EXPECT_EQ(u16(bytes, 6), 1U);
}

TEST(MessageWriter, SharesTheEndsOfNames) {
    Answer answer{{.name = "x.BL.example.org"}};
    const Name primary = name("ns1.example.org");
    const Name contact = name("hostmaster.ns1.example.org");
    EXPECT_TRUE(answer.writer->add_soa(Section::Authority, Owner::question(1), 60,
                                       {primary, contact, 1, 2, 3, 4, 5}));
    const std::size_t soa = answer.packet.size();
    EXPECT_TRUE(answer.writer->add_ns(Section::Authority, name("other.example.net"), 60, primary));
    const Bytes bytes = answer.finish();
    EXPECT_EQ(u16(bytes, soa), 0xC000U + 12 + 2);         // BL.example.org
    EXPECT_EQ(bytes[soa + 12], 3);                        // ns1
    EXPECT_EQ(u16(bytes, soa + 16), 0xC000U + 12 + 5);    // example.org
    EXPECT_EQ(bytes[soa + 18], 10);                       // hostmaster
    EXPECT_EQ(u16(bytes, soa + 29), 0xC000U + soa + 12);  // ns1.example.org
    EXPECT_EQ(u16(bytes, bytes.size() - 2), 0xC000U + soa + 12);
    EXPECT_EQ(u16(bytes, 8), 2U);
}

TEST(MessageWriter, TakesALabelForNoMoreThanItIs) {
    Answer answer{{.name = "notexample.org"}};
    EXPECT_TRUE(answer.writer->add_ns(Section::Answer, Owner::question(), 60, name("example.org")));
    const Bytes bytes = answer.finish();
    EXPECT_EQ(bytes[answer.packet.size() + 12],
              7);  // "example" is written out, only "org" is shared
    EXPECT_EQ(u16(bytes, bytes.size() - 2), 0xC000U + 12 + 11);
}

TEST(MessageWriter, WritesNothingBehindTheLimit) {
    for (std::size_t records = 0; records <= 40; ++records) {
        Answer answer{{.name = "5.2.0.192.bl.example.org", .opt = test::OptSpec{}}};
        answer.writer->set_opt({.payload_bytes = 1232});
        std::size_t written = 0;
        for (std::size_t i = 0; i < records; ++i) {
            written +=
                answer.writer->add_a(Section::Answer, Owner::question(), 300, {0x7F000002}) ? 1 : 0;
        }
        const Bytes bytes = answer.finish();
        EXPECT_EQ(written, std::min(records, (512 - (answer.packet.size() - 11) - 11) / 16));
        EXPECT_EQ(u16(bytes, 6), written);
        EXPECT_LE(bytes.size(), 512U);
        EXPECT_TRUE(std::all_of(answer.buffer.begin() + 512, answer.buffer.end(),
                                [](std::uint8_t b) { return b == 0; }));
    }
}

TEST(MessageWriter, LeavesTheMessageAsItWasWhereARecordDoesNotFit) {
    Answer answer{{.name = "5.2.0.192.bl.example.org"}};
    const std::string long_text(255, 'x');
    const std::array<std::string_view, 2> strings{long_text, long_text};
    const std::array<std::string_view, 1> one{"short"};
    EXPECT_FALSE(answer.writer->add_txt(Owner::question(), 60, strings));
    EXPECT_TRUE(answer.writer->add_txt(Owner::question(), 60, one));
    const Bytes bytes = answer.finish();
    EXPECT_EQ(u16(bytes, 6), 1U);
    EXPECT_EQ(bytes.size(), answer.packet.size() + 12 + 6);
    EXPECT_EQ(std::string(bytes.end() - 5, bytes.end()), "short");
}

TEST(MessageWriter, ForgetsTheNamesOfARecordThatDidNotFit) {
    Answer answer{{.name = "x.example.org"}};
    const Name target = name(std::string(60, 'a') + "." + std::string(60, 'b') + ".example.net");
    const std::string filler(255, 'x');
    const std::array<std::string_view, 1> strings{filler};
    EXPECT_TRUE(answer.writer->add_txt(Owner::question(), 60, strings));
    EXPECT_FALSE(answer.writer->add_ns(
        Section::Answer, name(std::string(60, 'c') + "." + std::string(60, 'd') + ".example.net"),
        60, target));
    EXPECT_TRUE(
        answer.writer->add_ns(Section::Answer, Owner::question(), 60, name("ns.example.net")));
    const Bytes bytes = answer.finish();
    EXPECT_EQ(std::string(bytes.end() - 16, bytes.end()), test::wire_name("ns.example.net"));
}

TEST(MessageWriter, TruncatesToTheQuestionAndOpt) {
    Answer answer{{.name = "5.2.0.192.bl.example.org", .opt = test::OptSpec{}}};
    answer.writer->set_opt({.payload_bytes = 1232, .dnssec_ok = true});
    answer.writer->set_authoritative();
    EXPECT_TRUE(answer.writer->add_a(Section::Answer, Owner::question(), 300, {0x7F000002}));
    answer.writer->truncate();
    const Bytes bytes = answer.finish();
    EXPECT_EQ(u16(bytes, 2), 0x8700U);
    EXPECT_EQ(u16(bytes, 6), 0U);
    EXPECT_EQ(u16(bytes, 10), 1U);
    const Bytes opt{0, 0, 41, 4, 208, 0, 0, 0x80, 0, 0, 0};
    ASSERT_EQ(bytes.size(), answer.packet.size());
    EXPECT_TRUE(std::equal(opt.begin(), opt.end(), bytes.end() - 11));
}

TEST(MessageWriter, PutsNsidErrorAndTheHighBitsOfTheRcodeIntoOpt) {
    Answer answer{{.name = "example.org"}};
    answer.writer->set_opt({.payload_bytes = 512, .nsid = "a1"});
    answer.writer->set_error(ExtendedError::Prohibited);
    answer.writer->set_rcode(Rcode::BadVers);
    const Bytes bytes = answer.finish();
    const Bytes opt{0, 0, 41, 2, 0, 1, 0, 0, 0, 0, 12, 0, 3, 0, 2, 'a', '1', 0, 15, 0, 2, 0, 18};
    ASSERT_EQ(bytes.size(), answer.packet.size() + opt.size());
    EXPECT_TRUE(
        std::equal(opt.begin(), opt.end(), bytes.end() - static_cast<std::ptrdiff_t>(opt.size())));
    EXPECT_EQ(bytes[3] & 0xF, 0);
}

TEST(MessageWriter, LeavesAnNsidOutThatDoesNotFit) {
    Answer answer{{.name = "example.org"}};
    const std::string nsid(600, 'n');
    answer.writer->set_opt({.payload_bytes = 512, .nsid = nsid});
    EXPECT_TRUE(answer.writer->add_a(Section::Answer, Owner::question(), 300, {0x7F000002}));
    EXPECT_EQ(answer.finish().size(), answer.packet.size() + 16 + 11);
}

TEST(MessageWriter, KeepsFreeWhatASignatureWillNeed) {
    Answer answer{{.name = "example.org"}};
    answer.writer->set_opt({.payload_bytes = 512, .nsid = std::string_view{"ns1"}});
    answer.writer->keep_free(200);
    while (answer.writer->add_a(Section::Answer, Owner::question(), 300, {0x7F000002})) {
    }
    const std::size_t size = answer.finish().size();
    EXPECT_LE(size, 312U);
    EXPECT_GT(size, 312U - 16U);
    Answer tight{{.name = "example.org"}};
    tight.writer->set_opt({.payload_bytes = 512, .nsid = std::string_view{"ns1"}});
    tight.writer->keep_free(512 - tight.packet.size() - 11);
    EXPECT_EQ(tight.finish().size(), tight.packet.size() + 11);
}

TEST(MessageWriter, AnswersForTheRootToo) {
    Answer answer{{.name = ""}};
    EXPECT_TRUE(
        answer.writer->add_ns(Section::Answer, Owner::question(), 60, name("ns.example.net")));
    const Bytes bytes = answer.finish();
    EXPECT_EQ(bytes[17], 0);
    EXPECT_EQ(u16(bytes, 18), 2U);
}

TEST(MessageWriter, LeavesTheQuestionOutWhereThereIsNone) {
    Bytes packet = test::build_query({.name = "example.org"});
    packet[12] = 0xC0;
    Query query;
    ASSERT_FALSE(parse_query(packet, query));
    std::array<std::uint8_t, 512> buffer{};
    MessageWriter writer{buffer, 512, query};
    writer.set_rcode(Rcode::FormErr);
    EXPECT_EQ(writer.finish(), 12U);
    EXPECT_EQ(buffer[5], 0);
}

TEST(MessageWriter, PointsNoFurtherThanAPointerReaches) {
    Answer answer{{.name = "example.org"}};
    std::vector<std::uint8_t> buffer(65535);
    MessageWriter writer{buffer, buffer.size(), answer.query};
    const std::string filler(255, 'x');
    const std::array<std::string_view, 4> strings{filler, filler, filler, filler};
    for (int i = 0; i < 17; ++i) {
        EXPECT_TRUE(writer.add_txt(Owner::question(), 60, strings));
    }
    EXPECT_TRUE(writer.add_ns(Section::Authority, Owner::question(), 60, name("ns.example.net")));
    const std::size_t first_end = 17 * (12 + 1024) + 29 + 12 + 16;
    EXPECT_TRUE(writer.add_ns(Section::Authority, Owner::question(), 60, name("ns.example.net")));
    EXPECT_EQ(writer.finish(), first_end + 12 + 16);  // written out a second time
}

TEST(MessageWriter, WritesAPreparedSoaAsAnyOther) {
    struct Case {
        const char *origin, *primary, *contact, *question;
    };
    for (const Case& each : {
             Case{"bl.example.org", "ns1.example.org", "hostmaster.example.org", "7.2.0.192"},
             Case{"bl.example.org", "ns1.bl.example.org", "hostmaster.bl.example.org", "7.2.0.192"},
             Case{"bl.example.org", "ns1.bl.example.org", "a.b.bl.example.org", "ns1"},
             Case{"bl.example.org", "ns1.bl.example.org", "a.b.bl.example.org", "c.B"},
             Case{"bl.example.org", "bl.example.org", "bl.example.org", "x"},
             Case{"bl.example.org", "ns1.example.net", "hostmaster.example.net", "x"},
             Case{"bl.example.org", "example.net", "ns1.example.net", "x"},
             Case{"org", "ns1.example.org", "hostmaster.example.org", "bl.example"},
             Case{"bl.example.org", "", "", "x"},
         }) {
        SCOPED_TRACE(each.primary);
        const Name origin = name(each.origin);
        const Name primary = *each.primary == '\0' ? Name{} : name(each.primary);
        const Name contact = *each.contact == '\0' ? Name{} : name(each.contact);
        SoaData soa{primary, contact, 0, 3600, 900, 86400, 60};
        const PreparedSoa prepared{origin, soa};
        soa.serial = 0x12345678;
        const std::string question = std::string{each.question} + "." + each.origin;
        Answer whole{{.name = question}};
        Answer quick{{.name = question}};
        const std::size_t label = quick.query.name.label_count() - origin.label_count();
        EXPECT_TRUE(whole.writer->add_soa(Section::Authority, Owner::question(label), 60, soa));
        EXPECT_TRUE(quick.writer->add_soa(Section::Authority, label, 60, prepared, 0x12345678));
        EXPECT_EQ(quick.finish(), whole.finish()) << question;
    }
}

TEST(MessageWriter, LeavesOutAPreparedSoaThatDoesNotFit) {
    const Name origin = name("bl.example.org");
    const Name server = name("ns1.example.org");
    const PreparedSoa soa{origin, {server, server, 0, 3600, 900, 86400, 60}};
    Answer answer{{.name = "7.2.0.192.bl.example.org"}};
    while (answer.writer->room() > 40) {
        answer.writer->add_a(Section::Answer, Owner::question(), 300, {0x7F000002});
    }
    EXPECT_FALSE(answer.writer->add_soa(Section::Authority, 4, 60, soa, 1));
    EXPECT_TRUE(answer.writer->has_overflowed());
}

}  // namespace
}  // namespace ostrakon::dns
