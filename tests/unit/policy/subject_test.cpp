// Subjects as people write them: what is understood, how it is spelled back, and what a mistake is
// told.
#include "ostrakon/policy/subject.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>
#include <limits>

namespace ostrakon::policy {
namespace {

using ::testing::HasSubstr;
using namespace std::string_view_literals;

std::string canonical(std::string_view text) {
    const auto subject = parse_subject(text);
    return subject ? to_string(*subject) : message(subject.error());
}

std::string canonical_ban(std::string_view text, bool exact) {
    const auto subject = parse_ban_subject(text, exact);
    return subject ? to_string(*subject) : message(subject.error());
}

struct Spelling {
    std::string_view written;
    std::string_view canonical;
};

constexpr auto kSpellings = std::to_array<Spelling>({
    {"192.0.2.7", "192.0.2.7"},
    {"192.0.2.7/32", "192.0.2.7"},
    {"192.0.2.0/24", "192.0.2.0/24"},
    {"0.0.0.0/0", "0.0.0.0/0"},
    {"255.255.255.255", "255.255.255.255"},
    {"192.0.2.0-192.0.2.255", "192.0.2.0/24"},
    {"192.0.2.10-192.0.2.90", "192.0.2.10-192.0.2.90"},
    {"192.0.2.7-192.0.2.7", "192.0.2.7"},
    {"2001:DB8::/48", "2001:db8::/48"},
    {"2001:db8:0:0::7", "2001:db8::7"},
    {"2001:db8::7/128", "2001:db8::7"},
    {"2001:db8::-2001:db8::ff", "2001:db8::/120"},
    {"::/0", "::/0"},
    {"::ffff:192.0.2.7", "192.0.2.7"},
    {"::ffff:192.0.2.0/120", "192.0.2.0/24"},
    {"::FFFF:C000:207", "192.0.2.7"},
    {"Example.COM", "example.com"},
    {"example.com.", "example.com"},
    {"=Mail.Example.com", "=mail.example.com"},
    {"*.example.com", "*.example.com"},
    {"bücher.example", "xn--bcher-kva.example"},
    {"BÜCHER.example", "xn--bcher-kva.example"},
    {"faß.example", "xn--fa-hia.example"},
    {"=bücher.example.", "=xn--bcher-kva.example"},
    {"_dmarc.example.com", "_dmarc.example.com"},
    {"1.2.3.example", "1.2.3.example"},
    {"192.0.2.7.example", "192.0.2.7.example"},
    {"1-2-3-4.dsl.example", "1-2-3-4.dsl.example"},
    {"com", "com"},
    {"RDNS:*.ADSL.Example.net.", "rdns:*.adsl.example.net"},
    {"rdns:/^DSL/", "rdns:/^DSL/"},
    {"co.uk", "co.uk"},
    {"as", "as"},
    {"as64500.example", "as64500.example"},
    {"=as64500", "=as64500"},
    {"AS64500", "AS64500"},
    {"as4294967295", "AS4294967295"},
    {"country:de", "country:DE"},
    {"COUNTRY:EU", "country:EU"},
    {"User+Tag@Example.com", "user+tag@example.com"},
});

TEST(Subject, HasOneCanonicalSpelling) {
    for (const auto& [written, expected] : kSpellings) {
        EXPECT_EQ(canonical(written), expected) << written;
    }
}

TEST(Subject, IsReadBackFromItsCanonicalSpelling) {
    for (const auto& [written, expected] : kSpellings) {
        const auto subject = parse_subject(written);
        ASSERT_TRUE(subject) << written;
        const auto again = parse_subject(to_string(*subject));
        ASSERT_TRUE(again) << written;
        EXPECT_EQ(*again, *subject) << written;
    }
}

struct Mistake {
    std::string_view written;
    std::string_view why;     // part of the message
    std::string_view remedy;  // another part
};

TEST(Subject, TellsWhatIsWrongAndWhatIsRight) {
    constexpr auto kMistakes = std::to_array<Mistake>({
        {"", "is empty", "192.0.2.7"},
        {"192.0.2.7/24", "bits set", "the network is 192.0.2.0/24, the address alone 192.0.2.7"},
        {"2001:db8::7/64", "bits set", "the network is 2001:db8::/64"},
        {"192.0.2.0/33", "prefix length", "192.0.2.0/24"},
        {"192.0.2.0/", "prefix length", "192.0.2.0/24"},
        {"192.0.2.0/-1", "address", "192.0.2.0/24"},
        {"192.0.2.0/024", "prefix length", "192.0.2.0/24"},
        {"192.0.2.0/24/8", "prefix length", "192.0.2.0/24"},
        {"2001:db8::/129", "prefix length", "2001:db8::/48"},
        {"192.0.2.0/255.255.255.0", "netmask", "write 192.0.2.0/24"},
        {"192.0.2.0/255.0.255.0", "prefix length", "192.0.2.0/24"},
        {"95.032.221.040", "leading zero", "write 95.32.221.40"},
        {"192.0.2.256", "above 255", "192.0.2.7"},
        {"192.0.2.0999", "above 255", "192.0.2.7"},
        {"193.", "empty octet", "192.0.2.7"},
        {"192.0.2.7.", "empty octet", "192.0.2.7"},
        {"192.0.2", "3 octets", "192.0.2.0/24"},
        {"127/8", "1 octet, not four", "the network is 127.0.0.0/8"},
        {"192.0.2/40", "3 octets", "192.0.2.0/24"},
        {"\uFEFF300.1.2-3", "reads as 300.1.2-3, which is no name", "ASCII"},
        {"\uFF21\uFF33\uFF16\uFF14", "reads as as64, which is no name", "ASCII"},
        {"3221225985", "bare number", "192.0.2.7"},
        {"192.0.2.9-192.0.2.1", "before it starts", "lower address first"},
        {"192.0.2.9-2001:db8::1", "IPv4 and ends in IPv6", "two ranges"},
        {"192.0.2.1-", "empty octet", "192.0.2.10-192.0.2.90"},
        {"192.0.2.1-9", "bare number", "192.0.2.10-192.0.2.90"},
        {"192.0.2.7:25", "has a port", "write 192.0.2.7 alone"},
        {"example.com:25", "has a port", "write example.com alone"},
        {"[2001:db8::7]:25", "has a port", "write 2001:db8::7 alone"},
        {"[2001:db8::7]", "brackets", "write 2001:db8::7"},
        {"fe80::1%eth0", "zone id", "2001:db8::/48"},
        {"2001:db8::1::2", "no IPv6 address", "2001:db8::/48"},
        {":", "no IPv6 address", "2001:db8::/48"},
        {"/", "has a path", "192.0.2.0/24"},
        {"example.com/24", "has a path", "write example.com alone"},
        {"example.com/a/b.php?c", "has a path", "write example.com alone"},
        {"/a/b.php", "has a path", "192.0.2.0/24"},
        {"a-b/24", "has a path", "write a-b alone"},
        {"a..b/24", "mixes a name", "192.0.2.0/24"},
        {"https://user@www.example.com:80/x", "is a URL", "its host alone: www.example.com"},
        {"http://www.example.com/x?y", "is a URL", "its host alone: www.example.com"},
        {"http://192.0.2.7", "is a URL", "its host alone: 192.0.2.7"},
        {"http://[2001:db8::7]:80/", "is a URL", "its host alone: 2001:db8::7"},
        {"http://", "is a URL", "as in example.com"},
        {"http://[", "is a URL", "as in example.com"},
        {".com", "begins with a dot", "write com (that name and all below it) or *.com"},
        {"AS0", "is no AS number", "as in AS64500"},
        {"as064500", "is no AS number", "as in AS64500"},
        {"AS4294967296", "is no AS number", "as in AS64500"},
        {"country:", "is no country", "country:DE"},
        {"country:DEU", "is no country", "country:DE"},
        {"country:D1", "is no country", "country:DE"},
        {"rdns:", "names no pattern", "rdns:*.adsl.example.net"},
        {"RDNS:/x", "no / ends", "rdns:/regex/"},
        {"rdns:/dsl(/", "at character 4: missing )", "RE2"},
        {"rdns:/(?=x)/", "at character 1: invalid perl operator", "look-around"},
        {"us er@example.com", "character 3, which no address has", "user@example.com"},
        {"*.*.example.com", "has a *", "*.example.com"},
        {"mail*.example.com", "has a *", "rdns:mail*.example.com"},
        {"*", "has a *", "*.example.com"},
        {"=", "is empty", "=example.com"},
        {"example..com", "empty label", "example.com"},
        {"exa mple.com", "blank", "example.com"},
        {"exa\nmple.com", "blank or a control", "exa\\nmple.com"},
        {"example.123", "ends in a number", "example.com"},
        {"-", "empty octet", "192.0.2.7"},
    });
    for (const auto& [written, why, remedy] : kMistakes) {
        const auto subject = parse_subject(written);
        ASSERT_FALSE(subject) << written << " became " << to_string(*subject);
        EXPECT_EQ(subject.error().code, ErrorCode::Usage);
        EXPECT_THAT(message(subject.error()), HasSubstr(why)) << written;
        EXPECT_THAT(message(subject.error()), HasSubstr(remedy)) << written;
    }
}

TEST(Subject, RefusesWhatIsTooLongOrHoldsAZeroByte) {
    EXPECT_THAT(canonical(std::string(5000, 'a')), HasSubstr("5000 bytes"));
    EXPECT_THAT(canonical(std::string(64, 'a') + ".example"), HasSubstr("label"));
    EXPECT_THAT(canonical("example.com\0"sv), HasSubstr("example.com\\x00"));
    EXPECT_THAT(canonical("192.0.2.7\0"sv), HasSubstr("192.0.2.7\\x00"));
    EXPECT_THAT(canonical("2001:db8::1\0"sv), HasSubstr("2001:db8::1\\x00"));
}

TEST(BanSubject, IsTheWhole64WhereAnIpv6AddressHasNoLength) {
    EXPECT_EQ(canonical_ban("2001:db8::7", false), "2001:db8::/64");
    EXPECT_EQ(canonical_ban("2001:db8:1:2:3:4:5:6", false), "2001:db8:1:2::/64");
    EXPECT_EQ(canonical_ban("2001:db8::7", true), "2001:db8::7");
    EXPECT_EQ(canonical_ban("2001:db8::7/128", false), "2001:db8::7");
    EXPECT_EQ(canonical_ban("2001:db8::7-2001:db8::7", false), "2001:db8::7");
    EXPECT_EQ(canonical_ban("2001:db8::/48", false), "2001:db8::/48");
    EXPECT_EQ(canonical_ban("::ffff:192.0.2.7", false), "192.0.2.7");
    EXPECT_EQ(canonical_ban("192.0.2.7", false), "192.0.2.7");
    EXPECT_EQ(canonical_ban("mail-1.example.com", false), "mail-1.example.com");
    EXPECT_THAT(canonical_ban("2001:db8::7/64", false), HasSubstr("the network is 2001:db8::/64"));
}

TEST(Subject, HasTheClassOfItsKind) {
    EXPECT_EQ(default_class(*parse_subject("192.0.2.7")), "ip");
    EXPECT_EQ(default_class(*parse_subject("2001:db8::/48")), "ip");
    EXPECT_EQ(default_class(*parse_subject("=example.com")), "domain");
}

TEST(SubjectCoverage, CountsAddressesIpv6By64AndNames) {
    constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
    struct Case {
        std::string_view subject;
        std::uint64_t addresses;
        std::uint64_t names;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"192.0.2.7", 1, 0},
        {"192.0.2.0/24", 256, 0},
        {"192.0.2.10-192.0.2.90", 81, 0},
        {"0.0.0.0/0", std::uint64_t{1} << 32, 0},
        {"2001:db8::7", 1, 0},
        {"2001:db8::/64", 1, 0},
        {"2001:db8::/48", 65536, 0},
        {"2001:db8::ffff:ffff:ffff:ffff-2001:db8:0:1::", 2, 0},
        {"::/1", std::uint64_t{1} << 63, 0},
        {"::/0", kMax, 0},
        {"example.com", 0, 1},
        {"*.example.com", 0, 1},
        {"AS64500", 0, 0},
        {"country:DE", 0, 0},
    });
    for (const auto& [subject, addresses, names] : kCases) {
        const Coverage found = coverage(*parse_subject(subject));
        EXPECT_EQ(found.addresses, addresses) << subject;
        EXPECT_EQ(found.names, names) << subject;
    }
}

TEST(SubjectCoverage, SaturatesWhenAdded) {
    constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
    Coverage sum{kMax - 1, 3};
    sum += Coverage{1, 4};
    EXPECT_EQ(sum.addresses, kMax);
    EXPECT_EQ(sum.names, 7U);
    sum += Coverage{1, 0};
    EXPECT_EQ(sum.addresses, kMax);
}

}  // namespace
}  // namespace ostrakon::policy
