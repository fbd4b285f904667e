// What a resolver says, and what it fails to say, is told apart; nobody else is believed.
#include "ostrakon/diagnose/resolver.hpp"

#include "ostrakon/diagnose/diagnosis.hpp"
#include "support/nameserver.hpp"
#include "support/unreliable_resolver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::diagnose {
namespace {

using test::Fault;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const test::Nameserver& nameserver() {
    static const test::Nameserver kServer{[] {
        std::vector<std::string> records{
            "mail.example.com A 192.0.2.7",
            "7.2.0.192.in-addr.arpa PTR mail.example.com",
            "example.com MX 10 mail.example.com",
            "chain.example CNAME one.chain.example",
            "one.chain.example CNAME two.chain.example",
            "two.chain.example A 192.0.2.9",
            "loop.example CNAME pool.example",
            "pool.example CNAME loop.example",
            "dangling.example CNAME nowhere.example",
            R"(odd.example PTR \027\.b\000.example.com)",
        };
        for (int i = 0; i < 200; ++i) {
            records.push_back("crowd.example A 198.51.100." + std::to_string(i));
        }
        std::string text = "long.example TXT";
        for (int i = 0; i < 20; ++i) {
            text += " \"" + std::string(250, static_cast<char>('a' + i)) + "\"";
        }
        records.push_back(text);
        for (int i = 0; i < 12; ++i) {
            records.push_back("deep" + std::to_string(i) + ".example CNAME deep" +
                              std::to_string(i + 1) + ".example");
        }
        return records;
    }()};
    return kServer;
}

// Short, for names about which there is no answer at all.
Budget impatient() {
    Budget budget;
    budget.a_try = std::chrono::milliseconds{150};
    return budget;
}

Resolver ask_at(const std::string& endpoint, const Budget& budget = {}) {
    return std::move(Resolver::open(config::parse_endpoint(endpoint), budget).value());
}

Answer ask(Resolver& resolver, std::string_view name, RecordType type = RecordType::A) {
    return resolver.ask(*dns::parse_name(name), type);
}

TEST(ResolverAnswer, TellsWhatThereIsFromWhatThereIsNot) {
    Resolver resolver = ask_at(nameserver().endpoint());
    const Answer found = ask(resolver, "mail.example.com");
    EXPECT_TRUE(found.is_found());
    EXPECT_THAT(found.addresses, ElementsAre(net::Address{*net::parse_ipv4("192.0.2.7")}));
    EXPECT_EQ(ask(resolver, "mail.example.com", RecordType::Aaaa).kind, Answer::Kind::NoRecords);
    EXPECT_EQ(ask(resolver, "nowhere.example.com").kind, Answer::Kind::NoName);
    const Answer exchanges = ask(resolver, "example.com", RecordType::Mx);
    ASSERT_THAT(exchanges.exchanges, SizeIs(1));
    EXPECT_EQ(exchanges.exchanges[0].preference, 10);
    EXPECT_EQ(dns::to_string(exchanges.exchanges[0].host), "mail.example.com");
    EXPECT_EQ(resolver.description(), nameserver().endpoint());
}

TEST(ResolverAnswer, FollowsAliasesForAWhile) {
    Resolver resolver = ask_at(nameserver().endpoint());
    const Answer answer = ask(resolver, "chain.example");
    EXPECT_TRUE(answer.is_found());
    EXPECT_THAT(answer.aliases, SizeIs(2));
    EXPECT_EQ(ask(resolver, "dangling.example").kind, Answer::Kind::NoName);
    for (const std::string_view name : {"loop.example", "deep0.example"}) {
        const Answer endless = ask(resolver, name);
        EXPECT_TRUE(endless.is_unknown()) << name;
        EXPECT_THAT(endless.why, HasSubstr("a chain of more than 8 aliases"));
    }
}

TEST(ResolverAnswer, KeepsNoMoreThanItsBounds) {
    Resolver resolver = ask_at(nameserver().endpoint());
    EXPECT_THAT(ask(resolver, "crowd.example").addresses, SizeIs(Answer::kRecordsMax));
}

TEST(ResolverAnswer, ComesOverTcpWhereItIsTooLong) {
    Resolver resolver = ask_at(nameserver().endpoint());
    const Answer answer = ask(resolver, "long.example", RecordType::Txt);
    ASSERT_THAT(answer.texts, SizeIs(1));
    EXPECT_EQ(answer.texts[0].size(), 5000U);
}

TEST(ResolverAnswer, MayHaveAnyBytesInItsNames) {
    Resolver resolver = ask_at(nameserver().endpoint());
    const Answer answer = ask(resolver, "odd.example", RecordType::Ptr);
    ASSERT_THAT(answer.names, SizeIs(1));
    EXPECT_EQ(dns::to_string(answer.names[0]), R"(\027\046b\000.example.com)");
}

TEST(ResolverAnswer, IsUnknownWhereThereIsNoneToBelieve) {
    struct Case {
        Fault fault;
        std::string_view why;
    };
    const std::vector<Case> cases{{Fault::Silence, "no answer from 127.0.0.1:"},
                                  {Fault::ServFail, "SERVFAIL from 127.0.0.1:"},
                                  {Fault::Refused, "REFUSED from 127.0.0.1:"},
                                  {Fault::Garbage, "an answer that cannot be read"},
                                  {Fault::WrongId, "no answer from 127.0.0.1:"},
                                  {Fault::WrongQuestion, "no answer from 127.0.0.1:"},
                                  {Fault::WrongSource, "no answer from 127.0.0.1:"}};
    for (const auto& [fault, why] : cases) {
        SCOPED_TRACE(why);
        const test::UnreliableResolver unreliable{nameserver().address(),
                                                  {{"mail.example.com", fault}}};
        Resolver resolver = ask_at(unreliable.endpoint(), impatient());
        const Answer answer = ask(resolver, "mail.example.com");
        EXPECT_TRUE(answer.is_unknown());
        EXPECT_THAT(answer.addresses, IsEmpty());
        EXPECT_THAT(answer.why, HasSubstr(why));
        EXPECT_THAT(answer.why, HasSubstr("(A mail.example.com)"));
        EXPECT_TRUE(ask(resolver, "example.com", RecordType::Mx).is_found());
    }
}

TEST(ResolverAnswer, IsUnknownBehindTheBudget) {
    Budget few;
    few.questions = 1;
    Resolver resolver = ask_at(nameserver().endpoint(), few);
    EXPECT_TRUE(ask(resolver, "mail.example.com").is_found());
    EXPECT_THAT(ask(resolver, "example.com", RecordType::Mx).why, HasSubstr("more questions"));
    EXPECT_TRUE(ask(resolver, "mail.example.com").is_found());  // remembered

    Budget no_time;
    no_time.total = std::chrono::milliseconds{0};
    Resolver late = ask_at(nameserver().endpoint(), no_time);
    EXPECT_THAT(ask(late, "mail.example.com").why,
                HasSubstr("the time for all questions was over"));
}

TEST(ResolverAnswer, ComesFromASystemWithoutOneAsUnknown) {
    // Nobody listens there.
    Resolver resolver = ask_at("127.0.0.1:1", impatient());
    EXPECT_TRUE(ask(resolver, "mail.example.com").is_unknown());
    EXPECT_FALSE(Resolver::open(std::nullopt, {})->description().empty());
}

TEST(Diagnosis, TakesNoFailureOfAResolverForOneOfTheServer) {
    for (const Fault fault : {Fault::Silence, Fault::ServFail}) {
        const test::UnreliableResolver unreliable{nameserver().address(),
                                                  {{"7.2.0.192.in-addr.arpa", fault},
                                                   {"mail.example.com", fault},
                                                   {"example.com", fault}}};
        Resolver resolver = ask_at(unreliable.endpoint(), impatient());
        const Diagnosis diagnosis = diagnose(
            resolver, {*net::parse_address("192.0.2.7"), "mail.example.com", "user@example.com"},
            config::private_ranges(), UnixTime{0});
        EXPECT_EQ(diagnosis.count(Finding::Failed), 0U);
        EXPECT_EQ(diagnosis.count(Finding::Unknown), 4U) << report_text(diagnosis);
        EXPECT_FALSE(diagnosis.passes());
        EXPECT_THAT(report_text(diagnosis), HasSubstr("4 could not be made"));
    }
}

// The name that does not answer may be the one that would have led back.
TEST(Diagnosis, LeavesOpenWhatDependsOnAnAnswerThatDidNotCome) {
    const test::UnreliableResolver unreliable{nameserver().address(),
                                              {{"mail.example.com", Fault::ServFail}}};
    Resolver resolver = ask_at(unreliable.endpoint(), impatient());
    const Diagnosis diagnosis =
        diagnose(resolver, {*net::parse_address("192.0.2.7"), {}, "user@example.com"},
                 config::private_ranges(), UnixTime{0});
    EXPECT_EQ(diagnosis.count(Finding::Failed), 0U) << report_text(diagnosis);
    EXPECT_EQ(diagnosis.count(Finding::Unknown), 2U);
}

}  // namespace
}  // namespace ostrakon::diagnose
