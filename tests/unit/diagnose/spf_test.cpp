// The spelling of SPF records, mechanism by mechanism.
#include "ostrakon/diagnose/spf.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>

namespace ostrakon::diagnose {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(SpfRecord, IsToldByItsVersion) {
    for (const std::string_view text : {"v=spf1", "v=spf1 -all", "V=SPF1 -all", "v=spf1  "}) {
        EXPECT_TRUE(is_spf_record(text)) << text;
    }
    for (const std::string_view text :
         {"", "v=spf", "v=spf10 -all", "v=spf1\t-all", " v=spf1", "spf2.0/pra"}) {
        EXPECT_FALSE(is_spf_record(text)) << text;
    }
}

TEST(SpfRecord, TakesWhatTheStandardKnows) {
    constexpr auto kRecords = std::to_array<std::string_view>({
        "v=spf1",
        "v=spf1 -all",
        "v=spf1 ?ALL",
        "v=spf1  a  mx   ~all  ",
        "v=spf1 a/24 mx/24//64 a//64 -all",
        "v=spf1 a:mail.example.com/24 mx:example.com//120",
        "v=spf1 a:mail.example.com. ptr ptr:example.com",
        "v=spf1 ip4:192.0.2.7 ip4:192.0.2.0/24 ip4:0.0.0.0/0 -all",
        "v=spf1 ip6:2001:db8::/32 ip6:::1 ip6:::ffff:192.0.2.7 -all",
        "v=spf1 include:_spf.example.com include:a-b.example",
        "v=spf1 exists:%{ir}.%{v}._spf.%{d2}",
        "v=spf1 exists:%{l1r-+}.%%.%_%-.example.com",
        "v=spf1 redirect=_spf.example.com exp=explain._spf.%{d}",
        "v=spf1 moo=%{d}/what-ever x.y_z-1= -all",
    });
    for (const std::string_view record : kRecords) {
        EXPECT_THAT(parse_spf(record).mistakes, IsEmpty()) << record;
    }
}

TEST(SpfRecord, NamesWhatIsWrong) {
    struct Case {
        std::string_view term, mistake;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"all:example.com", "takes no value"},
        {"al", "is no mechanism of SPF"},
        {"ipv4:192.0.2.7", "is no mechanism of SPF"},
        {"--all", "is no mechanism of SPF"},
        {"-", "is no mechanism of SPF"},
        {"include", "needs a domain behind a colon"},
        {"include:", "names no domain"},
        {"include:localhost", "names no whole domain"},
        {"include:example.123", "names no whole domain"},
        {"include:example.com-", "names no whole domain"},
        {"include:a..example", "names no whole domain"},
        {"include:%{d}x", "names no whole domain"},
        {"include:%{q}.example.com", "a macro that SPF does not know"},
        {"include:%{d0}.example.com", "a macro that SPF does not know"},
        {"include:%{c}.example.com", "a macro that SPF does not know"},
        {"include:%d.example.com", "a macro that SPF does not know"},
        {"include:b\xFC.example", "a macro that SPF does not know"},
        {"exists", "needs a domain"},
        {"ip4", "needs an IPv4 address"},
        {"ip4:", "needs an IPv4 address"},
        {"ip4:192.0.2", "needs an IPv4 address"},
        {"ip4:192.0.2.0/33", "needs an IPv4 address"},
        {"ip4:192.0.2.0/", "needs an IPv4 address"},
        {"ip4:192.0.2.0/024", "needs an IPv4 address"},
        {"ip4:2001:db8::1", "needs an IPv4 address"},
        {"ip6:192.0.2.7", "needs an IPv6 address"},
        {"ip6:2001:db8::/129", "needs an IPv6 address"},
        {"a/33", "a prefix length that is none"},
        {"mx//129", "a prefix length that is none"},
        {"a/99999999999999999999", "a prefix length that is none"},
        {"a/", "does not belong there"},
        {"ptr/24", "does not belong there"},
        {"redirect=", "names no domain"},
        {"exp=localhost", "names no whole domain"},
        {"moo=\x01", "a character or a macro that SPF does not know"},
    });
    for (const auto& [term, mistake] : kCases) {
        const std::string record = "v=spf1 mx " + std::string{term} + " -all";
        EXPECT_THAT(parse_spf(record).mistakes, ElementsAre(HasSubstr(mistake))) << term;
    }
}

TEST(SpfRecord, HasItsModifiersOnce) {
    EXPECT_THAT(parse_spf("v=spf1 redirect=a.example redirect=b.example").mistakes,
                ElementsAre(HasSubstr("redirect= stands in it 2 times")));
    EXPECT_THAT(parse_spf("v=spf1 exp=a.example exp=b.example").mistakes,
                ElementsAre(HasSubstr("exp= stands in it 2 times")));
}

TEST(SpfRecord, KnowsWhomItNames) {
    const SpfRecord record =
        parse_spf("v=spf1 a mx:Example.COM include:%{d}.example ip4:192.0.2.7");
    ASSERT_EQ(record.terms.size(), 4U);
    EXPECT_FALSE(record.terms[0].domain);
    EXPECT_EQ(dns::to_string(record.terms[1].domain.value()), "example.com");
    EXPECT_FALSE(record.terms[2].domain);
    EXPECT_TRUE(record.terms[2].asks_dns());
    EXPECT_FALSE(record.terms[3].asks_dns());
}

TEST(SpfRecord, IsReadWithinBounds) {
    EXPECT_THAT(parse_spf("v=spf1 " + std::string(kSpfSizeMax, 'x')).mistakes,
                ElementsAre(HasSubstr("more than 8192 bytes")));
    std::string many = "v=spf1";
    for (int i = 0; i < 100; ++i) {
        many += " x" + std::string(100, '\x02');
    }
    const SpfRecord record = parse_spf(many.substr(0, kSpfSizeMax));
    EXPECT_EQ(record.mistakes.size(), SpfRecord::kMistakesMax);
    EXPECT_THAT(record.mistakes.front(), HasSubstr("\\x02"));
}

}  // namespace
}  // namespace ostrakon::diagnose
