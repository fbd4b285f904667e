// What patterns add to verdicts: which of them answer, what they cost, and what happens where they
// cannot be matched.
#include "ostrakon/pattern/pattern_set.hpp"
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/policy/inspect.hpp"
#include "ostrakon/store/journal.hpp"
#include "ostrakon/store/meta.hpp"
#include "ostrakon/verdict/judge.hpp"
#include "support/allocation_counter.hpp"
#include "support/temporary_directory.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::verdict {
namespace {

using testing::HasSubstr;

constexpr UnixTime kNow{1'800'000'000};

zone::Zone zone_of(std::vector<zone::SourcePattern> sources) {
    zone::Zone zone;
    zone.name = "bl.example.org";
    zone.origin = *dns::parse_name(zone.name);
    zone.sources = std::move(sources);
    zone.classes = {"*"};
    zone.texts.emplace("*", *zone::TextTemplate::parse("{subject} ({source}): {reason}"));
    return zone;
}

// Five that every list has, .net, and as many more as a list must have.
Result<zone::TopLevelDomains> top_level_domains() {
    std::string text =
        "# Version 2026112200, Last Updated Sun Nov 22 07:07:01 2026 UTC\n"
        "AC\nARPA\nCOM\nNET\nORG\nZW\n";
    for (int i = 0; i < 1000; ++i) {
        text += fmt::format("LABEL{}\n", i);
    }
    return zone::TopLevelDomains::parse(text, "tlds-alpha-by-domain.txt");
}

class PatternsTest : public testing::Test {
protected:
    static constexpr std::size_t kOwn = 0, kFeeds = 1, kDynamic = 2, kTopLevel = 3;

    PatternsTest() {
        auto opened = store::Environment::open({.directory = directory_.path(),
                                                .access = store::Access::ReadWriteCreate,
                                                .size_bytes = 1UL << 28});
        EXPECT_TRUE(opened) << message(opened.error());
        environment_.emplace(std::move(*opened));
        auto rulebook = std::make_shared<Rulebook>();
        rulebook->zones = {zone_of({{"own", false}}), zone_of({{"*", false}}),
                           zone_of({{"dynamic-names", false}}), zone_of({{"unknown-tld", false}})};
        const auto rules = pattern::parse_name_rules("digits /[0-9]/\ndynamic dsl\nexcept mail\n",
                                                     "dynamic-names.conf");
        rulebook->dynamic_names = std::make_shared<pattern::NameRules>(*rules);
        rulebook->top_level_domains = std::make_shared<zone::TopLevelDomains>(*top_level_domains());
        judge_.emplace(*environment_, rulebook);
    }

    Result<policy::ChangeReport> try_ban(const std::vector<std::string>& subjects,
                                         std::string listing_class) {
        policy::Ban ban;
        for (const std::string& text : subjects) {
            ban.subjects.push_back(*policy::parse_subject(text));
        }
        ban.reason = "spam";
        ban.listing_class = std::move(listing_class);
        ban.confirmed = true;
        return policy::ban(*environment_, settings_, ban, {"test", "ban", kNow});
    }
    void ban(const std::string& subject, std::string listing_class = "") {
        const auto made = try_ban({subject}, std::move(listing_class));
        ASSERT_TRUE(made) << message(made.error());
        const auto checked = policy::check(*environment_, {});
        ASSERT_TRUE(checked);
        EXPECT_EQ(checked->differences, 0U) << testing::PrintToString(checked->samples);
    }

    Verdict ask(std::string_view name, std::size_t zone = kOwn) {
        EXPECT_TRUE(judge_->renew());
        key_ = dns::reversed_key(*dns::parse_name(name));
        return judge_->judge(zone, NameKey{key_}, kNow);
    }
    std::vector<std::string> texts(std::string_view name, std::size_t zone = kOwn) {
        ask(name, zone);
        const auto found = judge_->texts(zone, NameKey{key_}, name, kNow);
        return {found.begin(), found.end()};
    }

    test::TemporaryDirectory directory_;
    std::optional<store::Environment> environment_;
    config::Settings settings_;
    std::optional<Judge> judge_;
    std::string key_;
};

TEST_F(PatternsTest, AnswerRightAfterTheirBan) {
    EXPECT_FALSE(ask("dsl7.example.net").listed);
    ban("rdns:dsl*.example.net");
    EXPECT_TRUE(ask("dsl7.example.net").listed);
    EXPECT_FALSE(ask("mail.example.net").listed);
    EXPECT_TRUE(ask("mail.example.net").exists);
    EXPECT_TRUE(ask("example.net").exists);
    EXPECT_FALSE(ask("example.org").exists);
    ban("rdns:/^ppp[0-9]/");
    EXPECT_TRUE(ask("ppp7.example.org").listed);
    EXPECT_TRUE(ask("example.org").exists);
    EXPECT_FALSE(ask("example.org", kFeeds).exists);
    EXPECT_FALSE(ask("ppp7.example.org", kFeeds).listed);
}

TEST_F(PatternsTest, AreRankedAmongNames) {
    ban("rdns:*.adsl.example.net");
    ban("rdns:/dsl/");
    ban("rdns:*", "misconfigured");
    EXPECT_EQ(ask("a.adsl.example.net").code_count, 2);
    ban("example.net", "allow");  // above the expression and the star, below the first
    EXPECT_EQ(ask("a.adsl.example.net").code_count, 1);
    EXPECT_FALSE(ask("dsl.example.net").listed);
    ban("rdns:*", "allow");  // a glob without a label is as specific as another, an expression less
    EXPECT_FALSE(ask("dsl.example.org").listed);
    EXPECT_FALSE(ask("www.example.org").listed);
    EXPECT_TRUE(ask("a.adsl.example.net").listed);
    ban("rdns:*.a*.example.net", "allow");
    EXPECT_TRUE(ask("a.adsl.example.net").listed);
    ban("rdns:*.adsl.example.net", "allow");
    EXPECT_FALSE(ask("a.adsl.example.net").listed);
}

TEST_F(PatternsTest, NeverMatchMailAddresses) {
    ban("rdns:*");
    EXPECT_TRUE(ask("0123456789abcdef0123456789abcdef0123456").listed);
    const Verdict verdict = ask("0123456789abcdef0123456789abcdef01234567");
    EXPECT_FALSE(verdict.listed);
    EXPECT_TRUE(verdict.exists);
}

TEST_F(PatternsTest, OfTheBuiltInSourceAnswerWhereItIsNamed) {
    EXPECT_TRUE(ask("dsl-7.example.net", kDynamic).listed);
    EXPECT_EQ(ask("dsl-7.example.net", kDynamic).codes[0], net::Ipv4{0x7F00000A});
    EXPECT_EQ(texts("dsl-7.example.net", kDynamic),
              std::vector<std::string>{
                  "dsl-7.example.net (dynamic-names): its name has dsl and /[0-9]/"});
    EXPECT_FALSE(ask("mail.dsl-7.example.net", kDynamic).listed);
    EXPECT_TRUE(ask("www.example.net", kDynamic).exists);
    EXPECT_FALSE(ask("dsl-7.example.net", kOwn).listed);
    EXPECT_FALSE(ask("www.example.net", kOwn).exists);
    ban("rdns:/^dsl-7/", "allow");
    EXPECT_FALSE(ask("dsl-7.example.net", kDynamic).listed);
    EXPECT_TRUE(ask("dsl-8.example.net", kDynamic).listed);
}

TEST_F(PatternsTest, AndBuiltInSourcesSayNothingOfTheNextSubject) {
    ban("rdns:/^ppp/");
    const std::vector<std::pair<std::string, std::size_t>> all{
        {"ppp7.example.org", kOwn}, {"dsl-7.example.net", kDynamic}, {"mail.lan", kTopLevel}};
    for (const auto& [name, zone] : all) {
        SCOPED_TRACE(name);
        ASSERT_TRUE(ask(name, zone).listed);
        EXPECT_FALSE(judge_->judge(zone, net::Ipv4{0xC0000207}, kNow).listed);
        ASSERT_EQ(texts(name, zone).size(), 1U);
        EXPECT_TRUE(judge_->texts(zone, net::Ipv4{0xC0000207}, "192.0.2.7", kNow).empty());
        for (std::size_t other = kOwn; other <= kTopLevel; ++other) {
            ASSERT_TRUE(ask(name, zone).listed);
            EXPECT_EQ(ask(name, other).listed, other == zone) << other;
        }
    }
}

TEST_F(PatternsTest, SayWhichTheyAre) {
    ban("rdns:*.adsl.example.net");
    ban("rdns:/dsl/");
    EXPECT_THAT(
        texts("a.adsl.example.net"),
        testing::ElementsAre("rdns:*.adsl.example.net (own): spam", "rdns:/dsl/ (own): spam"));
}

TEST_F(PatternsTest, AllocateNothingForNamesThatTheyDoNotMatch) {
    ban("rdns:*.adsl.example.net");
    ban("rdns:/^ppp[0-9]/");
    for (const std::size_t zone : {kOwn, kFeeds, kDynamic}) {
        ask("www.example.net", zone);  // RE2 learns
        const std::string key = dns::reversed_key(*dns::parse_name("www.example.net"));
        const std::size_t before = test::allocation_count();
        judge_->judge(zone, NameKey{key}, kNow);
        EXPECT_EQ(test::allocation_count(), before);
    }
}

// More in the index than can be compiled: nothing is known of names there, and all of addresses.
TEST_F(PatternsTest, ThatCannotBeMatchedAreNoMiss) {
    ban("rdns:/^ppp[0-9]/");
    auto transaction = store::WriteTransaction::begin(*environment_);
    ASSERT_TRUE(transaction);
    store::IndexWriter index{*transaction};
    const std::string set{*transaction->get(store::Table::IndexPattern, "/^ppp[0-9]/")};
    for (std::size_t i = 0; i < pattern::kSetPatternsMax; ++i) {
        index.put(store::Table::IndexPattern, "/x" + std::to_string(i) + "/", set);
    }
    index.finish(store::raise_serial(*transaction, kNow));
    ASSERT_TRUE(transaction->commit());
    ask("ppp7.example.org");
    EXPECT_FALSE(judge_->is_sound());
    EXPECT_FALSE(judge_->judge(kOwn, net::Ipv4{0xC0000207}, kNow).listed);
    EXPECT_TRUE(judge_->is_sound());
    ask("ppp7.example.org", kFeeds);
    EXPECT_TRUE(judge_->is_sound());
}

TEST_F(PatternsTest, AreRefusedBeforeTheyAreTooMany) {
    std::vector<std::string> globs;
    for (int i = 0; i < 32; ++i) {
        globs.push_back("rdns:a" + std::to_string(i) + "*.example.net");
    }
    ASSERT_TRUE(try_ban(globs, ""));
    const auto glob = try_ban({"rdns:b*.example.net"}, "");
    ASSERT_FALSE(glob);
    EXPECT_EQ(glob.error().code, ErrorCode::Refused);
    EXPECT_THAT(message(glob.error()), HasSubstr("more than 32 that end in example.net"));
    std::vector<std::string> regexes;
    for (std::size_t i = 0; i <= pattern::kSetPatternsMax; ++i) {
        regexes.push_back("rdns:/x" + std::to_string(i) + "/");
    }
    const auto regex = try_ban(regexes, "");
    ASSERT_FALSE(regex);
    EXPECT_EQ(regex.error().code, ErrorCode::Refused);
    EXPECT_THAT(message(regex.error()), HasSubstr("1001 without a literal label"));
    std::vector<std::string> large;
    for (int i = 0; i < 900; ++i) {
        large.push_back("rdns:/(\\d{1,30}x?){30}" + std::to_string(i) + "/");
    }
    const auto memory = try_ban(large, "");
    ASSERT_FALSE(memory);
    EXPECT_THAT(message(memory.error()), HasSubstr("MiB"));
}

}  // namespace
}  // namespace ostrakon::verdict
