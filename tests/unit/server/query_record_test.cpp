// Lines of the query log, out of questions and the answers that they got.
#include "ostrakon/server/query_record.hpp"

#include "support/dns_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::server {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr UnixTime kAt{1'795'370'400};  // 2026-11-22T18:00:00Z
constexpr const char* kKey = "k2345678901234567890";
constexpr const char* kOldKey = "oldkey78901234567890";

// A zone with keys, and one without; no database.
class QueryRecordTest : public testing::Test {
protected:
    QueryRecordTest() {
        auto rulebook = std::make_shared<verdict::Rulebook>();
        for (const char* origin : {"bl.example.org", "plain.example.org"}) {
            zone::Zone zone;
            zone.name = origin;
            zone.origin = *dns::parse_name(origin);
            zone.ns = {*dns::parse_name("ns1.example.org")};
            zone.contact = *dns::parse_name("hostmaster.example.org");
            rulebook->zones.push_back(std::move(zone));
        }
        rulebook->zones.front().keys_file = "keys";
        partner::UseCounters uses;
        const std::vector<partner::KeyEntry> entries{{"mailhost", kKey, false},
                                                     {"former", kOldKey, true}};
        site_.emplace(
            std::move(rulebook), responder::ResponderSettings{},
            partner::ZoneKeys{std::make_shared<partner::KeyTable>("bl.example.org", entries, uses),
                              nullptr});
    }

    std::string line(const test::Bytes& query, const test::Bytes& answer,
                     const net::Address& client = net::Ipv4{0xC0000207},
                     LoggedClient shown = LoggedClient::Full,
                     LogFormat format = LogFormat::Plain) const {
        responder::PendingQuery pending;
        responder::read_query(query, site_->prepared(), pending);
        QueryRecordBuffer record;
        const std::size_t size =
            write_query_record(pending, {client, responder::Transport::Udp}, answer, kAt, record);
        std::string text;
        append_query_line(std::span{record}.first(size), shown, text, format);
        return text;
    }
    std::string line_of(const std::string& name) const {
        const test::Bytes query = test::query_bytes({.name = name});
        return line(query, refusal(query));
    }
    static test::Bytes refusal(test::Bytes query) {
        query[2] |= 0x80;
        query[3] = 5;
        return query;
    }

    std::optional<responder::Site> site_;
};

// An answer to `query`, which has no OPT, with these A records.
test::Bytes with_codes(test::Bytes query, const std::vector<std::array<std::uint8_t, 4>>& codes) {
    query[2] |= 0x80;
    query[7] = static_cast<std::uint8_t>(codes.size());
    for (const auto& code : codes) {
        const test::Bytes record{0xC0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4};
        query.insert(query.end(), record.begin(), record.end());
        query.insert(query.end(), code.begin(), code.end());
    }
    return query;
}

TEST_F(QueryRecordTest, NamesWhatItHoldsForPrograms) {
    const test::Bytes query = test::query_bytes({.name = "7.2.0.192.plain.example.org"});
    const test::Bytes answer = with_codes(query, {{127, 0, 0, 2}, {127, 0, 0, 4}});
    const net::Address client = net::Ipv4{0xC0000207};
    EXPECT_EQ(line(query, answer, client, LoggedClient::Network, LogFormat::Logfmt),
              "time=2026-11-22T18:00:00Z client=192.0.2.0 name=7.2.0.192.plain.example.org type=A "
              "rcode=NOERROR codes=127.0.0.2,127.0.0.4\n");
    EXPECT_EQ(line(query, answer, client, LoggedClient::None, LogFormat::Json),
              "{\"time\":\"2026-11-22T18:00:00Z\",\"name\":\"7.2.0.192.plain.example.org\","
              "\"type\":\"A\",\"rcode\":\"NOERROR\",\"codes\":[\"127.0.0.2\",\"127.0.0.4\"]}\n");
}

TEST_F(QueryRecordTest, HasWhatCompareReads) {
    const test::Bytes query = test::query_bytes({.name = "7.2.0.192.Plain.Example.org"});
    EXPECT_EQ(line(query, with_codes(query, {{127, 0, 0, 2}, {192, 0, 2, 80}, {127, 0, 0, 4}})),
              "2026-11-22T18:00:00Z 192.0.2.7 7.2.0.192.Plain.Example.org A NOERROR "
              "127.0.0.2,127.0.0.4 -\n");
    EXPECT_EQ(line(query, {}),
              "2026-11-22T18:00:00Z 192.0.2.7 7.2.0.192.Plain.Example.org A - - -\n");
}

TEST_F(QueryRecordTest, ShowsOfClientsWhatIsWanted) {
    const test::Bytes query = test::query_bytes({.name = "plain.example.org"});
    const net::Address ipv6 = net::parse_address("2001:db8:1:2ff:3::4").value();
    EXPECT_THAT(line(query, {}, ipv6), HasSubstr("Z 2001:db8:1:2ff:3::4 plain"));
    EXPECT_THAT(line(query, {}, ipv6, LoggedClient::Network),
                HasSubstr("Z 2001:db8:1:200:: plain"));
    EXPECT_THAT(line(query, {}, net::Ipv4{0xC0000207}, LoggedClient::Network),
                HasSubstr("Z 192.0.2.0 plain"));
    EXPECT_THAT(line(query, {}, ipv6, LoggedClient::None), HasSubstr("Z - plain"));
}

TEST_F(QueryRecordTest, ShowsNoKey) {
    const std::string asked = "7.2.0.192.";
    EXPECT_THAT(line_of(asked + kKey + ".bl.example.org"),
                HasSubstr(" 7.2.0.192.bl.example.org A REFUSED - mailhost\n"));
    EXPECT_THAT(line_of(std::string{kKey} + ".bl.example.org"),
                HasSubstr(" bl.example.org A REFUSED - mailhost\n"));
    EXPECT_THAT(line_of(asked + kOldKey + ".bl.example.org"),
                HasSubstr(" 7.2.0.192.bl.example.org A REFUSED - former\n"));
    EXPECT_THAT(line_of(asked + "k2345678901234567891.bl.example.org"),
                HasSubstr(" 7.2.0.192.-.bl.example.org A REFUSED - -\n"));
    EXPECT_THAT(line_of(asked + "k2345678901234567891.plain.example.org"),
                HasSubstr(" 7.2.0.192.k2345678901234567891.plain.example.org A"));
}

TEST_F(QueryRecordTest, SpellsWhatWouldEndAWordOrALine) {
    test::Bytes query = test::query_bytes({.name = "aXbXcXdXe.plain.example.org"});
    const std::string odd = " \n.\\";
    for (std::size_t at = 13, i = 0; i < odd.size(); ++i, at += 2) {
        query[at + 1] = static_cast<std::uint8_t>(odd[i]);
    }
    EXPECT_THAT(line(query, {}), HasSubstr(" a\\032b\\010c\\046d\\092e.plain.example.org A"));
}

TEST_F(QueryRecordTest, IsNoneWhereNoQuestionWasRead) {
    test::Bytes query = test::query_bytes({.name = "plain.example.org"});
    query.resize(20);
    EXPECT_EQ(line(query, refusal(query)), "");
}

TEST_F(QueryRecordTest, ReadsNoByteOutsideAnAnswer) {
    const test::Bytes query = test::query_bytes({.name = "7.2.0.192.plain.example.org"});
    const test::Bytes answer = with_codes(query, {{127, 0, 0, 2}, {127, 0, 0, 4}});
    for (std::size_t size = 0; size < answer.size(); ++size) {
        const test::Bytes cut(answer.begin(), answer.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_THAT(line(query, cut), Not(HasSubstr("127.0.0.4")));
    }
}

}  // namespace
}  // namespace ostrakon::server
