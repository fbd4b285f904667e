// What respond() does with packets rather than with listings: which get no answer, which get an
// error, what EDNS brings, and what becomes of it all without a database. What zones answer is
// shown by the scenarios.
#include "unit/responder/asked_site.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::responder {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint16_t kTxt = 16;
constexpr std::uint16_t kChaos = 3;

using Respond = AskedSite;

TEST_F(Respond, DropsWhatIsNoQuery) {
    const Bytes query = test::build_query({.name = "7.2.0.192.bl.example.org"});
    EXPECT_THAT(answer({}), IsEmpty());
    EXPECT_THAT(answer(Bytes(query.begin(), query.begin() + 11)), IsEmpty());
    EXPECT_THAT(answer(test::build_query({.name = "7.2.0.192.bl.example.org", .flags = 0x8180})),
                IsEmpty());
    EXPECT_THAT(answer(answer(query)), IsEmpty());
}

TEST_F(Respond, TellsWhatIsWrongWithAQuery) {
    const Bytes query = test::build_query({.name = "7.2.0.192.bl.example.org", .opt = OptSpec{}});
    const auto with = [&](std::size_t at, std::uint8_t value) {
        Bytes changed = query;
        changed[at] = value;
        return read(answer(changed));
    };
    EXPECT_EQ(with(2, 0x29).rcode, kNotImp);  // UPDATE
    EXPECT_EQ(with(2, 0x21).rcode, kNotImp);  // NOTIFY
    EXPECT_EQ(with(5, 0).rcode, kFormErr);
    EXPECT_EQ(with(5, 2).rcode, kFormErr);
    EXPECT_EQ(with(12, 0xC0).rcode, kFormErr);
    EXPECT_EQ(with(12, 0xC0).question, "");
    const auto missing_record = with(11, 2);
    EXPECT_EQ(missing_record.rcode, kFormErr);
    EXPECT_EQ(missing_record.question, "7.2.0.192.bl.example.org. IN A");
    Bytes two_opts = query;
    two_opts[11] = 2;
    test::append_opt(two_opts, {});
    EXPECT_EQ(read(answer(two_opts)).rcode, kFormErr);
    EXPECT_TRUE(read(answer(two_opts)).opt);
    EXPECT_FALSE(read(answer(two_opts)).authoritative);
}

TEST_F(Respond, AnswersOptWithOptAndNothingElseWithIt) {
    for (const char* const name : {"7.2.0.192", "8.2.0.192", "192", "example.com", "test", "www"}) {
        for (const std::uint16_t type : std::to_array<std::uint16_t>({1, 16, 2, 255, 252, 250})) {
            const std::string whole = fmt::format("{}.bl.example.org", name);
            EXPECT_FALSE(ask({.name = whole, .type = type}).opt) << whole;
            const auto opt =
                ask({.name = whole, .type = type, .opt = OptSpec{.dnssec_ok = true}}).opt;
            ASSERT_TRUE(opt) << whole;
            EXPECT_EQ(opt->payload_bytes, 1232);
            EXPECT_TRUE(opt->dnssec_ok);
            EXPECT_EQ(opt->extended_rcode, 0);
        }
    }
}

TEST_F(Respond, KnowsNoOtherVersionOfEdns) {
    const auto answer = ask({.name = "7.2.0.192.bl.example.org", .opt = OptSpec{.version = 1}});
    ASSERT_TRUE(answer.opt);
    EXPECT_EQ(answer.opt->extended_rcode << 4 | answer.rcode, 16);
    EXPECT_THAT(answer.answer, IsEmpty());
}

TEST_F(Respond, IgnoresOptionsAndGivesItsNsidWhenAsked) {
    const OptSpec others{.options = {{8, std::string{"\0\1\x18\0\xC0\0\2", 7}}, {65001, "x"}}};
    const auto plain = ask({.name = "7.2.0.192.bl.example.org", .opt = others});
    EXPECT_EQ(plain.answer.size(), 1U);
    EXPECT_THAT(plain.opt->options, IsEmpty());
    const auto with_nsid =
        ask({.name = "8.2.0.192.bl.example.org", .opt = OptSpec{.options = {{3, ""}}}});
    EXPECT_THAT(with_nsid.opt->options, ElementsAre(0, 3, 0, 3, 'n', 's', '1'));
}

TEST_F(Respond, CopiesTheFlagsThatAreTheClients) {
    const auto set = ask({.name = "7.2.0.192.bl.example.org", .flags = 0x0130});
    EXPECT_TRUE(set.recursion_desired);
    EXPECT_TRUE(set.checking_disabled);
    EXPECT_FALSE(set.authentic_data);
    EXPECT_FALSE(set.recursion_available);
    const auto clear = ask({.name = "7.2.0.192.bl.example.org", .id = 77, .flags = 0});
    EXPECT_FALSE(clear.recursion_desired);
    EXPECT_FALSE(clear.checking_disabled);
    EXPECT_EQ(clear.id, 77);
}

TEST_F(Respond, RefusesOtherClassesAndTransfers) {
    const std::string name = "7.2.0.192.bl.example.org";
    EXPECT_EQ(ask({.name = name, .record_class = 4}).rcode, kRefused);
    EXPECT_EQ(ask({.name = name, .record_class = 255}).rcode, kRefused);
    EXPECT_EQ(ask({.name = name, .record_class = kChaos}).rcode, kRefused);
    EXPECT_EQ(ask({.name = "bl.example.org", .type = 252}, Transport::Tcp).rcode, kRefused);
    EXPECT_EQ(ask({.name = "bl.example.org", .type = 251}).rcode, kRefused);
    EXPECT_EQ(ask({.name = name, .type = 253}).rcode, kNotImp);
    EXPECT_EQ(ask({.name = name, .type = 249}).rcode, kNotImp);
    EXPECT_EQ(ask({.name = name, .type = 41}).rcode, kNotImp);
    EXPECT_EQ(ask({.name = name, .type = 256}).rcode, kNoError);  // URI, an ordinary type
}

TEST_F(Respond, GivesItsVersionOnlyAsText) {
    for (const char* const name : {"version.bind", "VERSION.server"}) {
        const auto answer = ask({.name = name, .type = kTxt, .record_class = kChaos});
        EXPECT_EQ(answer.rcode, kNoError);
        EXPECT_THAT(answer.answer, ElementsAre(fmt::format("{}. 0 CH TXT \"ostrakon\"", name)));
    }
    EXPECT_EQ(ask({.name = "version.bind", .type = 1, .record_class = kChaos}).rcode, kRefused);
    EXPECT_EQ(ask({.name = "version.bind", .type = kTxt}).rcode, kRefused);
}

TEST_F(Respond, GivesItsNameOnlyAsText) {
    for (const char* const name : {"id.server", "hostname.bind"}) {
        const auto answer = ask({.name = name, .type = kTxt, .record_class = kChaos});
        EXPECT_EQ(answer.rcode, kNoError);
        EXPECT_THAT(answer.answer, ElementsAre(fmt::format("{}. 0 CH TXT \"ns1\"", name)));
        EXPECT_EQ(ask({.name = name, .type = 1, .record_class = kChaos}).rcode, kRefused);
        EXPECT_EQ(ask({.name = name, .type = kTxt}).rcode, kRefused);
    }
    for (const char* const name : {"hostname.server", "id.bind", "server", "x.id.server"}) {
        EXPECT_EQ(ask({.name = name, .type = kTxt, .record_class = kChaos}).rcode, kRefused);
    }
}

TEST_F(Respond, PutsTheAddressesOfNameServersBesideThem) {
    const auto answer = ask({.name = "bl.example.org", .type = 2});
    EXPECT_THAT(answer.answer, ElementsAre("bl.example.org. 3600 IN NS ns1.bl.example.org."));
    EXPECT_THAT(answer.additional, ElementsAre("ns1.bl.example.org. 3600 IN A 192.0.2.53",
                                               "ns1.bl.example.org. 3600 IN AAAA 2001:db8::53"));
}

TEST_F(Respond, GivesTheTimeOfTheLastChangeAsSerialOrOneMore) {
    const auto soa = [&](std::string_view serial) {
        return fmt::format(
            "bl.example.org. 3600 IN SOA ns1.bl.example.org. hostmaster.example.org. {} 3600 900 "
            "2592000 60",
            serial);
    };
    // Three bans in one second, at 2026-01-01T00:00:00Z.
    EXPECT_THAT(ask({.name = "bl.example.org", .type = 6}).answer, ElementsAre(soa("1767225602")));
    host.wait({3600});
    EXPECT_THAT(ask({.name = "bl.example.org", .type = 6}).answer, ElementsAre(soa("1767225602")));
    run({"ban", "192.0.2.9", "--reason", "spam"});
    EXPECT_THAT(ask({.name = "bl.example.org", .type = 6}).answer, ElementsAre(soa("1767229200")));
}

TEST_F(Respond, AdmitsClientsByTheirAddress) {
    const Bytes query = test::build_query({.name = "7.2.0.192.closed.example.org"});
    const auto rcode_for = [&](const net::Address& address) {
        return read(host.answer_to(query, {address, Transport::Udp})).rcode;
    };
    EXPECT_EQ(rcode_for(*net::parse_ipv6("2001:db8:7::1")), kNoError);
    EXPECT_EQ(rcode_for(*net::parse_ipv6("2001:db8:8::1")), kRefused);
    EXPECT_EQ(rcode_for(net::Ipv4{0x7F000001}), kRefused);
}

TEST_F(Respond, NeverExceedsWhatTheClientTakes) {
    for (int i = 0; i < 40; ++i) {
        run({"ban", fmt::format("198.51.100.0-198.51.100.{}", 100 + i), "--code",
             fmt::format("127.0.1.{}", i + 1), "--reason", std::string(200, 'x')});
    }
    const std::string name = "7.100.51.198.bl.example.org";
    const auto size = [&](std::uint16_t type, std::optional<OptSpec> opt, Transport transport) {
        return answer(test::build_query({.name = name, .type = type, .opt = opt}), transport)
            .size();
    };
    EXPECT_LE(size(kTxt, std::nullopt, Transport::Udp), 512U);
    EXPECT_LE(size(1, std::nullopt, Transport::Udp), 512U);
    for (const int payload : {0, 511, 512, 600, 700, 1231, 1232, 1233, 65535}) {
        const OptSpec opt{.payload_bytes = static_cast<std::uint16_t>(payload)};
        EXPECT_LE(size(kTxt, opt, Transport::Udp),
                  static_cast<std::size_t>(std::clamp(payload, 512, 1232)));
        EXPECT_LE(size(1, opt, Transport::Udp),
                  static_cast<std::size_t>(std::clamp(payload, 512, 1232)));
    }
    EXPECT_EQ(ask({.name = name}, Transport::Udp).truncated, true);
    EXPECT_EQ(ask({.name = name, .opt = OptSpec{}}, Transport::Udp).answer.size(), 40U);
    EXPECT_EQ(ask({.name = name, .opt = OptSpec{}}, Transport::Tcp).answer.size(), 40U);
    EXPECT_EQ(ask({.name = name, .type = kTxt}, Transport::Tcp).answer.size(), verdict::kTextsMax);
}

TEST_F(Respond, SaysSoWithoutADatabase) {
    host.lose_snapshot();
    for (const char* const name : {"7.2.0.192", "8.2.0.192", "192", "example.com", "example.net",
                                   "test", "2.0.0.127", "1.0.0.127"}) {
        const auto answer = ask({.name = fmt::format("{}.bl.example.org", name), .opt = OptSpec{}});
        EXPECT_EQ(answer.rcode, kServFail) << name;
        EXPECT_FALSE(answer.authoritative);
        EXPECT_THAT(answer.opt->options, ElementsAre(0, 15, 0, 2, 0, 14));
    }
    EXPECT_EQ(ask({.name = "bl.example.org", .type = 6}).rcode, kServFail);
    EXPECT_EQ(ask({.name = "bl.example.org", .type = kTxt}).rcode, kServFail);
    EXPECT_EQ(ask({.name = "ns1.bl.example.org", .type = kTxt}).rcode, kServFail);
    // What the configuration says is known all the same.
    EXPECT_EQ(ask({.name = "bl.example.org", .type = 2}).answer.size(), 1U);
    EXPECT_EQ(ask({.name = "bl.example.org"}).answer.size(), 1U);
    EXPECT_EQ(ask({.name = "ns1.bl.example.org", .type = 28}).answer.size(), 1U);
    EXPECT_EQ(ask({.name = "7.2.0.192.other.example.net"}).rcode, kRefused);
    EXPECT_EQ(ask({.name = "7.2.0.192.closed.example.org"}).rcode, kRefused);
}

}  // namespace
}  // namespace ostrakon::responder
