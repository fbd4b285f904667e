// What the judge answers from a real database, right after each change.
#include "ostrakon/verdict/judge.hpp"
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/policy/import.hpp"
#include "ostrakon/policy/inspect.hpp"
#include "support/allocation_counter.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::verdict {
namespace {

constexpr UnixTime kNow{1'800'000'000};

zone::Zone block_zone() {
    zone::Zone zone;
    zone.name = "bl.example.org";
    zone.origin = *dns::parse_name(zone.name);
    zone.sources = {{"own", false}, {"*", false}};
    zone.classes = {"*"};
    zone.texts.emplace("*",
                       *zone::TextTemplate::parse("{subject} is blocked ({class})[ - {reason}]"));
    return zone;
}

class JudgeTest : public testing::Test {
protected:
    JudgeTest() {
        auto opened = store::Environment::open({.directory = directory_.path(),
                                                .access = store::Access::ReadWriteCreate,
                                                .size_bytes = 1UL << 28});
        EXPECT_TRUE(opened) << message(opened.error());
        environment_.emplace(std::move(*opened));
        settings_.protect.never_ipv4 = {net::prefix(net::Ipv4{0x0A000000}, 8)};
        auto rulebook = std::make_shared<Rulebook>();
        rulebook->zones.push_back(block_zone());
        rulebook->protect = settings_.protect;
        judge_.emplace(*environment_, rulebook);
    }

    void ban(std::string_view subject, policy::Expiry expiry = {}, std::string listing_class = "") {
        policy::Ban ban;
        ban.subjects = {*policy::parse_subject(subject)};
        ban.reason = "spam";
        ban.listing_class = std::move(listing_class);
        ban.expiry = expiry;
        ban.confirmed = true;
        const auto made = policy::ban(*environment_, settings_, ban, {"test", "ban", kNow});
        ASSERT_TRUE(made) << message(made.error());
        const auto checked = policy::check(*environment_, {});
        ASSERT_TRUE(checked);
        EXPECT_EQ(checked->differences, 0U) << testing::PrintToString(checked->samples);
    }

    Verdict ask(const Subject& subject, UnixTime at = kNow) {
        EXPECT_TRUE(judge_->renew());
        const Verdict verdict = judge_->judge(0, subject, at);
        return verdict;
    }
    Verdict ask_name(std::string_view name) {
        const std::string key = dns::reversed_key(*dns::parse_name(name));
        return ask(NameKey{key});
    }

    test::TemporaryDirectory directory_;
    std::optional<store::Environment> environment_;
    config::Settings settings_;
    std::optional<Judge> judge_;
};

TEST_F(JudgeTest, AnswersABanAtOnce) {
    EXPECT_FALSE(ask(net::Ipv4{0xC0000207}).listed);
    ban("192.0.2.7");
    const Verdict verdict = ask(net::Ipv4{0xC0000207});
    EXPECT_TRUE(verdict.listed);
    ASSERT_EQ(verdict.code_count, 1);
    EXPECT_EQ(verdict.codes[0], net::Ipv4{0x7F000002});
    EXPECT_EQ(verdict.ttl_s, 300U);
    EXPECT_FALSE(ask(net::Ipv4{0xC0000208}).listed);
}

TEST_F(JudgeTest, LetsAnAllowCutAHole) {
    ban("198.51.100.0/24");
    ban("198.51.100.32/28", {}, "allow");
    EXPECT_TRUE(ask(net::Ipv4{0xC633641F}).listed);
    EXPECT_FALSE(ask(net::Ipv4{0xC6336420}).listed);
    EXPECT_TRUE(ask(net::Ipv4{0xC6336430}).listed);
    ban("198.51.100.33");
    EXPECT_TRUE(ask(net::Ipv4{0xC6336421}).listed);
}

TEST_F(JudgeTest, HonoursTheEndToTheSecond) {
    ban("203.0.113.9", {true, UnixTime{kNow.seconds + 60}});
    EXPECT_EQ(ask(net::Ipv4{0xCB007109}).ttl_s, 60U);
    EXPECT_TRUE(ask(net::Ipv4{0xCB007109}, {kNow.seconds + 59}).listed);
    EXPECT_FALSE(ask(net::Ipv4{0xCB007109}, {kNow.seconds + 60}).listed);
}

TEST_F(JudgeTest, KnowsNamesAndWhatLiesBelow) {
    ban("bad.example");
    ban("*.below.example");
    ban("=one.other.example");
    EXPECT_TRUE(ask_name("bad.example").listed);
    EXPECT_TRUE(ask_name("a.b.bad.example").listed);
    EXPECT_FALSE(ask_name("notbad.example").listed);
    EXPECT_FALSE(ask_name("below.example").listed);
    EXPECT_TRUE(ask_name("below.example").exists);
    EXPECT_TRUE(ask_name("x.below.example").listed);
    EXPECT_TRUE(ask_name("other.example").exists);
    EXPECT_FALSE(ask_name("x.one.other.example").listed);
    EXPECT_FALSE(ask_name("x.one.other.example").exists);
}

TEST_F(JudgeTest, KnowsNamesOfManyLabels) {
    const std::string deep = "a.b.c.d.e.f.g.h.i.j.k.example";
    ban("=" + deep);
    EXPECT_TRUE(ask_name(deep).listed);
    EXPECT_FALSE(ask_name("x." + deep).listed);
    for (std::string above = deep.substr(2); above != "example"; above.erase(0, 2)) {
        EXPECT_FALSE(ask_name(above).listed) << above;
        EXPECT_TRUE(ask_name(above).exists) << above;
        EXPECT_FALSE(ask_name("x." + above).exists) << above;
    }
    for (std::string banned = deep.substr(2); banned != "example"; banned.erase(0, 2)) {
        ban(banned);
        EXPECT_TRUE(ask_name(deep).listed) << banned;
        EXPECT_TRUE(ask_name("x.y." + banned).listed) << banned;
        EXPECT_FALSE(ask_name("x.y." + banned.substr(2)).listed) << banned;
    }
}

TEST_F(JudgeTest, KnowsIpv6Prefixes) {
    ban("2001:db8:1::/64");
    ban("2001:db8::/32", {}, "isp");
    const net::Ipv6 inside = *net::parse_ipv6("2001:db8:1::25");
    EXPECT_EQ(ask(inside).code_count, 2);
    EXPECT_EQ(ask(*net::parse_ipv6("2001:db8:2::25")).code_count, 1);
    EXPECT_FALSE(ask(*net::parse_ipv6("2001:db9::")).listed);
    EXPECT_TRUE(judge_->is_anything_in(net::prefix(*net::parse_ipv6("2001::"), 16)));
    EXPECT_FALSE(judge_->is_anything_in(net::prefix(*net::parse_ipv6("2002::"), 16)));
}

TEST_F(JudgeTest, GivesOneTextAListing) {
    ban("192.0.2.0/24", {}, "isp");
    ban("192.0.2.7");
    EXPECT_TRUE(judge_->renew());
    const auto texts = judge_->texts(0, net::Ipv4{0xC0000207}, "192.0.2.7", kNow);
    ASSERT_EQ(texts.size(), 2U);
    EXPECT_EQ(texts[0], "192.0.2.7 is blocked (ip) - spam");
    EXPECT_EQ(texts[1], "192.0.2.0/24 is blocked (isp) - spam");
}

TEST_F(JudgeTest, NamesTheOwnListingsThatAnswer) {
    ban("192.0.2.0/24", {}, "isp");           // listing 1
    ban("192.0.2.7");                         // 2
    ban("192.0.2.8", {}, "allow");            // 3
    ban("bad.example");                       // 4
    ban("rdns:*-dsl.bad.example", {}, "ip");  // 5
    EXPECT_TRUE(judge_->renew());
    const auto listings = [this](const Subject& subject) {
        const auto found = judge_->own_listings(0, subject, kNow);
        return std::vector<store::ListingId>{found.begin(), found.end()};
    };
    using Ids = std::vector<store::ListingId>;
    EXPECT_EQ(listings(net::Ipv4{0xC0000207}), (Ids{2, 1}));
    EXPECT_EQ(listings(net::Ipv4{0xC0000208}), Ids{})
        << "the allow silences the ban of the network";
    EXPECT_EQ(listings(net::Ipv4{0xC0000209}), Ids{1});
    EXPECT_EQ(listings(net::Ipv4{0xC0000309}), Ids{});
    const std::string key = dns::reversed_key(*dns::parse_name("x-dsl.bad.example"));
    EXPECT_THAT(listings(NameKey{key}), testing::UnorderedElementsAre(4, 5));
}

TEST_F(JudgeTest, SaysWhetherAnOwnListingAnswers) {
    ban("192.0.2.7");
    EXPECT_TRUE(ask(net::Ipv4{0xC0000207}).is_own);
    EXPECT_TRUE(ask(net::Ipv4{0xC0000207}).is_own) << "remembered";
    EXPECT_FALSE(ask(net::Ipv4{0xC0000208}).is_own);
}

TEST_F(JudgeTest, HeedsNeverSaveForAnOverride) {
    ban("8.0.0.0/5");
    EXPECT_TRUE(ask(net::Ipv4{0x09000001}).listed);
    EXPECT_FALSE(ask(net::Ipv4{0x0A000001}).listed);
}

TEST_F(JudgeTest, AllocatesNothing) {
    ban("192.0.2.7");
    ban("2001:db8::/32");
    ban("bad.example");
    const std::string key = dns::reversed_key(*dns::parse_name("mail.bad.example"));
    ASSERT_TRUE(judge_->renew());
    const auto before = test::allocation_count();
    for (const Subject& subject :
         {Subject{net::Ipv4{0xC0000207}}, Subject{*net::parse_ipv6("2001:db8::1")},
          Subject{NameKey{key}}}) {
        judge_->renew();
        EXPECT_TRUE(judge_->judge(0, subject, kNow).listed);
        EXPECT_EQ(judge_->texts(0, subject, "query", kNow).size(), 1U);
        judge_->reset();
    }
    EXPECT_EQ(test::allocation_count(), before);
}

TEST(Judge, HasNoSnapshotWithoutADatabase) {
    const auto rulebook = std::make_shared<Rulebook>();
    Judge judge(rulebook);
    EXPECT_FALSE(judge.renew());
    judge.reset();
    judge.adopt(std::make_shared<Rulebook>());
    EXPECT_FALSE(judge.renew());
}

}  // namespace
}  // namespace ostrakon::verdict
