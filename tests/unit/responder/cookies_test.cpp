// What respond() does with cookies, by the points of RFC 7873. Which server cookie is good is shown
// by the tests of dns::judge_cookie.
#include "unit/responder/asked_site.hpp"

#include "ostrakon/dns/server_cookie.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace ostrakon::responder {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr std::uint16_t kCookie = 10;
constexpr const char* kListed = "7.2.0.192.bl.example.org";
constexpr const char* kClientCookie = "client c";
constexpr UnixTime kNow{1'767'225'600};  // where the host's clock stands

class Rfc7873 : public AskedSite {
protected:
    test::MessageText ask_with(const std::vector<std::string>& cookies,
                               Transport transport = Transport::Udp) {
        return ask({.name = kListed, .opt = opt(cookies)}, transport);
    }

    static OptSpec opt(const std::vector<std::string>& cookies) {
        OptSpec spec;
        for (const std::string& cookie : cookies) {
            spec.options.emplace_back(kCookie, cookie);
        }
        return spec;
    }

    // The cookie that `sent` is answered with, as it stands in an OPT that has no other option.
    static Bytes expected(std::string_view sent) {
        const Bytes option(sent.begin(), sent.end());
        const auto cookie = dns::answer_cookie(option, net::Ipv4{0x7F000001}, {}, kNow);
        Bytes data;
        test::append_u16(data, kCookie);
        test::append_u16(data, static_cast<unsigned>(cookie.size()));
        data.insert(data.end(), cookie.begin(), cookie.end());
        return data;
    }

    static std::string good_cookie() {
        const Bytes data = expected(kClientCookie);
        return {data.begin() + 4, data.end()};
    }

    // A question for nothing but a cookie.
    test::MessageText ask_without_question(const std::string& cookie) {
        Bytes query{0x12, 0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
        test::append_opt(query, opt({cookie}));
        return read(answer(query));
    }
};

TEST_F(Rfc7873, Section5_2_1WithoutACookieThereIsNone) {
    EXPECT_THAT(ask({.name = kListed, .opt = OptSpec{}}).opt->options, IsEmpty());
}

TEST_F(Rfc7873, Section4AnImpossibleLengthIsFormErr) {
    for (std::size_t size = 0; size <= 50; ++size) {
        const auto answer = ask_with({std::string(size, 'x')});
        const bool is_possible = size == 8 || (size >= 16 && size <= 40);
        EXPECT_EQ(answer.rcode, is_possible ? kNoError : kFormErr) << size;
        EXPECT_TRUE(answer.opt) << size;
        EXPECT_THAT(answer.answer, SizeIs(is_possible ? 1 : 0)) << size;
    }
}

TEST_F(Rfc7873, Section5_2_3AClientsCookieGetsAServersAndTheAnswer) {
    for (const Transport transport : {Transport::Udp, Transport::Tcp}) {
        const auto answer = ask_with({kClientCookie}, transport);
        EXPECT_EQ(answer.opt->options, expected(kClientCookie));
        EXPECT_THAT(answer.answer, SizeIs(1));
    }
}

// Nobody is forced: without too many queries a bad cookie is as good as none.
TEST_F(Rfc7873, Section5_2_4ABadServerCookieGetsANewOneAndTheAnswer) {
    const auto answer = ask_with({std::string{kClientCookie} + "server cookie !!"});
    EXPECT_EQ(answer.rcode, kNoError);
    EXPECT_EQ(answer.opt->extended_rcode, 0);
    EXPECT_EQ(answer.opt->options, expected(kClientCookie));
    EXPECT_THAT(answer.answer, SizeIs(1));
}

TEST_F(Rfc7873, Section5_2_5AGoodServerCookieComesBack) {
    const auto answer = ask_with({good_cookie()});
    EXPECT_EQ(answer.opt->options, expected(kClientCookie));
    host.wait({1800});
    EXPECT_EQ(ask_with({good_cookie()}).opt->options, expected(kClientCookie));
    host.wait({1});
    EXPECT_NE(ask_with({good_cookie()}).opt->options, expected(kClientCookie));
}

TEST_F(Rfc7873, Section5_2OnlyTheFirstOfSeveralCounts) {
    EXPECT_EQ(ask_with({kClientCookie, "another1"}).opt->options, expected(kClientCookie));
}

TEST_F(Rfc7873, Section5_4ACookieAloneIsAnsweredWithACookieAlone) {
    const auto asked = ask_without_question(kClientCookie);
    EXPECT_EQ(whole_rcode(asked), kNoError);
    EXPECT_EQ(asked.question, "");
    EXPECT_THAT(asked.answer, IsEmpty());
    EXPECT_EQ(asked.opt->options, expected(kClientCookie));
    EXPECT_EQ(whole_rcode(ask_without_question(good_cookie())), kNoError);
    const auto bad = ask_without_question(std::string{kClientCookie} + "server cookie !!");
    EXPECT_EQ(whole_rcode(bad), kBadCookie);
    EXPECT_EQ(bad.opt->options, expected(kClientCookie));
}

TEST_F(Rfc7873, Section5_4NoQuestionWithoutACookieIsFormErr) {
    Bytes query{0x12, 0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    test::append_opt(query, {});
    EXPECT_EQ(read(answer(query)).rcode, kFormErr);
    EXPECT_EQ(read(answer(Bytes{0x12, 0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})).rcode, kFormErr);
}

// RFC 9018 §4.4: the client's address is part of the cookie.
TEST_F(Rfc7873, Section4_2AnotherClientsCookieIsBad) {
    const Bytes query = test::build_query({.name = kListed, .opt = opt({good_cookie()})});
    const auto answer =
        read(host.answer_to(query, {*net::parse_ipv6("2001:db8::1"), Transport::Udp}));
    ASSERT_THAT(answer.opt->options, SizeIs(28));
    EXPECT_NE(answer.opt->options, expected(kClientCookie));
}

TEST_F(Rfc7873, Section5_2ErrorsHaveTheCookieToo) {
    QuerySpec other_opcode{.name = kListed, .flags = 0x2900, .opt = opt({kClientCookie})};
    EXPECT_EQ(ask(other_opcode).opt->options, expected(kClientCookie));
    const auto refused = ask({.name = "x.example.net", .opt = opt({kClientCookie})});
    EXPECT_EQ(refused.rcode, kRefused);
    Bytes with_error = expected(kClientCookie);
    test::append(with_error, std::string_view{"\0\17\0\2\0\24", 6});
    EXPECT_EQ(refused.opt->options, with_error);
}

// What answers have besides records never makes them longer than the client takes.
TEST_F(Rfc7873, Section5CookiesFitIntoTheShortestAnswers) {
    const std::string name = std::string(63, 'a') + "." + std::string(63, 'b') + "." +
                             std::string(63, 'c') + "." + std::string(46, 'd') + ".bl.example.org";
    OptSpec all{.payload_bytes = 512, .dnssec_ok = true, .options = {{3, ""}, {11, ""}}};
    all.options.emplace_back(kCookie, kClientCookie);
    const Bytes bytes = answer(test::build_query({.name = name, .opt = all}));
    EXPECT_LE(bytes.size(), 512U);
    EXPECT_TRUE(read(bytes).opt);
}

}  // namespace
}  // namespace ostrakon::responder
