// Queries answered out of real zones and a real database, and what is answered when that is gone.
#include "ostrakon/server/site_handler.hpp"

#include "ostrakon/policy/decide.hpp"
#include "ostrakon/server/query_record.hpp"
#include "support/allocation_counter.hpp"
#include "support/dns_client.hpp"
#include "support/query_builder.hpp"
#include "support/temporary_directory.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace ostrakon::server {
namespace {

std::shared_ptr<const responder::Site> site_of(const char* origin) {
    zone::Zone zone;
    zone.name = origin;
    zone.origin = *dns::parse_name(origin);
    zone.ns = {*dns::parse_name("ns1.example.org")};
    zone.contact = *dns::parse_name("hostmaster.example.org");
    zone.sources = {{"own", false}};
    zone.classes = {"*"};
    zone.texts.emplace("*", *zone::TextTemplate::parse("{subject} is blocked"));
    auto rulebook = std::make_shared<verdict::Rulebook>();
    rulebook->zones.push_back(std::move(zone));
    return std::make_shared<responder::Site>(std::move(rulebook), responder::ResponderSettings{});
}

class SiteHandlerTest : public testing::Test {
protected:
    SiteHandlerTest() {
        auto opened = store::Environment::open({.directory = directory_.path(),
                                                .access = store::Access::ReadWriteCreate,
                                                .size_bytes = std::uint64_t{1} << 28});
        EXPECT_TRUE(opened) << message(opened.error());
        environment_.emplace(std::move(*opened));
        policy::Ban ban;
        ban.subjects = {*policy::parse_subject("192.0.2.7")};
        ban.reason = "spam";
        const auto made = policy::ban(*environment_, {}, ban, {"test", "ban", now()});
        EXPECT_TRUE(made) << message(made.error());
        handler_.emplace(site_of("bl.example.org"), &*environment_, [this] { ++complaints_; });
    }

    test::Reply ask(const char* name) {
        return test::parse_reply(answer_to(test::query_bytes({.name = name})));
    }

    test::Bytes answer_to(const test::Bytes& query,
                          responder::Transport transport = responder::Transport::Udp) {
        std::vector<std::uint8_t> answer(responder::kTcpAnswerSizeMax);
        const std::span<const std::uint8_t> packet{query};
        handler_->begin_batch();
        handler_->read({&packet, 1});
        const std::size_t size = handler_->answer(0, {net::Ipv4{0xC0000201}, transport, 0}, answer);
        handler_->before_sleep();
        return {answer.begin(), answer.begin() + static_cast<std::ptrdiff_t>(size)};
    }

    test::TemporaryDirectory directory_;
    std::optional<store::Environment> environment_;
    std::optional<SiteHandler> handler_;
    int complaints_ = 0;
};

TEST_F(SiteHandlerTest, AnswersFromTheDatabase) {
    EXPECT_EQ(ask("7.2.0.192.bl.example.org").data, std::vector<std::string>{"127.0.0.2"});
    EXPECT_EQ(ask("8.2.0.192.bl.example.org").rcode, "NXDOMAIN");
    EXPECT_EQ(ask("7.2.0.192.other.example.org").rcode, "REFUSED");
}

TEST_F(SiteHandlerTest, NeverDeniesAListingWithoutADatabase) {
    handler_->leave_database();
    environment_.reset();
    EXPECT_EQ(ask("7.2.0.192.bl.example.org").rcode, "SERVFAIL");
    EXPECT_EQ(ask("8.2.0.192.bl.example.org").rcode, "SERVFAIL");
    EXPECT_EQ(complaints_, 1) << "tells that it cannot read, and does not go on about it";
}

TEST_F(SiteHandlerTest, TakesADatabaseAgain) {
    handler_->leave_database();
    handler_->take_database(*environment_);
    EXPECT_EQ(complaints_, 0);
    EXPECT_EQ(ask("7.2.0.192.bl.example.org").data, std::vector<std::string>{"127.0.0.2"});
}

TEST_F(SiteHandlerTest, NotesWhatWasAnsweredWithAnOwnListing) {
    HitRing ring;
    handler_->count_hits(&ring);
    ask("7.2.0.192.bl.example.org");
    ask("8.2.0.192.bl.example.org");                                                 // not listed
    answer_to(test::build_query({.name = "7.2.0.192.bl.example.org", .type = 28}));  // no data
    answer_to(test::build_query({.name = "7.2.0.192.bl.example.org", .type = 16}));
    ask("2.0.0.127.bl.example.org");  // the test point
    handler_->adopt(site_of("bl.example.org"));
    ask("7.2.0.192.bl.example.org");
    handler_->count_hits(nullptr);
    ask("7.2.0.192.bl.example.org");
    Hit hit;
    std::vector<int> generations;
    while (ring.take(hit)) {
        EXPECT_EQ(hit.subject, Hit::Subject::Ipv4);
        generations.push_back(hit.generation);
    }
    EXPECT_EQ(generations, (std::vector<int>{0, 0, 1}));
}

TEST_F(SiteHandlerTest, AdoptsAnotherConfiguration) {
    handler_->adopt(site_of("other.example.org"));
    EXPECT_EQ(ask("7.2.0.192.bl.example.org").rcode, "REFUSED");
    EXPECT_EQ(ask("7.2.0.192.other.example.org").data, std::vector<std::string>{"127.0.0.2"});
}

// What was counted, as "zone type transport kind count".
std::vector<std::string> counts_of(const QueryTally& tally) {
    std::vector<std::string> lines;
    tally.for_each([&](const std::string& zone, std::size_t type, std::size_t transport,
                       std::size_t kind, std::uint64_t count) {
        lines.push_back(fmt::format("{} {} {} {} {}", zone, kCountedTypes[type],
                                    kTransports[transport], responder::kAnswerKindNames[kind],
                                    count));
    });
    return lines;
}

TEST_F(SiteHandlerTest, CountsWhatBecameOfQueries) {
    ask("7.2.0.192.bl.example.org");
    ask("7.2.0.192.bl.example.org");
    ask("8.2.0.192.bl.example.org");
    ask("2.0.192.bl.example.org");
    ask("2.0.0.127.bl.example.org");
    ask("7.2.0.192.other.example.org");
    answer_to(test::query_bytes({.name = "bl.example.org", .type = "SOA"}),
              responder::Transport::Tcp);
    answer_to(test::Bytes(12, 0x00));
    EXPECT_THAT(
        counts_of(handler_->tally()),
        testing::UnorderedElementsAre(
            "bl.example.org A udp listed 2", "bl.example.org A udp not_listed 1",
            "bl.example.org A udp nodata 1", "bl.example.org A udp test_point 1",
            " A udp refused 1", "bl.example.org SOA tcp zone_data 1", " other udp formerr 1"));
    verdict::ListingTally::Sums sums;
    handler_->tally().listings().add_to(sums);
    EXPECT_EQ(sums, (verdict::ListingTally::Sums{{{"own", "ip"}, 2}}));
}

TEST_F(SiteHandlerTest, KeepsItsCountsThroughChanges) {
    ask("7.2.0.192.bl.example.org");
    handler_->adopt(site_of("other.example.org"));
    ask("7.2.0.192.other.example.org");
    handler_->adopt(site_of("bl.example.org"));
    handler_->leave_database();
    handler_->take_database(*environment_);
    ask("7.2.0.192.bl.example.org");
    EXPECT_THAT(counts_of(handler_->tally()),
                testing::UnorderedElementsAre("bl.example.org A udp listed 2",
                                              "other.example.org A udp listed 1"));
    verdict::ListingTally::Sums sums;
    handler_->tally().listings().add_to(sums);
    EXPECT_EQ(sums, (verdict::ListingTally::Sums{{{"own", "ip"}, 3}}));
}

// How answers to many queries of one client came out.
struct Outcomes {
    int whole = 0;
    int in_brief = 0;
    int none = 0;
};

// 192.0.2.1 asks as often as the limits are far exceeded, whatever second it is.
class LimitedSiteHandler : public SiteHandlerTest {
protected:
    static constexpr int kQueries = 1000;
    static constexpr std::uint32_t kLimit = 10;

    void limit(config::LimitSettings settings) {
        settings.responses_per_second = kLimit;
        handler_->limit(rate_limits(settings), &table_);
    }

    Outcomes ask_often(const test::Bytes& query,
                       responder::Transport transport = responder::Transport::Udp) {
        Outcomes outcomes;
        const UnixTime begin = now();
        for (int i = 0; i < kQueries; ++i) {
            const test::Bytes answer = answer_to(query, transport);
            const bool has_records = answer.size() > 7 && answer[7] != 0;
            ++(answer.empty() ? outcomes.none : has_records ? outcomes.whole : outcomes.in_brief);
            last_ = answer.empty() ? last_ : answer;
        }
        seconds_ = static_cast<int>(now().seconds - begin.seconds) + 1;
        return outcomes;
    }

    const test::Bytes plain_ =
        test::build_query({.name = "7.2.0.192.bl.example.org", .opt = test::OptSpec{}});
    RateTable table_;
    test::Bytes last_;  // the last answer that came
    int seconds_ = 0;   // that answering took, counted generously
};

TEST_F(LimitedSiteHandler, AnswersInFullAsOftenAsTheLimitSays) {
    limit({.slip = 2, .exempt = {}});
    const Outcomes outcomes = ask_often(plain_);
    EXPECT_GE(outcomes.whole, static_cast<int>(kLimit));
    EXPECT_LE(outcomes.whole, static_cast<int>(kLimit) * seconds_);
    EXPECT_NEAR(outcomes.in_brief, outcomes.none, seconds_);
    EXPECT_EQ(handler_->limit_counters().dropped, static_cast<unsigned>(outcomes.none));
    EXPECT_EQ(handler_->limit_counters().in_brief, static_cast<unsigned>(outcomes.in_brief));
    const auto networks = handler_->take_limited_networks();
    EXPECT_EQ(networks.first().count, static_cast<unsigned>(outcomes.none + outcomes.in_brief));
    EXPECT_EQ(handler_->take_limited_networks().first().count, 0U);
}

TEST_F(LimitedSiteHandler, LogsWhatIsHeldBackToo) {
    auto ring = std::make_unique<QueryRing>();
    handler_->log_queries(ring.get());
    limit({.slip = 0, .exempt = {}});
    answer_to(plain_);
    const std::size_t allocated = test::allocation_count();
    answer_to(plain_);
    const std::size_t of_the_test = test::allocation_count() - allocated;
    handler_->log_queries(nullptr);
    const std::size_t allocated_without = test::allocation_count();
    answer_to(plain_);
    EXPECT_EQ(test::allocation_count() - allocated_without, of_the_test);
    handler_->log_queries(ring.get());
    const Outcomes outcomes = ask_often(plain_);
    EXPECT_GT(outcomes.none, 0);
    QueryRecordBuffer record;
    int logged = 0;
    int held_back = 0;
    while (const std::size_t size = ring->take(record)) {
        std::string line;
        append_query_line(std::span{record}.first(size), LoggedClient::Full, line);
        ++logged;
        held_back += line.find(" 7.2.0.192.bl.example.org A - - -\n") != std::string::npos ? 1 : 0;
    }
    EXPECT_EQ(logged, kQueries + 2);
    EXPECT_EQ(held_back, outcomes.none);
}

TEST_F(LimitedSiteHandler, LetsNoneOrAllSlip) {
    limit({.slip = 0, .exempt = {}});
    EXPECT_EQ(ask_often(plain_).in_brief, 0);
    limit({.slip = 1, .exempt = {}});
    EXPECT_EQ(ask_often(plain_).none, 0);
}

TEST_F(LimitedSiteHandler, SendsAPlainClientOverToTcp) {
    limit({.slip = 1, .exempt = {}});
    ask_often(plain_);
    ASSERT_GT(last_.size(), 12U);
    EXPECT_EQ(last_[2] & 0x02, 0x02) << "TC";
    EXPECT_EQ(last_[3] & 0x0F, 0) << "NOERROR";
    EXPECT_LE(last_.size(), plain_.size()) << "not worth a forged question";
    const Outcomes over_tcp = ask_often(plain_, responder::Transport::Tcp);
    EXPECT_EQ(over_tcp.whole, kQueries);
}

TEST_F(LimitedSiteHandler, BelievesAClientWithACookie) {
    limit({.slip = 1, .exempt = {}});
    const auto with_cookie = [](const std::string& cookie) {
        return test::build_query(
            {.name = "7.2.0.192.bl.example.org", .opt = test::OptSpec{.options = {{10, cookie}}}});
    };
    const Outcomes first = ask_often(with_cookie("client c"));
    EXPECT_LE(first.whole, static_cast<int>(kLimit) * seconds_);
    EXPECT_EQ(first.none, 0);
    EXPECT_EQ(last_[3] & 0x0F, 23 & 0x0F) << "BADCOOKIE";
    ASSERT_GT(last_.size(), 24U);
    const std::string cookie(last_.end() - 24, last_.end());
    EXPECT_EQ(ask_often(with_cookie(cookie)).whole, kQueries);
    const std::string forged = "client c" + std::string(16, 'x');
    EXPECT_LE(ask_often(with_cookie(forged)).whole, static_cast<int>(kLimit) * seconds_);
}

TEST_F(LimitedSiteHandler, SparesExemptNetworks) {
    limit({.slip = 0, .exempt = {*net::parse_range("192.0.2.0/30")}});
    EXPECT_EQ(ask_often(plain_).whole, kQueries);
    limit({.slip = 0, .exempt = {*net::parse_range("192.0.2.2/31"), *net::parse_range("::/0")}});
    EXPECT_LT(ask_often(plain_).whole, kQueries);
}

TEST_F(LimitedSiteHandler, OnlyCountsInADryRun) {
    limit({.slip = 2, .dry_run = true, .exempt = {}});
    EXPECT_EQ(ask_often(plain_).whole, kQueries);
    const LimitCounters& counters = handler_->limit_counters();
    EXPECT_GE(counters.dropped + counters.in_brief,
              static_cast<unsigned>(kQueries) - kLimit * static_cast<unsigned>(seconds_));
}

TEST_F(LimitedSiteHandler, CountsNoAnswerThatNobodyGets) {
    limit({.slip = 0, .exempt = {}});
    test::Bytes answer = plain_;
    answer[2] |= 0x80;
    EXPECT_EQ(ask_often(answer).none, kQueries);
    EXPECT_EQ(handler_->limit_counters().dropped, 0U);
}

TEST_F(LimitedSiteHandler, LimitsErrorsToo) {
    limit({.slip = 0, .exempt = {}});
    test::Bytes other_opcode = plain_;
    other_opcode[2] = 0x28;
    const Outcomes outcomes = ask_often(other_opcode);
    EXPECT_GE(outcomes.none, kQueries - static_cast<int>(kLimit) * seconds_);
}

TEST_F(LimitedSiteHandler, AllocatesNothingForIt) {
    limit({.slip = 2, .exempt = {}});
    std::vector<std::uint8_t> space(responder::kUdpAnswerSizeMax);
    const std::span<const std::uint8_t> packet{plain_};
    handler_->begin_batch();
    const auto before = test::allocation_count();
    for (int i = 0; i < kQueries; ++i) {
        handler_->read({&packet, 1});
        handler_->answer(0, {net::Ipv4{0xC0000201}, responder::Transport::Udp, 0}, space);
    }
    EXPECT_EQ(test::allocation_count(), before);
}

TEST_F(LimitedSiteHandler, StopsWhenTheLimitsAreTakenAway) {
    limit({.slip = 0, .exempt = {}});
    handler_->limit(rate_limits({}), nullptr);
    EXPECT_EQ(ask_often(plain_).whole, kQueries);
}

}  // namespace
}  // namespace ostrakon::server
