// Questions that are signed, and questions for whole zones: who gets what, over UDP and TCP. What a
// transfer sends is the server's.
#include "ostrakon/responder/pending_query.hpp"
#include "ostrakon/responder/transfer_request.hpp"
#include "ostrakon/tsig/asking.hpp"
#include "scenario/runner/in_process_host.hpp"
#include "support/query_builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::responder {
namespace {

using test::Bytes;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using tsig::Doubt;

constexpr std::uint16_t kSoa = 6;
constexpr std::uint16_t kAxfr = 252;
constexpr std::uint16_t kIxfr = 251;
constexpr unsigned kRefused = 5;
constexpr unsigned kServFail = 2;
constexpr unsigned kFormErr = 1;
constexpr unsigned kNotAuth = 9;
constexpr net::Ipv4 kStranger{0x7F000001};
constexpr net::Ipv4 kSecondary{0xC0000235};  // 192.0.2.53
constexpr net::Ipv4 kKeySecondary{0xC0000236};

class SignedQuery : public testing::Test {
protected:
    void SetUp() override {
        const auto done = host.set_up(
            {{"ostrakon.toml",
              "[[tsig]]\nname = \"partner\"\nsecret_file = \"partner.key\"\n"
              "[catalog]\norigin = \"catalog.example.org\"\ntransfer = [\"key:partner\"]\n"},
             {"partner.key", "cGFydG5lcg==\n"},
             {"zones/own.key", "b3du\n"},
             {"zones/bl.toml",
              "origin = \"bl.example.org\"\nns = [\"ns1.example.org\"]\n"
              "contact = \"hostmaster@example.org\"\n"
              "[access]\nquery = [\"203.0.113.0/24\"]\n"
              "transfer = [\"192.0.2.53\", \"192.0.2.54 key:partner\", \"key:own\"]\n"
              "[[tsig]]\nname = \"own\"\nsecret_file = \"own.key\"\n"},
             {"zones/open.toml",
              "origin = \"open.example.org\"\nns = [\"ns1.example.org\"]\n"
              "contact = \"hostmaster@example.org\"\n"}});
        ASSERT_TRUE(done) << message(done.error());
    }

    // One question and what comes back for it.
    struct Exchanged {
        Bytes answer;
        Doubt doubt = Doubt::NotSigned;  ///< Of the answer.
        unsigned rcode = 0;
        std::uint16_t tsig_error = 0;
        unsigned answers = 0;
        bool is_truncated = false;
    };
    Exchanged exchange(const test::QuerySpec& spec, net::Ipv4 client,
                       const tsig::Key* key = nullptr, Transport transport = Transport::Udp,
                       std::int64_t clock_error_s = 0) {
        Bytes query = test::build_query(spec);
        std::optional<tsig::Session> session;
        const UnixTime time{host.time().seconds + clock_error_s};
        if (key != nullptr) {
            session.emplace(*key).sign(query, time);
        }
        Exchanged result;
        result.answer = host.answer_to(query, {client, transport});
        result.rcode = result.answer.at(3) & 0xFU;
        result.answers = result.answer.at(7);
        result.is_truncated = (result.answer.at(2) & 2) != 0;
        tsig::Record record;
        const auto begin = tsig::find_record(result.answer);
        if (session && begin && *begin != 0) {
            EXPECT_TRUE(tsig::read_record(result.answer, *begin, record));
            result.tsig_error = record.error;
            result.doubt = session->take(result.answer, &record, time);
        }
        return result;
    }
    std::optional<TransferRequest> granted(const test::QuerySpec& spec, net::Ipv4 client,
                                           const tsig::Key* signer = nullptr,
                                           std::string_view behind_question = {}) {
        query_ = test::build_query(spec);
        if (!behind_question.empty()) {
            query_[9] = 1;
            test::append(query_, behind_question);
        }
        read_query(query_, host.site().prepared(), pending_);
        return granted_transfer(pending_, {client, Transport::Tcp}, host.site().prepared(), signer);
    }
    const tsig::Key* site_key(std::string_view wire) {
        return host.site().prepared().find_key(&host.site().prepared().zones.front(), wire);
    }

    scenario::InProcessHost host;
    const tsig::Key partner_{*tsig::key_name("partner"), tsig::Algorithm::Sha256, "partner"};
    const tsig::Key own_{*tsig::key_name("own"), tsig::Algorithm::Sha256, "own"};
    const tsig::Key wrong_{*tsig::key_name("partner"), tsig::Algorithm::Sha256, "guess"};
    const tsig::Key unknown_{*tsig::key_name("nobody"), tsig::Algorithm::Sha256, "partner"};
    Bytes query_;
    PendingQuery pending_;
};

// RFC 8945 §5.3
TEST_F(SignedQuery, GetsASignedAnswer) {
    for (const auto transport : {Transport::Udp, Transport::Tcp}) {
        const auto got =
            exchange({.name = "open.example.org", .type = kSoa}, kStranger, &partner_, transport);
        EXPECT_EQ(got.doubt, Doubt::None);
        EXPECT_EQ(got.rcode, 0U);
        EXPECT_EQ(got.answers, 1U);
    }
    const auto with_opt = exchange(
        {.name = "open.example.org", .type = kSoa, .opt = test::OptSpec{}}, kStranger, &partner_);
    EXPECT_EQ(with_opt.doubt, Doubt::None);
    EXPECT_EQ(with_opt.answer[11], 2);  // OPT, then TSIG
}

// RFC 8945 §5.2
TEST_F(SignedQuery, IsNotAuthWhereTheSignatureIsNotBelieved) {
    const test::QuerySpec soa{.name = "open.example.org", .type = kSoa};
    struct Case {
        const tsig::Key* key;
        std::int64_t clock_error_s;
        std::uint16_t error;
    };
    for (const auto& [key, clock_error, error] :
         {Case{&unknown_, 0, 17}, Case{&wrong_, 0, 16}, Case{&partner_, 301, 18},
          Case{&partner_, -301, 18}}) {
        const auto got = exchange(soa, kStranger, key, Transport::Udp, clock_error);
        EXPECT_EQ(got.rcode, kNotAuth) << error;
        EXPECT_EQ(got.tsig_error, error);
        EXPECT_EQ(got.answers, 0U);
    }
}

TEST_F(SignedQuery, WithAKeyOfAnotherZonesFileIsNotBelieved) {
    EXPECT_EQ(exchange({.name = "open.example.org", .type = kSoa}, kStranger, &own_).tsig_error,
              17);
    EXPECT_EQ(exchange({.name = "bl.example.org", .type = kSoa}, kStranger, &own_).doubt,
              Doubt::None);
}

// RFC 8945 §5.2: a record that cannot be read.
TEST_F(SignedQuery, IsFormErrWhereItsRecordIsMalformed) {
    Bytes query = test::build_query({.name = "open.example.org", .type = kSoa});
    tsig::Session{partner_}.sign(query, host.time());
    query[*tsig::find_record(query) + 9 + 3] ^= 1;  // its class
    const Bytes answer = host.answer_to(query, {kStranger, Transport::Udp});
    EXPECT_EQ(answer[3] & 0xF, kFormErr);
    EXPECT_EQ(answer[11], 0);
}

// What signs nothing is left out where it does not fit into what the client takes.
TEST_F(SignedQuery, WithAnUnknownKeyGetsNoMoreThanItTakes) {
    const std::string label(63, 'x');
    const std::string long_name = label + "." + label + "." + label + ".";
    const tsig::Key key{*tsig::key_name(long_name + std::string(61, 'y')), tsig::Algorithm::Sha512,
                        "secret"};
    test::QuerySpec query{.name = long_name + std::string(40, 'z') + ".open.example.org"};
    const auto small = exchange(query, kStranger, &key);
    EXPECT_EQ(small.rcode, kNotAuth);
    EXPECT_LE(small.answer.size(), 512U);
    EXPECT_EQ(small.answer[11], 0);
    query.opt = test::OptSpec{};
    EXPECT_EQ(exchange(query, kStranger, &key).tsig_error, 17);
}

TEST_F(SignedQuery, MayComeFromOutsideWhereItMayHaveTheWholeZone) {
    const test::QuerySpec soa{.name = "bl.example.org", .type = kSoa};
    EXPECT_EQ(exchange(soa, kStranger).rcode, kRefused);
    EXPECT_EQ(exchange(soa, kStranger, &partner_).rcode, kRefused);  // from 192.0.2.54 alone
    EXPECT_EQ(exchange(soa, kStranger, &own_).rcode, 0U);
    EXPECT_EQ(exchange(soa, kSecondary).rcode, 0U);
    EXPECT_EQ(exchange(soa, kKeySecondary).rcode, kRefused);
    EXPECT_EQ(exchange(soa, kKeySecondary, &partner_).rcode, 0U);
}

// RFC 1995 §2; RFC 8914 §4.19
TEST_F(SignedQuery, ForATransferOverUdpGetsTheSoaAlone) {
    const test::QuerySpec ixfr{.name = "bl.example.org", .type = kIxfr, .opt = test::OptSpec{}};
    const auto got = exchange(ixfr, kSecondary);
    EXPECT_EQ(got.rcode, 0U);
    EXPECT_EQ(got.answers, 1U);
    const auto refused = exchange(ixfr, kStranger);
    EXPECT_EQ(refused.rcode, kRefused);
    EXPECT_EQ(refused.answers, 0U);
    const Bytes prohibited{0, 15, 0, 2, 0, 18};
    EXPECT_TRUE(std::search(refused.answer.begin(), refused.answer.end(), prohibited.begin(),
                            prohibited.end()) != refused.answer.end());
    EXPECT_EQ(exchange({.name = "bl.example.org", .type = kAxfr}, kSecondary).rcode, kRefused);
}

TEST_F(SignedQuery, ForATransferOverTcpFailsWhereThereIsNoRoomForIt) {
    const test::QuerySpec axfr{.name = "bl.example.org", .type = kAxfr};
    EXPECT_EQ(exchange(axfr, kSecondary, nullptr, Transport::Tcp).rcode, kServFail);
    const auto signed_one = exchange(axfr, kSecondary, &own_, Transport::Tcp);
    EXPECT_EQ(signed_one.rcode, kServFail);
    EXPECT_EQ(signed_one.doubt, Doubt::None);
    EXPECT_EQ(exchange(axfr, kStranger, nullptr, Transport::Tcp).rcode, kRefused);
}

TEST_F(SignedQuery, GrantsTransfersByAddressByKeyOrByBoth) {
    const tsig::Key* const own = site_key({"\3own\0", 5});
    const tsig::Key* const partner = site_key({"\7partner\0", 9});
    ASSERT_TRUE(own && partner);
    const test::QuerySpec axfr{.name = "BL.example.org", .type = kAxfr};
    EXPECT_TRUE(granted(axfr, kSecondary));
    EXPECT_TRUE(granted(axfr, kSecondary, partner));
    EXPECT_TRUE(granted(axfr, kStranger, own));
    EXPECT_TRUE(granted(axfr, kKeySecondary, partner));
    EXPECT_FALSE(granted(axfr, kStranger));
    EXPECT_FALSE(granted(axfr, kKeySecondary));
    EXPECT_FALSE(granted(axfr, kStranger, partner));
    EXPECT_FALSE(granted({.name = "open.example.org", .type = kAxfr}, kSecondary));
    EXPECT_FALSE(granted({.name = "x.bl.example.org", .type = kAxfr}, kSecondary));
    EXPECT_FALSE(granted({.name = "bl.example.org", .type = kAxfr, .record_class = 3}, kSecondary));
    EXPECT_FALSE(granted({.name = "bl.example.org", .type = kSoa}, kSecondary));
}

// RFC 1995 §3
TEST_F(SignedQuery, ForAnIxfrSaysWhatTheClientHas) {
    const test::QuerySpec ixfr{.name = "bl.example.org", .type = kIxfr};
    constexpr std::string_view kSoaRecord{
        "\xC0\x0C\0\6\0\1\0\0\0\0\0\x16\0\0\1\2\3\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 34};
    const auto request = granted(ixfr, kSecondary, nullptr, kSoaRecord);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->client_serial, 0x01020304U);
    EXPECT_FALSE(granted(ixfr, kSecondary)->client_serial);
    std::string short_one{kSoaRecord};
    short_one[11] = 19;
    EXPECT_FALSE(granted(ixfr, kSecondary, nullptr, std::string_view{short_one}.substr(0, 12 + 19))
                     ->client_serial);
    EXPECT_FALSE(granted({.name = "bl.example.org", .type = kAxfr}, kSecondary, nullptr, kSoaRecord)
                     ->client_serial);
}

// RFC 9432
TEST_F(SignedQuery, FindsTheCatalogWhereItMayHaveIt) {
    const test::QuerySpec soa{.name = "catalog.example.org", .type = kSoa};
    EXPECT_EQ(exchange(soa, kStranger).rcode, kRefused);
    EXPECT_EQ(exchange(soa, kStranger, &own_).rcode, kNotAuth);
    const auto got = exchange(soa, kStranger, &partner_);
    EXPECT_EQ(got.rcode, 0U);
    EXPECT_EQ(got.answers, 1U);
    EXPECT_EQ(exchange({.name = "x.catalog.example.org"}, kStranger, &partner_).rcode, kRefused);
    const tsig::Key* const partner = site_key({"\7partner\0", 9});
    const auto request =
        granted({.name = "catalog.example.org", .type = kAxfr}, kStranger, partner);
    ASSERT_TRUE(request);
    EXPECT_TRUE(request->is_catalog);
    EXPECT_FALSE(granted({.name = "catalog.example.org", .type = kAxfr}, kSecondary));
}

TEST_F(SignedQuery, TellsTheOperatorWhatIsTurnedAway) {
    const auto incident = [this](test::QuerySpec spec, const tsig::Key* key,
                                 std::int64_t clock_error_s = 0) {
        query_ = test::build_query(spec);
        if (key != nullptr) {
            tsig::Session{*key}.sign(query_, {host.time().seconds + clock_error_s});
        }
        read_query(query_, host.site().prepared(), pending_);
        verdict::Judge judge{host.site().shared_rulebook()};
        Bytes answer(kUdpAnswerSizeMax);
        answer_query(pending_, {kStranger, Transport::Udp}, host.site().prepared(), judge, false,
                     host.time(), answer);
        return pending_.incident;
    };
    const test::QuerySpec soa{.name = "open.example.org", .type = kSoa};
    EXPECT_EQ(incident(soa, nullptr), Incident::None);
    EXPECT_EQ(incident(soa, &partner_), Incident::None);
    EXPECT_EQ(incident(soa, &unknown_), Incident::BadKey);
    EXPECT_EQ(incident(soa, &wrong_), Incident::BadSignature);
    EXPECT_EQ(incident(soa, &partner_, 400), Incident::BadTime);
    EXPECT_EQ(incident({.name = "open.example.org", .type = kAxfr}, nullptr),
              Incident::TransferRefused);
}

}  // namespace
}  // namespace ostrakon::responder
