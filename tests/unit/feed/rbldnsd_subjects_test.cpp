// What rbldnsd's data sets spell as addresses, networks and names, type by type.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

struct Case {
    std::string_view line;
    std::string_view subjects;  // of one line, blanks between them; empty: rejected
};

std::string subjects_of(std::string_view line, std::string_view format, bool is_feed = true) {
    const auto list = read(line, format, is_feed);
    std::string text;
    if (list) {
        list->contents.list.for_each([&](const auto& entry) {
            text += (text.empty() ? "" : " ") + to_string(policy::Subject{entry.subject});
        });
        EXPECT_EQ(text.empty(), list->contents.rejected == 1) << line;
    }
    return text;
}

template <std::size_t N>
void expect(const std::array<Case, N>& cases, std::string_view format) {
    for (const auto& [line, subjects] : cases) {
        EXPECT_EQ(subjects_of(line, format), subjects) << line;
    }
}

TEST(Ip4Set, SpellsPrefixesAndRanges) {
    expect(std::to_array<Case>({
               {"192.0.2.7", "192.0.2.7"},
               {"192.000.002.007", "192.0.2.7"},
               {"192.0.2", "192.0.2.0/24"},
               {"192.0", "192.0.0.0/16"},
               {"192/8", "192.0.0.0/8"},
               {"192.0/16", "192.0.0.0/16"},
               {"192.0.2.0/024", "192.0.2.0/24"},
               {"192.0.2.7-8", "192.0.2.7 192.0.2.8"},
               {"192.0.2.7-192.0.2.8", "192.0.2.7 192.0.2.8"},
               {"192.16-17", "192.16.0.0/16 192.17.0.0/16"},
               {"192-193", "192.0.0.0/8 193.0.0.0/8"},
               {"192.0.2.255-192.0.4.0", "192.0.2.255 192.0.3.0/24 192.0.4.0"},
               {"192.0.2.0-192.0.2.255", "192.0.2.0/24"},
               {"255.255.255.254-255", "255.255.255.254 255.255.255.255"},
               {"192.0.2.7:5:text", "192.0.2.7"},
               {"192.0.2.7;comment", "192.0.2.7"},
               {"192.0.2.7 - 192.0.2.9", "192.0.2.7"},
               {"192", ""},
               {"0/0", ""},
               {"192.0.2.1/24", ""},
               {"192.0.2.0/33", ""},
               {"192.0.2.0/", ""},
               {"192.0.2.256", ""},
               {"192.0.2.", ""},
               {"192.0.2.7.8", ""},
               {"192.0.2.0-2.3", ""},
               {"192.0.2.8-192.0.2.7", ""},
               {"192.0.2.7x", ""},
               {"example.com", ""},
               {"2001:db8::1", ""},
           }),
           "rbldnsd:ip4set");
}

TEST(Ip4Set, IsCutIntoUnitsForAFeedAlone) {
    EXPECT_EQ(subjects_of("192.0.0.0/22", "rbldnsd:ip4set"),
              "192.0.0.0/24 192.0.1.0/24 192.0.2.0/24 192.0.3.0/24");
    EXPECT_EQ(subjects_of("192.0.0.0/22", "rbldnsd:ip4set", false), "192.0.0.0/22");
    const auto half = read("0/1\n192.0.2.128/25\n", "rbldnsd:ip4set");
    EXPECT_EQ(half->contents.list.ipv4.size(), 128U + 128U);
    EXPECT_EQ(half->contents.list.line_count(), 2U);
    ASSERT_EQ(half->contents.list.written_ipv4.size(), 1U);
    EXPECT_EQ(to_string(half->contents.list.written_ipv4.front()), "0.0.0.0/1");
}

TEST(Ip4Set, CoversExactlyItsRangeByUnits) {
    for (const auto range : {"0-255", "1.2.3.4-200.7.8.9", "0.0.0.1-255.255.255.254"}) {
        const auto list = read(range, "rbldnsd:ip4set");
        const auto& units = list->contents.list.ipv4;
        std::uint64_t size = 0;
        for (std::size_t i = 0; i < units.size(); ++i) {
            EXPECT_EQ(*net::prefix_length(units[i].subject) % 8, 0);
            size += std::uint64_t{units[i].subject.last.bits} - units[i].subject.first.bits + 1;
            ASSERT_TRUE(i == 0 ||
                        units[i].subject.first.bits == units[i - 1].subject.last.bits + 1);
        }
        EXPECT_EQ(size, std::uint64_t{units.back().subject.last.bits} -
                            units.front().subject.first.bits + 1);
        EXPECT_LT(units.size(), 2000U);
    }
}

TEST(Ip4Trie, SpellsPrefixesAlone) {
    expect(std::to_array<Case>({
               {"192.0.2", "192.0.2.0/24"},
               {"192.0.0.0/22", "192.0.0.0/22"},
               {"0/0", "0.0.0.0/0"},
               {"192.0.2.7-8", ""},
               {"192", ""},
               {"192.0.2.1/24", ""},
           }),
           "rbldnsd:ip4trie");
}

TEST(Ip4Trie, KeepsTheFirstValueOfAPrefix) {
    const auto list =
        read("192.0.2.0/24 first\n192.0.2 second\n!192.0.2.0/24\n192.0.2.7 x\n", "rbldnsd:ip4trie");
    EXPECT_EQ(entries_of(list), "1 192.0.2.0/24 reason=first\n4 192.0.2.7 reason=x\n");
    EXPECT_EQ(
        notes_of(list),
        "line 2: 192.0.2.0/24 stands already in line 1, whose value counts (and 1 more such)\n");
}

TEST(Ip4Tset, SpellsWholeAddressesAlone) {
    expect(std::to_array<Case>({
               {"192.0.2.7", "192.0.2.7"},
               {"192.0.2.7 :5:x", "192.0.2.7"},
               {"192.0.2", ""},
               {"192.0.2.0/24", ""},
               {"192.0.2.7-8", ""},
               {"!192.0.2.7", ""},
           }),
           "rbldnsd:ip4tset");
}

TEST(Ip6Tset, SpellsNetworksAndExcludesAddresses) {
    expect(std::to_array<Case>({
               {"2001:db8:0:1", "2001:db8:0:1::/64"},
               {"2001:0DB8:0:0001 :5:x", "2001:db8:0:1::/64"},
               {"!2001:db8:0:1:0:0:0:7", "2001:db8:0:1::7"},
               {"! 2001:db8::7", "2001:db8::7"},
               {"2001:db8::", ""},
               {"2001:db8:0", ""},
               {"2001:db8:0:1::/64", ""},
               {"!2001:db8:0:1", ""},
               {"::1", ""},
           }),
           "rbldnsd:ip6tset");
}

TEST(Ip6Trie, SpellsWordsAndPrefixes) {
    expect(std::to_array<Case>({
               {"2001:db8::/32", "2001:db8::/32"},
               {"2001:db8", "2001:db8::/32"},
               {"2001:21ab:c000/36", "2001:21ab:c000::/36"},
               {"2001/16", "2001::/16"},
               {"::1", "::1"},
               {"::", "::"},
               {"0/0", "::/0"},
               {"2001:DB8::1:", "2001:db8::1"},
               {"::1::5", "::1"},  // the second :: begins a value
               {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
               {"1:2:3:4:5:6:7:8:5:x", "1:2:3:4:5:6:7:8"},
               {"2001", ""},
               {"2001:db8:", ""},
               {"2001:db8::1/32", ""},
               {"2001:db8::/129", ""},
               {"2001:db8::g", ""},
               {"2001:12345::", ""},
               {"::1:2:3:4:5:6:7:8", ""},
               {"::ffff:c000:207", ""},
               {"::ffff:0:0/96", ""},
           }),
           "rbldnsd:ip6trie");
}

TEST(Dnset, SpellsNamesWithScopesAndEscapes) {
    expect(std::to_array<Case>({
               {"Example.COM", "=example.com"},
               {"*.example.com", "*.example.com"},
               {".example.com", "=example.com *.example.com"},
               {"!.example.com", "=example.com *.example.com"},
               {"a..example.com..", "=a.example.com"},
               {"_x.example.com", "=_x.example.com"},
               {"\\119ww.example.com", "=www.example.com"},
               {"a\\.b.example.com", "=a\\046b.example.com"},
               {"\\9.example.com", "=\\009.example.com"},
               {"example.com\\", "=example.com"},
               {"example.com:5", "=example.com:5"},
               {"*", "=*"},
               {"com", "=com"},
               {"*.com", "*.com"},
               {".", ""},
               {"*.", ""},
               {"..", ""},
               {"\\300.example.com", ""},
               {"7.2.0.192", ""},
               {"x.a", ""},
           }),
           "rbldnsd:dnset");
    EXPECT_EQ(subjects_of(std::string(63, 'x') + ".example.com", "rbldnsd:dnset").size(), 76U);
    EXPECT_EQ(subjects_of(std::string(64, 'x') + ".example.com", "rbldnsd:dnset"), "");
}

TEST(Dnset, BecomesOneSubjectALineForOwnListings) {
    EXPECT_EQ(subjects_of(".example.com", "rbldnsd:dnset", false), "example.com");
    EXPECT_EQ(subjects_of("a\\.b.example.com", "rbldnsd:dnset", false), "");
}

TEST(Dnset, HasMailAddressesWhereALabelIsTheHashOfOne) {
    const std::string hash(40, '7');
    for (const bool is_feed : {true, false}) {
        EXPECT_EQ(subjects_of(hash, "rbldnsd:dnset", is_feed), hash);
        EXPECT_EQ(subjects_of("*." + hash, "rbldnsd:dnset", is_feed), "");  // ends in a number
    }
    const std::string upper(40, 'A');
    const std::string lower(40, 'a');
    for (const bool is_feed : {true, false}) {
        EXPECT_EQ(subjects_of(upper, "rbldnsd:dnset", is_feed), lower);
        EXPECT_EQ(subjects_of("*." + upper, "rbldnsd:dnset", is_feed), "*." + lower);
        EXPECT_EQ(subjects_of("." + upper, "rbldnsd:dnset", is_feed), "*." + lower + " " + lower);
    }
    EXPECT_EQ(subjects_of("mail." + upper, "rbldnsd:dnset"), "=mail." + lower);
    EXPECT_EQ(entries_of(read("!" + upper + "\n", "rbldnsd:dnset")), "1 !" + lower + "\n");
}

TEST(DataSet, TakesExceptionsOfAllTypesButIp4Tset) {
    EXPECT_EQ(entries_of(read("!192.0.2.7 whatever\n!  192.0.2.8\n", "rbldnsd:ip4set")),
              "1 !192.0.2.7\n2 !192.0.2.8\n");
    EXPECT_EQ(entries_of(read("!example.com :5\n", "rbldnsd:dnset")), "1 !=example.com\n");
}

TEST(DataSet, SaysWhatIsWrongWithALine) {
    const auto why = [](std::string_view line, std::string_view format) {
        return rejects_of(read(line, format));
    };
    EXPECT_THAT(why("192.0.2.1/24", "rbldnsd:ip4set"), HasSubstr("bits set behind the length"));
    EXPECT_THAT(why("192", "rbldnsd:ip4set"), HasSubstr("write 10/8"));
    EXPECT_THAT(why("192.0.2.1-3", "rbldnsd:ip4trie"), HasSubstr("as all of an ip4trie are"));
    EXPECT_THAT(why("2001:db8::", "rbldnsd:ip6tset"), HasSubstr("four words"));
    EXPECT_THAT(why("::ffff:0:0/96", "rbldnsd:ip6trie"), HasSubstr("IPv4 in IPv6 spelling"));
    EXPECT_THAT(why("1.example.7", "rbldnsd:dnset"), HasSubstr("parts of addresses"));
    EXPECT_THAT(why(std::string_view{"192.0.2.7\0", 10}, "rbldnsd:ip4set"),
                HasSubstr("zero bytes"));
}

}  // namespace
}  // namespace ostrakon::feed
