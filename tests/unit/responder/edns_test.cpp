// EDNS by the points of RFC 6891, and the options and codes of RFCs that build on it.
#include "unit/responder/asked_site.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ostrakon::responder {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kListed = "7.2.0.192.bl.example.org";
constexpr std::size_t kArCount = 11;

class Rfc6891 : public AskedSite {
protected:
    static Bytes with_opt(const Bytes& query, const OptSpec& opt,
                          std::string_view owner = std::string_view{"\0", 1}) {
        Bytes changed = query;
        ++changed[kArCount];
        test::append_opt(changed, opt, owner);
        return changed;
    }

    // A good query with an OPT whose data is `data`.
    static Bytes with_data(std::string_view data) {
        Bytes query = test::build_query({.name = kListed, .opt = OptSpec{}});
        query.back() = static_cast<std::uint8_t>(data.size());
        test::append(query, data);
        return query;
    }

    const Bytes plain_ = test::build_query({.name = kListed});
};

class Rfc7828 : public Rfc6891 {};
class Rfc8914 : public Rfc6891 {};
class Rfc8482 : public Rfc6891 {};
class Rfc5001 : public Rfc6891 {};

TEST_F(Rfc6891, Section6_1_1EveryAnswerToAnOptHasOne) {
    struct Case {
        const char* what;
        unsigned rcode;
        Bytes query;
    };
    const auto changed = [](Bytes query, std::size_t at, std::uint8_t value) {
        query[at] = value;
        return query;
    };
    const Bytes good = test::build_query({.name = kListed, .opt = OptSpec{}});
    Bytes two_questions = changed(plain_, 5, 2);
    test::append(two_questions, std::string_view{"\1x\0\0\1\0\1", 7});
    Bytes record_cut_off = changed(good, kArCount, 2);
    test::append(record_cut_off, std::string_view{"\0\0\1", 3});
    const Case cases[] = {
        {"listed", kNoError, good},
        {"not listed", kNxDomain,
         test::build_query({.name = "8.2.0.192.bl.example.org", .opt = OptSpec{}})},
        {"refused", kRefused, test::build_query({.name = "x.example.net", .opt = OptSpec{}})},
        {"chaos", kRefused,
         test::build_query({.name = "x", .type = 16, .record_class = 3, .opt = OptSpec{}})},
        {"meta type", kNotImp, test::build_query({.name = kListed, .type = 250, .opt = OptSpec{}})},
        {"another version", kBadVers,
         test::build_query({.name = kListed, .opt = OptSpec{.version = 1}})},
        {"opcode NOTIFY", kNotImp, changed(good, 2, 0x20)},
        {"opcode UPDATE", kNotImp, changed(good, 2, 0x28)},
        {"opcode 15", kNotImp, changed(good, 2, 0x78)},
        {"two questions", kFormErr, with_opt(two_questions, {})},
        {"no question", kFormErr, with_opt(Bytes(12), {})},
        {"two OPTs", kFormErr, with_opt(good, {})},
        {"an option cut off", kFormErr, with_data({"\0\3\0\1", 4})},
        {"a record behind it cut off", kFormErr, record_cut_off},
    };
    for (const auto& [what, rcode, query] : cases) {
        const auto message = read(answer(query));
        EXPECT_TRUE(message.opt) << what;
        EXPECT_EQ(whole_rcode(message), rcode) << what;
    }
}

TEST_F(Rfc6891, Section6_1_1AnAnswerToNoOptHasNone) {
    EXPECT_FALSE(read(answer(plain_)).opt);
    for (const std::uint8_t flags : std::to_array<std::uint8_t>({0x20, 0x28})) {
        Bytes query = plain_;
        query[2] = flags;
        EXPECT_FALSE(read(answer(query)).opt);
    }
}

TEST_F(Rfc6891, Section6_1_1TwoOptsAreFormErr) {
    EXPECT_EQ(read(answer(with_opt(with_opt(plain_, {}), {}))).rcode, kFormErr);
}

TEST_F(Rfc6891, Section6_1_1AnOptStandsAnywhereAmongTheAdditionalRecords) {
    Bytes query = plain_;
    query[kArCount] = 1;
    test::append(query, std::string_view{"\0\0\1\0\1\0\0\0\0\0\4abcd", 15});
    const auto message = read(answer(with_opt(query, {})));
    EXPECT_EQ(message.rcode, kNoError);
    EXPECT_TRUE(message.opt);
}

TEST_F(Rfc6891, Section6_1_2AnOptThatIsNotTheRootsIsFormErr) {
    EXPECT_EQ(read(answer(with_opt(plain_, {}, {"\1x\0", 3}))).rcode, kFormErr);
    EXPECT_EQ(read(answer(with_opt(plain_, {}, {"\xC0\x0C", 2}))).rcode, kFormErr);
}

TEST_F(Rfc6891, Section6_1_1AnOptInAnotherSectionIsFormErr) {
    for (const std::size_t count : {7U, 9U}) {
        Bytes query = with_opt(plain_, {});
        std::swap(query[kArCount], query[count]);
        EXPECT_EQ(read(answer(query)).rcode, kFormErr);
    }
}

TEST_F(Rfc6891, Section6_1_2OptionsThatRunPastTheRecordAreFormErr) {
    for (const std::string_view data : {std::string_view{"\0", 1},
                                        {"\0\3", 2},
                                        {"\0\3\0", 3},
                                        {"\xFF\xFF\0\1", 4},
                                        {"\xFF\xFF\0\0\0", 5},
                                        {"\0\x08\xFF\xFF"
                                         "ab",
                                         6}}) {
        EXPECT_EQ(read(answer(with_data(data))).rcode, kFormErr) << data.size();
    }
    EXPECT_EQ(read(answer(with_data({"\xFF\xFF\0\0", 4}))).rcode, kNoError);
}

TEST_F(Rfc6891, Section6_1_2UnknownOptionsAreIgnoredAndNotEchoed) {
    OptSpec opt;
    for (const std::uint16_t code :
         std::to_array<std::uint16_t>({0, 1, 2, 4, 5, 8, 9, 12, 13, 14, 15, 16, 65001, 65535})) {
        opt.options.emplace_back(code, "1234");
    }
    const auto message = ask({.name = kListed, .opt = opt});
    EXPECT_EQ(message.rcode, kNoError);
    EXPECT_THAT(message.answer, SizeIs(1));
    EXPECT_THAT(message.opt->options, IsEmpty());
}

TEST_F(Rfc6891, Section6_1_3AnotherVersionIsBadVersWithOurs) {
    for (const std::uint8_t version : std::to_array<std::uint8_t>({1, 2, 255})) {
        // Whatever its options are: only its own version knows their form.
        for (const std::string_view data : {std::string_view{}, std::string_view{"\0\3\0\1", 4}}) {
            Bytes query = with_data(data);
            query[plain_.size() + 6] = version;
            const Bytes bytes = answer(query);
            const auto message = read(bytes);
            EXPECT_EQ(whole_rcode(message), kBadVers);
            EXPECT_THAT(message.answer, IsEmpty());
            EXPECT_THAT(message.opt->options, IsEmpty());
            EXPECT_EQ(bytes[plain_.size() + 6], 0) << "the version in the answer";
        }
    }
}

TEST_F(Rfc6891, Section6_1_4OtherFlagsAreIgnoredAndNotEchoed) {
    Bytes query = with_opt(plain_, {});
    const std::size_t flags = plain_.size() + 7;
    for (const bool dnssec_ok : {false, true}) {
        query[flags] = dnssec_ok ? 0xFF : 0x7F;
        query[flags + 1] = 0xFF;
        const Bytes bytes = answer(query);
        EXPECT_EQ(read(bytes).opt->dnssec_ok, dnssec_ok);
        // The OPT without options is the end of the message.
        EXPECT_EQ(bytes[bytes.size() - 4], dnssec_ok ? 0x80 : 0);
        EXPECT_EQ(bytes[bytes.size() - 3], 0);
    }
}

TEST_F(Rfc6891, Section6_2_3SizesBelow512AreTakenAs512) {
    for (int i = 0; i < 20; ++i) {
        run({"ban", "198.51.100.7", "--code", fmt::format("127.0.1.{}", i + 1), "--reason", "x"});
    }
    const auto size = [&](std::uint16_t payload) {
        return answer(test::build_query({.name = "7.100.51.198.bl.example.org",
                                         .opt = OptSpec{.payload_bytes = payload}}))
            .size();
    };
    EXPECT_GT(size(512), 300U);
    EXPECT_EQ(size(0), size(512));
    EXPECT_EQ(size(511), size(512));
}

TEST_F(Rfc6891, Section6_2_5TheServersSizeIsItsOwn) {
    for (const std::uint16_t payload : std::to_array<std::uint16_t>({0, 512, 1232, 4096, 65535})) {
        EXPECT_EQ(
            ask({.name = kListed, .opt = OptSpec{.payload_bytes = payload}}).opt->payload_bytes,
            1232);
    }
}

TEST_F(Rfc6891, Section7ATruncatedAnswerKeepsItsOpt) {
    for (int i = 0; i < 40; ++i) {
        run({"ban", "198.51.100.7", "--code", fmt::format("127.0.1.{}", i + 1), "--reason", "x"});
    }
    const auto message = ask({.name = "7.100.51.198.bl.example.org",
                              .opt = OptSpec{.payload_bytes = 512, .dnssec_ok = true}});
    EXPECT_TRUE(message.truncated);
    EXPECT_THAT(message.answer, IsEmpty());
    ASSERT_TRUE(message.opt);
    EXPECT_TRUE(message.opt->dnssec_ok);
}

TEST_F(Rfc5001, Section2_3TheNsidComesOnlyWhenAskedFor) {
    EXPECT_THAT(ask({.name = kListed, .opt = OptSpec{}}).opt->options, IsEmpty());
    for (const char* const sent : {"", "ignored"}) {
        const auto message = ask({.name = kListed, .opt = OptSpec{.options = {{3, sent}}}});
        EXPECT_THAT(message.opt->options, ElementsAre(0, 3, 0, 3, 'n', 's', '1'));
    }
}

TEST_F(Rfc7828, Section3_3_1NeverOverUdp) {
    const auto message = ask({.name = kListed, .opt = OptSpec{.options = {{11, ""}}}});
    EXPECT_EQ(message.rcode, kNoError);
    EXPECT_THAT(message.opt->options, IsEmpty());
}

TEST_F(Rfc7828, Section3_3_2TheIdleTimeIsToldOverTcpWhenAskedFor) {
    const auto options = [&](const OptSpec& opt, std::uint16_t keepalive_100ms) {
        return read(host.answer_to(test::build_query({.name = kListed, .opt = opt}),
                                   {net::Ipv4{0x7F000001}, Transport::Tcp, keepalive_100ms}))
            .opt->options;
    };
    const OptSpec asks{.options = {{11, ""}}};
    EXPECT_THAT(options(asks, 300), ElementsAre(0, 11, 0, 2, 1, 44));
    EXPECT_THAT(options(asks, 0), ElementsAre(0, 11, 0, 2, 0, 0));
    EXPECT_THAT(options({}, 300), IsEmpty());
}

TEST_F(Rfc8914, Section4SaysWhyThereIsNoAnswer) {
    const auto error = [&](const QuerySpec& spec) { return ask(spec).opt->options; };
    EXPECT_THAT(error({.name = "x.example.net", .opt = OptSpec{}}),
                ElementsAre(0, 15, 0, 2, 0, 20));  // Not Authoritative
    EXPECT_THAT(error({.name = "7.2.0.192.closed.example.org", .opt = OptSpec{}}),
                ElementsAre(0, 15, 0, 2, 0, 18));  // Prohibited
    EXPECT_THAT(error({.name = "bl.example.org", .type = 252, .opt = OptSpec{}}),
                ElementsAre(0, 15, 0, 2, 0, 18));
    EXPECT_THAT(error({.name = kListed, .type = 250, .opt = OptSpec{}}),
                ElementsAre(0, 15, 0, 2, 0, 21));  // Not Supported
    host.lose_snapshot();
    EXPECT_THAT(error({.name = kListed, .opt = OptSpec{}}),
                ElementsAre(0, 15, 0, 2, 0, 14));  // Not Ready
}

// One of the types that there are will do; nobody is helped by all of them.
TEST_F(Rfc8482, Section4_1AnyGivesOneType) {
    const auto listed = ask({.name = kListed, .type = 255});
    EXPECT_EQ(listed.rcode, kNoError);
    EXPECT_THAT(listed.answer, SizeIs(1));
    EXPECT_EQ(ask({.name = "8.2.0.192.bl.example.org", .type = 255}).rcode, kNxDomain);
}

}  // namespace
}  // namespace ostrakon::responder
