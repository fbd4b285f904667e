// Questions and answers as dnstap has them, without what nobody may read.
#include "ostrakon/server/dnstap_record.hpp"

#include "support/query_builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

namespace ostrakon::server {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kKey = "k2345678901234567890";

// A zone with a key.
const responder::Site& keyed_site() {
    static const auto kSite = [] {
        auto rulebook = std::make_shared<verdict::Rulebook>();
        zone::Zone zone;
        zone.name = "bl.example.org";
        zone.origin = *dns::parse_name(zone.name);
        zone.ns = {*dns::parse_name("ns1.example.org")};
        zone.contact = *dns::parse_name("hostmaster.example.org");
        zone.keys_file = "keys";
        rulebook->zones.push_back(std::move(zone));
        partner::UseCounters uses;
        const std::vector<partner::KeyEntry> entries{{"mailhost", kKey, false}};
        return std::make_unique<responder::Site>(
            std::move(rulebook), responder::ResponderSettings{},
            partner::ZoneKeys{
                std::make_shared<partner::KeyTable>("bl.example.org", entries, uses)});
    }();
    return *kSite;
}

DnstapFrames frames_of(const test::Bytes& packet, const test::Bytes& answer,
                       const net::Address& client, LoggedClient shown = LoggedClient::Full) {
    responder::PendingQuery asked;
    responder::read_query(packet, keyed_site().prepared(), asked);
    DnstapRecordBuffer record(kDnstapRecordMax);
    const std::size_t size = write_dnstap_record(asked, {client, responder::Transport::Udp, 0},
                                                 answer, {1'795'370'400, 5}, record);
    return dnstap_frames(std::span{record}.first(size), shown, {"ns1", "ostrakon"});
}

std::string text_of(const test::Bytes& bytes) {
    return {bytes.begin(), bytes.end()};
}

TEST(DnstapRecord, HasBothMessagesAndTheClient) {
    const test::Bytes packet = test::build_query({.name = "7.2.0.192.bl.example.org"});
    test::Bytes answer = packet;
    answer[2] |= 0x80;
    const DnstapFrames frames = frames_of(packet, answer, net::Ipv4{0xC0000207});
    EXPECT_THAT(frames.query, HasSubstr(text_of(packet)));
    EXPECT_THAT(frames.query, HasSubstr("\xC0\x00\x02\x07"));
    EXPECT_THAT(frames.query, HasSubstr("ns1"));
    EXPECT_THAT(frames.response, HasSubstr(text_of(answer)));
    EXPECT_THAT(frames.response, Not(HasSubstr(text_of(packet))));
    EXPECT_TRUE(frames_of(packet, {}, net::Ipv4{0xC0000207}).response.empty())
        << "there was no answer";
}

TEST(DnstapRecord, HasNoMoreOfTheClientThanIsWanted) {
    const test::Bytes packet = test::build_query({.name = "7.2.0.192.bl.example.org"});
    const net::Address ipv4 = net::Ipv4{0xCB007109};
    EXPECT_THAT(frames_of(packet, packet, ipv4, LoggedClient::Network).query,
                HasSubstr(std::string{"\xCB\x00\x71\x00", 4}));
    EXPECT_THAT(frames_of(packet, packet, ipv4, LoggedClient::None).query,
                Not(HasSubstr(std::string{"\xCB\x00\x71", 3})));
    const net::Address ipv6 = *net::parse_ipv6("2001:db8:1:2233:4455:6677:8899:aabb");
    const std::string network = frames_of(packet, packet, ipv6, LoggedClient::Network).query;
    EXPECT_THAT(network, HasSubstr(std::string{"\x20\x01\x0d\xb8\x00\x01\x22\x00\x00", 9}));
    EXPECT_THAT(network, Not(HasSubstr("\x44\x55")));
}

TEST(DnstapRecord, HasNoKeyNorWhatLooksLikeOne) {
    for (const std::string key : {kKey, "zzzz5678901234567890"}) {
        const test::Bytes packet =
            test::build_query({.name = "7.2.0.192." + key + ".bl.example.org"});
        const DnstapFrames frames = frames_of(packet, packet, net::Ipv4{0xC0000207});
        EXPECT_THAT(frames.query + frames.response, Not(HasSubstr(key.substr(0, 6))));
        EXPECT_THAT(frames.query, HasSubstr(std::string(20, 'x') + "\2bl"));
        EXPECT_THAT(frames.response, HasSubstr(std::string(20, 'x') + "\2bl"));
    }
}

TEST(DnstapRecord, LeavesOutWhatIsTooLong) {
    const test::Bytes packet = test::build_query({.name = "7.2.0.192.bl.example.org"});
    const DnstapFrames frames =
        frames_of(packet, test::Bytes(kDnstapMessageMax + 1), net::Ipv4{0xC0000207});
    EXPECT_FALSE(frames.response.empty());
    EXPECT_LT(frames.response.size(), 100U);
    EXPECT_THAT(frames.query, HasSubstr(text_of(packet)));
}

TEST(DnstapRecord, IsMadeOfWhateverComes) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    for (int i = 0; i < 2000; ++i) {
        test::Bytes packet =
            test::build_query({.name = "7." + std::string{kKey} + ".bl.example.org"});
        packet.resize(random() % (packet.size() + 1));
        for (int flips = 0; flips < 3 && !packet.empty(); ++flips) {
            packet[random() % packet.size()] = static_cast<std::uint8_t>(random());
        }
        EXPECT_FALSE(frames_of(packet, packet, net::Ipv4{1}).query.empty());
    }
}

}  // namespace
}  // namespace ostrakon::server
