// Who asks most and what is asked about most: estimates that come near the truth, and nothing that
// must not be seen.
#include "ostrakon/server/top_tally.hpp"

#include "ostrakon/responder/prepared.hpp"
#include "support/dns_client.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ostrakon::server {
namespace {

constexpr UnixTime kNow{1'800'000'000};

std::shared_ptr<const responder::Site> some_site() {
    zone::Zone zone;
    zone.name = "bl.example.org";
    zone.origin = *dns::parse_name(zone.name);
    zone.ns = {*dns::parse_name("ns1.example.org")};
    zone.contact = *dns::parse_name("hostmaster.example.org");
    auto rulebook = std::make_shared<verdict::Rulebook>();
    rulebook->zones.push_back(std::move(zone));
    return std::make_shared<responder::Site>(std::move(rulebook), responder::ResponderSettings{});
}

class TopTallyTest : public testing::Test {
protected:
    // A batch in which this is asked so often by this client.
    void ask(const std::string& name, net::Ipv4 client, std::size_t times, UnixTime at = kNow) {
        const test::Bytes packet = test::query_bytes({.name = name});
        responder::PendingQuery query;
        responder::read_query(packet, site_->prepared(), query);
        const std::size_t looked_at = tally_.begin(times, at);
        if (looked_at != TopTally::kNone) {
            EXPECT_LT(looked_at, times);
            tally_.note(query, {client, responder::Transport::Udp, 0}, 2, false, at);
        }
    }
    std::uint64_t asked_about(const std::string& subject, UnixTime at = kNow) const {
        const auto counts = tally_.counts(at);
        const auto found = counts.subjects.find({2, subject});
        return found == counts.subjects.end() ? 0 : found->second.first;
    }

    std::shared_ptr<const responder::Site> site_ = some_site();
    TopTally tally_;
};

TEST_F(TopTallyTest, CountsFewQueriesOneByOne) {
    for (int i = 0; i < 7; ++i) {
        ask("1.2.0.192.bl.example.org", net::Ipv4{1}, 1);
    }
    ask("www.example.com.bl.example.org", net::Ipv4{2}, 1);
    EXPECT_EQ(asked_about("192.0.2.1"), 7);
    EXPECT_EQ(asked_about("www.example.com"), 1);
    EXPECT_EQ(tally_.counts(kNow).clients.at(net::Ipv4{1}), 7);
}

TEST_F(TopTallyTest, EstimatesManyWithFewLooks) {
    constexpr std::int64_t kSeconds = 12;
    constexpr int kBatches = 5000;
    for (std::int64_t second = 0; second < kSeconds; ++second) {
        for (int i = 0; i < kBatches; ++i) {
            ask(i % 4 == 0 ? "1.2.0.192.bl.example.org"
                           : fmt::format("{}.{}.51.198.bl.example.org", i % 250, i / 25 % 250),
                net::Ipv4{1}, 1, {kNow.seconds + second});
        }
    }
    const auto share = static_cast<double>(asked_about("192.0.2.1", {kNow.seconds + kSeconds})) /
                       static_cast<double>(kSeconds * kBatches);
    EXPECT_NEAR(share, 0.25, 0.05);
}

TEST_F(TopTallyTest, ForgetsWhatIsOver) {
    ask("1.2.0.192.bl.example.org", net::Ipv4{1}, 1);
    EXPECT_EQ(asked_about("192.0.2.1", {kNow.seconds + kTopPeriodSeconds}), 1);
    EXPECT_EQ(asked_about("192.0.2.1", {kNow.seconds + 2 * kTopPeriodSeconds}), 0);
}

TEST_F(TopTallyTest, KeepsTheEndOfLongNames) {
    const std::string label(60, 'a');
    const std::string name = label + "." + label + ".example.com";
    ask(name + ".bl.example.org", net::Ipv4{1}, 1);
    EXPECT_EQ(asked_about(name.substr(name.size() - TopTally::kTextSizeMax)), 1);
}

TEST_F(TopTallyTest, HasNoSubjectWhereNoneWasAskedAbout) {
    ask("bl.example.org", net::Ipv4{1}, 1);
    ask("www.example.net", net::Ipv4{1}, 1);
    EXPECT_TRUE(tally_.counts(kNow).subjects.empty());
    EXPECT_EQ(tally_.counts(kNow).clients.at(net::Ipv4{1}), 2);
}

}  // namespace
}  // namespace ostrakon::server
