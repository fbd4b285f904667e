// Mail servers of every kind, diagnosed by what a real nameserver says of them.
#include "ostrakon/diagnose/diagnosis.hpp"

#include "support/nameserver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace ostrakon::diagnose {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// A mail server where everything is as it should be, and others where one thing is not.
const std::vector<std::string>& records() {
    static const std::vector<std::string> kRecords{
        "7.2.0.192.in-addr.arpa PTR mail.example.com",
        "mail.example.com A 192.0.2.7",
        "example.com MX 10 mail.example.com",
        "example.com TXT \"v=spf1 mx -all\"",
        // IPv6.
        "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR "
        "six.example.com",
        "six.example.com AAAA 2001:db8::25",
        // A reverse zone that is delegated by aliases (RFC 2317).
        "9.2.0.192.in-addr.arpa CNAME 9.0-63.2.0.192.in-addr.arpa",
        "9.0-63.2.0.192.in-addr.arpa PTR alias.example.com",
        "alias.example.com A 192.0.2.9",
        // Reverse names that do not lead back.
        "10.2.0.192.in-addr.arpa PTR other.example.com",
        "other.example.com A 192.0.2.11",
        "11.2.0.192.in-addr.arpa PTR nowhere.example.com",
        "12.2.0.192.in-addr.arpa PTR six.example.com",
        // Several reverse names, of which one leads back.
        "13.2.0.192.in-addr.arpa PTR nowhere.example.com",
        "13.2.0.192.in-addr.arpa PTR thirteen.example.com",
        "thirteen.example.com A 192.0.2.13",
        "14.2.0.192.in-addr.arpa PTR 192-0-2-14.adsl.example.com",
        "192-0-2-14.adsl.example.com A 192.0.2.14",
        // What is below exists, with nothing of its own.
        "www.bare.example A 192.0.2.80",
        "nullmx.example MX 0 .",
        "nothing.example TXT \"mail does not go here\"",
        "implicit.example A 192.0.2.25",
        "private.example A 127.0.0.1",
        "literal.example MX 10 192.0.2.7",
        "aliased.example MX 10 mx.aliased.example",
        "mx.aliased.example CNAME mail.example.com",
        "inner.example MX 10 mx.inner.example",
        "mx.inner.example A 10.0.0.1",
        "gone.example MX 10 mx.gone.example",
        "half.example MX 10 mx.gone.example",
        "half.example MX 20 mail.example.com",
        // SPF.
        "broken.example MX 10 mail.example.com",
        "broken.example TXT \"v=spf1 mx ipv4:192.0.2.7 -all\"",
        "two.example MX 10 mail.example.com",
        "two.example TXT \"v=spf1 mx -all\"",
        "two.example TXT \"v=spf1 a -all\"",
        "many.example MX 10 mail.example.com",
        "many.example TXT \"v=spf1 a:a.example a:b.example a:c.example a:d.example "
        "include:more.example -all\"",
        "more.example TXT \"v=spf1 a:a.example a:b.example a:c.example a:d.example a:e.example "
        "a:f.example -all\"",
        "ten.example MX 10 mail.example.com",
        "ten.example TXT \"v=spf1 a:a.example a:b.example a:c.example include:seven.example -all "
        "a:never.example\"",
        "seven.example TXT \"v=spf1 a:a.example a:b.example a:c.example a:d.example a:e.example "
        "a:f.example -all\"",
        "circle.example MX 10 mail.example.com",
        "circle.example TXT \"v=spf1 include:circle2.example -all\"",
        "circle2.example TXT \"v=spf1 include:circle.example -all\"",
        "missing.example MX 10 mail.example.com",
        "missing.example TXT \"v=spf1 redirect=implicit.example\"",
        "split.example MX 10 mail.example.com",
        "split.example TXT \"v=spf1 ip4:192.0.2.\" \"7 -all\"",
        "hostile.example MX 10 mail.example.com",
        R"(hostile.example TXT "v=spf1 \027[2J\010 -all")",
    };
    return kRecords;
}

// One nameserver for all: nothing changes what it says.
const test::Nameserver& nameserver() {
    static const test::Nameserver kServer{records()};
    return kServer;
}

config::ProtectSettings protect_settings() {
    config::ProtectSettings protect = config::private_ranges();
    protect.never_names.push_back(*dns::parse_name("example.org"));
    protect.never_ipv4.push_back(net::prefix(*net::parse_ipv4("198.51.100.0"), 24));
    return protect;
}

Diagnosis diagnose_server(const MailServer& server) {
    const auto endpoint = config::parse_endpoint(nameserver().endpoint());
    auto resolver = Resolver::open(endpoint, {});
    return diagnose(*resolver, server, protect_settings(), UnixTime{1'767'225'600});
}

Diagnosis diagnose_words(std::string_view address, std::optional<std::string> helo = {},
                         std::optional<std::string> sender = {}) {
    return diagnose_server({*net::parse_address(address), std::move(helo), std::move(sender)});
}

// "reverse-dns passed", in the order of the report.
std::vector<std::string> findings(const Diagnosis& diagnosis) {
    std::vector<std::string> texts;
    for (const Check& check : diagnosis.checks) {
        texts.push_back(std::string{check.name} + " " + std::string{to_string(check.finding)});
    }
    return texts;
}

const Check& check_of(const Diagnosis& diagnosis, std::string_view name) {
    const auto found = std::find_if(diagnosis.checks.begin(), diagnosis.checks.end(),
                                    [name](const Check& check) { return check.name == name; });
    static const Check kNone{};
    return found == diagnosis.checks.end() ? kNone : *found;
}

TEST(Diagnosis, PassesWhatIsAsItShouldBe) {
    const Diagnosis diagnosis = diagnose_words("192.0.2.7", "mail.example.com", "user@example.com");
    EXPECT_THAT(
        findings(diagnosis),
        ElementsAre("reverse-dns passed", "forward-confirmed passed", "helo-qualified passed",
                    "helo-not-ours passed", "helo-exists passed", "helo-matches passed",
                    "sender-exists passed", "sender-takes-mail passed", "spf passed"));
    EXPECT_TRUE(diagnosis.passes());
    EXPECT_EQ(diagnosis.brief(), "");
    EXPECT_THAT(check_of(diagnosis, "spf").seen, HasSubstr("1 of 10 look-ups"));
}

TEST(Diagnosis, KnowsBothFamiliesAndReverseZonesOfAliases) {
    EXPECT_TRUE(diagnose_words("2001:db8::25", "six.example.com").passes());
    EXPECT_TRUE(diagnose_words("192.0.2.9").passes());
    EXPECT_TRUE(diagnose_words("192.0.2.13").passes());
}

TEST(Diagnosis, LooksForAReverseNameThatLeadsBack) {
    struct Case {
        std::string_view address, check, brief, seen, remedy;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"192.0.2.8", "reverse-dns", "no reverse DNS", "no PTR record at 8.2.0.192.in-addr.arpa",
         "8.2.0.192.in-addr.arpa. PTR mail.your-domain.example."},
        {"2001:db8::26", "reverse-dns", "no reverse DNS", "ip6.arpa", "2001:db8::26"},
        {"192.0.2.10", "forward-confirmed", "reverse DNS does not lead back",
         "other.example.com has 192.0.2.11, not 192.0.2.10",
         "other.example.com the address 192.0.2.10"},
        {"192.0.2.11", "forward-confirmed", "reverse DNS does not lead back",
         "nowhere.example.com does not exist", "(A record)"},
        {"192.0.2.12", "forward-confirmed", "reverse DNS does not lead back",
         "six.example.com has no A record", "(A record)"},
    });
    for (const auto& [address, check, brief, seen, remedy] : kCases) {
        SCOPED_TRACE(address);
        const Diagnosis diagnosis = diagnose_words(address);
        EXPECT_EQ(diagnosis.brief(), brief);
        EXPECT_THAT(check_of(diagnosis, check).seen, HasSubstr(seen));
        EXPECT_THAT(check_of(diagnosis, check).remedy, HasSubstr(remedy));
    }
}

TEST(Diagnosis, TellsDynamicLinesByTheirReverseName) {
    const std::string_view text = OSTRAKON_DYNAMIC_NAMES;
    std::ifstream file{std::string{text}};
    const std::string rules{std::istreambuf_iterator<char>{file}, {}};
    auto parsed = pattern::parse_name_rules(rules, std::string{text});
    ASSERT_TRUE(parsed) << message(parsed.error());
    const auto classifier = pattern::NameClassifier::compile(
        std::make_shared<const pattern::NameRules>(std::move(*parsed)));
    ASSERT_TRUE(classifier);
    const auto diagnosed = [&classifier](std::string_view address) {
        auto resolver = Resolver::open(config::parse_endpoint(nameserver().endpoint()), {});
        return diagnose(*resolver, {*net::parse_address(address), {}, {}}, protect_settings(),
                        UnixTime{0}, {&*classifier, nullptr});
    };
    EXPECT_EQ(check_of(diagnosed("192.0.2.7"), "not-dynamic").finding, Finding::Passed);
    const Diagnosis dynamic = diagnosed("192.0.2.14");
    EXPECT_EQ(dynamic.brief(), "reverse DNS names a dynamic line");
    EXPECT_THAT(check_of(dynamic, "not-dynamic").seen, HasSubstr("192-0-2-14.adsl.example.com: "));
    EXPECT_EQ(check_of(dynamic, "forward-confirmed").finding, Finding::Passed);
}

TEST(Diagnosis, KnowsTopLevelDomainsWhileTheListIsFresh) {
    const auto text = [] {
        std::ifstream file{OSTRAKON_TOP_LEVEL_DOMAINS};
        return std::string{std::istreambuf_iterator<char>{file}, {}};
    }();
    const auto list = zone::TopLevelDomains::parse(text, OSTRAKON_TOP_LEVEL_DOMAINS);
    ASSERT_TRUE(list) << message(list.error());
    const auto diagnosed = [&list](std::string sender, std::int64_t age_s) {
        auto resolver = Resolver::open(config::parse_endpoint(nameserver().endpoint()), {});
        return diagnose(*resolver, {*net::parse_address("192.0.2.7"), {}, std::move(sender)},
                        protect_settings(), UnixTime{list->date().seconds + age_s},
                        {nullptr, &*list});
    };
    EXPECT_EQ(check_of(diagnosed("user@example.com", 0), "sender-tld").finding, Finding::Passed);
    const Diagnosis local = diagnosed("user@pc.local", 0);
    EXPECT_EQ(check_of(local, "sender-tld").finding, Finding::Failed);
    EXPECT_EQ(check_of(local, "sender-tld").seen, "there is no top-level domain .local");
    const auto old = findings(diagnosed("user@pc.local", zone::kTopLevelDomainsAgeMaxSeconds + 1));
    EXPECT_THAT(old, Not(testing::Contains(HasSubstr("sender-tld"))));
}

TEST(Diagnosis, LooksAtTheNameThatAServerGreetsWith) {
    struct Case {
        std::string_view helo, brief;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"mail.example.com", ""},
        {"MAIL.Example.COM.", ""},
        {"[192.0.2.7]", ""},
        {"mail", "HELO is not fully qualified"},
        {"192.0.2.7", "HELO is an address without brackets"},
        {"", "HELO is no domain name"},
        {"mail example com", "HELO is no domain name"},
        {"a..example.com", "HELO is no domain name"},
        {"nowhere.example.com", "HELO name does not exist"},
        {"example.com", "HELO name has no address"},
        {"bare.example", "HELO name has no address"},
        {"other.example.com", "HELO name has another address"},
        {"six.example.com", "HELO name has another address"},
        {"mx.example.org", "HELO claims to be us"},
        {"example.org", "HELO claims to be us"},
        {"[192.0.2.8]", "HELO is somebody else's address"},
        {"[IPv6:2001:db8::25]", "HELO is somebody else's address"},
        {"[198.51.100.7]", "HELO claims to be us"},
    });
    for (const auto& [helo, brief] : kCases) {
        SCOPED_TRACE(helo);
        const Diagnosis diagnosis = diagnose_words("192.0.2.7", std::string{helo});
        EXPECT_EQ(diagnosis.brief(), brief);
        EXPECT_EQ(diagnosis.count(Finding::Unknown), 0U);
    }
}

TEST(Diagnosis, LetsUsGreetWithOurOwnName) {
    const Diagnosis diagnosis = diagnose_words("198.51.100.7", "mx.example.org");
    EXPECT_EQ(check_of(diagnosis, "helo-not-ours").finding, Finding::Passed);
}

TEST(Diagnosis, LooksAtTheDomainOfTheSender) {
    struct Case {
        std::string_view sender, brief, seen;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"user@example.com", "", "MX mail.example.com has 192.0.2.7"},
        {"<user@example.com>", "", ""},
        {"<>", "", ""},
        {"", "", ""},
        {"user@implicit.example", "", "has no MX record but 192.0.2.25"},
        {"user@half.example", "", "mx.gone.example does not exist; MX mail.example.com has"},
        {"user@nobody.example", "sender domain does not exist", "nobody.example does not exist"},
        {"user@", "sender has no valid domain", "the sender is \"user@\""},
        {"user@[192.0.2.7]", "sender has no valid domain", ""},
        {"user@nullmx.example", "sender domain says that it takes no mail", "a null MX"},
        {"user@nothing.example", "sender domain takes no mail", "neither an MX record"},
        {"user@bare.example", "sender domain takes no mail", "neither an MX record"},
        {"user@private.example", "sender domain takes no mail", "127.0.0.1 cannot be reached"},
        {"user@literal.example", "sender domain has no usable MX",
         "an address where a name belongs"},
        {"user@aliased.example", "sender domain has no usable MX", "is an alias (CNAME)"},
        {"user@inner.example", "sender domain has no usable MX", "has 10.0.0.1, which nobody"},
        {"user@gone.example", "sender domain has no usable MX", "mx.gone.example does not exist"},
    });
    for (const auto& [sender, brief, seen] : kCases) {
        SCOPED_TRACE(sender);
        const Diagnosis diagnosis = diagnose_words("192.0.2.7", {}, std::string{sender});
        EXPECT_EQ(diagnosis.brief(), brief);
        EXPECT_EQ(diagnosis.count(Finding::Unknown), 0U);
        EXPECT_THAT(report_text(diagnosis) + check_of(diagnosis, "sender-takes-mail").seen +
                        check_of(diagnosis, "sender-exists").seen,
                    HasSubstr(seen));
    }
}

TEST(Diagnosis, LooksAtTheSpfRecord) {
    struct Case {
        std::string_view domain, brief, seen;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"example.com", "", "1 of 10 look-ups"},
        {"implicit.example", "", "has no SPF record, and needs none"},
        {"split.example", "", "v=spf1 ip4:192.0.2.7 -all"},
        {"ten.example", "", "10 of 10 look-ups"},
        {"broken.example", "SPF record is broken", "\"ipv4:192.0.2.7\" is no mechanism"},
        {"two.example", "several SPF records", "has 2 SPF records"},
        {"many.example", "SPF record asks DNS too often", "more than 10 terms"},
        {"circle.example", "SPF record is broken", "which takes it in in turn"},
        {"missing.example", "SPF record is broken", "implicit.example, which has no SPF records"},
        {"hostile.example", "SPF record is broken", "\\x1B[2J"},
    });
    for (const auto& [domain, brief, seen] : kCases) {
        SCOPED_TRACE(domain);
        const Diagnosis diagnosis = diagnose_words("192.0.2.7", {}, "user@" + std::string{domain});
        EXPECT_EQ(diagnosis.brief(), brief);
        EXPECT_THAT(check_of(diagnosis, "spf").seen, HasSubstr(seen));
        EXPECT_THAT(report_text(diagnosis), Not(HasSubstr("\x1B")));
    }
}

TEST(Diagnosis, IsAReportThatCanBePasted) {
    const Diagnosis diagnosis =
        diagnose_words("192.0.2.10", "nowhere.example.com", "user@two.example");
    const std::string report = report_text(diagnosis);
    EXPECT_THAT(report, AllOf(HasSubstr("Mail server 192.0.2.10, 2026-01-01T00:00:00Z\n"),
                              HasSubstr("HELO    nowhere.example.com\n"),
                              HasSubstr("sender  user@two.example\n"),
                              HasSubstr("\nFAILED   forward-confirmed  other.example.com has"),
                              HasSubstr("\npassed   helo-qualified"),
                              HasSubstr("\n- Make one SPF record of those at two.example:"),
                              HasSubstr("checks passed, 3 failed.\n")));
    for (std::size_t start = 0; start < report.size();) {
        const std::size_t end = report.find('\n', start);
        EXPECT_LE(end - start, 76U) << report.substr(start, end - start);
        start = end + 1;
    }
    EXPECT_EQ(diagnosis.brief(),
              "reverse DNS does not lead back; HELO name does not exist; "
              "several SPF records");
}

}  // namespace
}  // namespace ostrakon::diagnose
