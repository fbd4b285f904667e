// How two answers differ, and what is kept of an answer's bytes.
#include "ostrakon/compare/answer.hpp"

#include "ostrakon/compare/messages.hpp"

#include <gtest/gtest.h>
#include <utility>

namespace ostrakon::compare {
namespace {

constexpr net::Ipv4 kTwo{0x7F000002};
constexpr net::Ipv4 kFour{0x7F000004};

Answer listed(std::vector<net::Ipv4> codes) {
    return {true, 0, true, std::move(codes), {}};
}
Answer text(std::string text) {
    return {true, 0, true, {}, {std::move(text)}};
}
Answer without_records(std::uint16_t rcode) {
    return {true, rcode, false, {}, {}};
}

TEST(Difference, IsNamedByWhatItMeans) {
    const Answer none;
    const Answer nodata = without_records(0);
    const Answer nxdomain = without_records(3);
    const Answer refused = without_records(5);
    struct Case {
        Answer ours, theirs;
        Difference expected;
    };
    const std::vector<Case> cases{
        {listed({kTwo}), listed({kTwo}), Difference::None},
        {listed({kTwo}), listed({kTwo, kFour}), Difference::Codes},
        {listed({kTwo}), nxdomain, Difference::ListedHere},
        {listed({kTwo}), nodata, Difference::ListedHere},
        {nxdomain, listed({kTwo}), Difference::ListedThere},
        {nodata, listed({kTwo}), Difference::ListedThere},
        {nodata, nxdomain, Difference::NoData},
        {nxdomain, nxdomain, Difference::None},
        {refused, refused, Difference::None},
        {refused, nxdomain, Difference::Failure},
        {listed({kTwo}), refused, Difference::Failure},
        {without_records(2), refused, Difference::Failure},
        {listed({kTwo}), none, Difference::Unanswered},
        {refused, none, Difference::Unanswered},
        {text("a"), text("b"), Difference::Texts},
    };
    for (const Case& one : cases) {
        EXPECT_EQ(difference_of(one.ours, one.theirs, true), one.expected)
            << rcode_name(one.ours) << " " << rcode_name(one.theirs);
    }
    EXPECT_EQ(difference_of(text("a"), text("b"), false), Difference::None);
}

// An answer to x.example whose records are given as bytes behind the owner.
Bytes message(dns::RecordType type, const std::vector<Bytes>& records) {
    Bytes bytes = write_question({*dns::parse_name("x.example"), type}, 7);
    bytes.resize(bytes.size() - 11);  // the OPT
    bytes[2] = 0x81;
    bytes[7] = static_cast<std::uint8_t>(records.size());
    bytes[11] = 0;
    for (const Bytes& record : records) {
        bytes.insert(bytes.end(), {0xC0, 12});
        bytes.insert(bytes.end(), record.begin(), record.end());
    }
    return bytes;
}

TEST(AnswerReader, KeepsCodesAndTextsSorted) {
    const auto reader = AnswerReader::open();
    ASSERT_TRUE(reader) << message(reader.error());
    const Question a{*dns::parse_name("x.example"), dns::RecordType::A};
    const Bytes four{0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 127, 0, 0, 4};
    const Bytes two{0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 127, 0, 0, 2};
    const Answer codes = reader->read(message(a.type, {four, two, four}), a);
    EXPECT_TRUE(codes.is_there && codes.has_records);
    EXPECT_EQ(codes.codes, (std::vector{kTwo, kFour}));

    const Question txt{a.name, dns::RecordType::Txt};
    const Bytes strings{0, 16, 0, 1, 0, 0, 0, 9, 0, 5, 1, 'a', 2, 0xFF, 'b'};
    EXPECT_EQ(reader->read(message(txt.type, {strings}), txt).texts,
              std::vector<std::string>{"a\xFF"
                                       "b"});
    EXPECT_FALSE(reader->read(message(a.type, {}), a).has_records);
}

TEST(AnswerReader, TakesWhatItCannotReadForNoAnswer) {
    const auto reader = AnswerReader::open();
    ASSERT_TRUE(reader) << message(reader.error());
    const Question a{*dns::parse_name("x.example"), dns::RecordType::A};
    const Bytes whole = message(a.type, {{0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 127, 0, 0, 4}});
    ASSERT_TRUE(reader->read(whole, a).is_there);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(reader->read(std::span{whole}.first(size), a).is_there) << size;
    }
}

}  // namespace
}  // namespace ostrakon::compare
