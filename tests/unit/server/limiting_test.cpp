// Which networks count as one, what becomes of answers above the limit, and what the operator is
// told.
#include "ostrakon/server/limiting.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::server {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

net::Address address(const char* text) {
    return *net::parse_address(text);
}

TEST(RateLimits, CountANetworkAsOneClient) {
    const RateLimits limits{
        {.responses_per_second = 1, .ipv4_prefix = 24, .ipv6_prefix = 56, .exempt = {}}};
    const auto same = [&](const char* a, const char* b) {
        return limits.network_of(address(a)) == limits.network_of(address(b));
    };
    EXPECT_TRUE(same("192.0.2.0", "192.0.2.255"));
    EXPECT_FALSE(same("192.0.2.255", "192.0.3.0"));
    EXPECT_TRUE(same("2001:db8::", "2001:db8:0:ff:ffff::1"));
    EXPECT_FALSE(same("2001:db8::", "2001:db8:0:100::"));
    EXPECT_FALSE(same("192.0.2.1", "::c000:201"));
    const auto text = [&](const char* client) {
        return net::to_string(limits.range_of(limits.network_of(address(client))));
    };
    EXPECT_EQ(text("192.0.2.77"), "192.0.2.0/24");
    EXPECT_EQ(text("2001:db8:0:77::1"), "2001:db8::/56");
}

TEST(RateLimits, TakeEveryPrefix) {
    for (const int length : {0, 1, 31, 32}) {
        const RateLimits limits{{.responses_per_second = 1,
                                 .ipv4_prefix = length,
                                 .ipv6_prefix = length * 4,
                                 .exempt = {}}};
        for (const char* const client : {"192.0.2.77", "2001:db8:0:77::1"}) {
            EXPECT_EQ(
                net::to_string(limits.range_of(limits.network_of(address(client)))),
                std::visit(
                    [&](auto one) {
                        using Family = decltype(one);
                        return net::to_string(net::prefix(one, length * (Family::kWidth / 32)));
                    },
                    address(client)));
        }
    }
}

TEST(RateLimits, SpareExemptNetworks) {
    const RateLimits limits{
        {.responses_per_second = 1,
         .exempt = {*net::parse_range("192.0.2.0/31"), *net::parse_range("10.0.0.0/7"),
                    *net::parse_range("2001:db8::/48"), *net::parse_range("fc00::/7")}}};
    for (const char* const exempt :
         {"192.0.2.1", "10.255.0.0", "11.0.0.1", "2001:db8::1", "fc00::1", "fdff:ffff::"}) {
        EXPECT_TRUE(limits.is_exempt(address(exempt))) << exempt;
    }
    for (const char* const other : {"192.0.2.2", "192.0.1.255", "9.255.255.255", "12.0.0.0",
                                    "2001:db8:1::", "2001::", "fe00::", "::"}) {
        EXPECT_FALSE(limits.is_exempt(address(other))) << other;
    }
}

TEST(RateLimits, LetEverySlipthAnswerSlip) {
    using enum Treatment;
    const auto treatments = [](std::uint32_t slip) {
        const RateLimits limits{{.responses_per_second = 3, .slip = slip, .exempt = {}}};
        std::vector<Treatment> all;
        for (std::uint32_t count = 1; count <= 9; ++count) {
            all.push_back(limits.treatment(count));
        }
        return all;
    };
    using testing::ElementsAre;
    EXPECT_THAT(treatments(0),
                ElementsAre(Whole, Whole, Whole, None, None, None, None, None, None));
    EXPECT_THAT(treatments(1), ElementsAre(Whole, Whole, Whole, InBrief, InBrief, InBrief, InBrief,
                                           InBrief, InBrief));
    EXPECT_THAT(treatments(3),
                ElementsAre(Whole, Whole, Whole, None, None, InBrief, None, None, InBrief));
}

TEST(FrequentNetworks, FindTheMostFrequentAmongVeryMany) {
    FrequentNetworks networks;
    EXPECT_EQ(networks.first().count, 0U);
    constexpr std::uint64_t kOften = 2'000;
    for (std::uint64_t i = 0; i < 10'000; ++i) {
        networks.note({0, 1'000'000 + i});
        if (i % (10'000 / kOften) == 0) {
            networks.note({0, 7});
        }
    }
    EXPECT_EQ(networks.first().network, (ClientNetwork{0, 7}));
    EXPECT_GE(networks.first().count, kOften);
    FrequentNetworks others;
    others.note({0, 8}, 100'000);
    networks.add(others);
    EXPECT_EQ(networks.first().network, (ClientNetwork{0, 8}));
}

class LimitNews : public testing::Test {
protected:
    std::optional<std::string> news() {
        return limiting_.rate_news(
            handlers_, [this](const auto& task) { task(handler_); }, time_);
    }

    // All in one batch, and thus in one second.
    void ask(const char* client, int queries) {
        const std::array<std::uint8_t, 12> packet{};  // FORMERR
        const std::span<const std::uint8_t> query{packet};
        std::array<std::uint8_t, responder::kUdpAnswerSizeMax> space;
        handler_.begin_batch();
        for (int i = 0; i < queries; ++i) {
            handler_.read({&query, 1});
            handler_.answer(0, {address(client), responder::Transport::Udp, 0}, space);
        }
    }

    Limiting limiting_;
    SiteHandler handler_{std::make_shared<responder::Site>(std::make_shared<verdict::Rulebook>(),
                                                           responder::ResponderSettings{}),
                         nullptr, [] {}};
    std::array<SiteHandler*, 1> handlers_{&handler_};
    Limiting::Clock::time_point time_{};
};

TEST_F(LimitNews, TellOfTheNetworkThatIsLimitedMostOnceAMinute) {
    limiting_.configure({.responses_per_second = 1, .slip = 0, .exempt = {}});
    limiting_.apply(handler_);
    EXPECT_FALSE(news());
    ask("198.51.100.9", 101);
    ask("192.0.2.1", 11);
    EXPECT_EQ(news(),
              "rate limiting: 110 answers dropped, 0 sent without records, most of them for "
              "198.51.100.0/24 (about 100)");
    ask("2001:db8::1", 11);
    time_ += 59s;
    EXPECT_FALSE(news());
    time_ += 1s;
    EXPECT_EQ(news(),
              "rate limiting: 10 answers dropped, 0 sent without records, most of them for "
              "2001:db8::/56 (about 10)");
    time_ += 60s;
    EXPECT_FALSE(news());
}

TEST_F(LimitNews, TellThatADryRunIsOne) {
    limiting_.configure({.responses_per_second = 1, .slip = 1, .dry_run = true, .exempt = {}});
    limiting_.apply(handler_);
    ask("192.0.2.1", 2);
    const auto text = news();
    ASSERT_TRUE(text);
    EXPECT_THAT(*text, HasSubstr("rate limiting (a dry run: all were answered): 0 answers dropped, "
                                 "1 sent"));
}

TEST_F(LimitNews, TellOfTcpConnectionsThatWereTurnedAway) {
    TcpCounters counters{.admitted = 100, .timed_out = 50};
    EXPECT_FALSE(limiting_.tcp_news(counters, time_));
    counters.refused_full = 1;
    counters.refused_client = 2;
    counters.displaced = 3;
    EXPECT_EQ(
        limiting_.tcp_news(counters, time_),
        "TCP: 1 connection refused above [server] tcp_connections, 2 above 128 of one client; "
        "3 idle ones closed to make room");
    counters.displaced = 4;
    EXPECT_FALSE(limiting_.tcp_news(counters, time_ + 59s));
    EXPECT_THAT(*limiting_.tcp_news(counters, time_ + 60s), HasSubstr("; 1 idle one closed"));
}

}  // namespace
}  // namespace ostrakon::server
