// The list of top-level domains: which text is one, and which names it says something of.
#include "ostrakon/zone/top_level_domains.hpp"

#include "ostrakon/dns/name.hpp"
#include "support/allocation_counter.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <array>
#include <fstream>
#include <iterator>

namespace ostrakon::zone {
namespace {

using testing::HasSubstr;

constexpr std::string_view kFirstLine =
    "# Version 2026011900, Last Updated Mon Jan 19 07:07:02 2026 UTC\n";
constexpr UnixTime kDay{1'768'780'800};  // 2026-01-19

// A thousand labels that nobody has, and those that every list has.
std::string labels_of_a_list() {
    std::string text = "AC\nARPA\nCOM\nORG\nXN--P1AI\n";
    for (int i = 0; i < 1000; ++i) {
        text += fmt::format("LABEL{}\n", i);
    }
    return text + "ZW\n";
}
std::string whole_list() {
    return std::string{kFirstLine} + labels_of_a_list();
}
std::string mistake(const std::string& text) {
    const auto list = TopLevelDomains::parse(text, "tlds.txt");
    return list ? "" : message(list.error());
}
std::string key_of(std::string_view name) {
    return dns::reversed_key(*dns::parse_name(name));
}

TEST(TopLevelDomains, AreKnownInAnyCase) {
    const auto list = TopLevelDomains::parse(whole_list(), "tlds.txt");
    ASSERT_TRUE(list) << message(list.error());
    EXPECT_EQ(list->size(), 1006U);
    const std::size_t before = test::allocation_count();
    EXPECT_TRUE(list->has("com"));
    EXPECT_TRUE(list->has("xn--p1ai"));
    EXPECT_TRUE(list->has("ac"));
    EXPECT_TRUE(list->has("zw"));
    EXPECT_FALSE(list->has("xyzzy"));
    EXPECT_FALSE(list->has("co"));
    EXPECT_FALSE(list->has("comm"));
    EXPECT_FALSE(list->has(""));
    EXPECT_FALSE(list->has(std::string_view{"com\0", 4}));
    EXPECT_EQ(test::allocation_count(), before);
}

TEST(TopLevelDomains, AreUsedForAYear) {
    const auto list = TopLevelDomains::parse(whole_list(), "tlds.txt");
    ASSERT_TRUE(list);
    EXPECT_EQ(list->date(), kDay);
    EXPECT_TRUE(list->is_fresh(UnixTime{kDay.seconds + kTopLevelDomainsAgeMaxSeconds}));
    EXPECT_FALSE(list->is_fresh(UnixTime{kDay.seconds + kTopLevelDomainsAgeMaxSeconds + 1}));
}

TEST(TopLevelDomains, AreRefusedWhereTheListIsNotWhole) {
    const std::string first{kFirstLine};
    const std::string whole = whole_list();
    EXPECT_EQ(mistake(whole), "");
    EXPECT_EQ(mistake(first + "# more\r\n" + labels_of_a_list()), "");
    EXPECT_THAT(mistake(""), HasSubstr("its end is missing"));
    EXPECT_THAT(mistake(whole.substr(0, whole.size() - 1)), HasSubstr("its end is missing"));
    EXPECT_THAT(mistake(whole.substr(0, whole.size() - 3)), HasSubstr("lacks .zw"));
    EXPECT_THAT(mistake(labels_of_a_list()), HasSubstr("how old it is"));
    EXPECT_THAT(mistake("# Version 20261399\n" + labels_of_a_list()), HasSubstr("how old it is"));
    EXPECT_THAT(mistake("# Version 2026\n" + labels_of_a_list()), HasSubstr("how old it is"));
    EXPECT_THAT(mistake(first + "AC\nARPA\nCOM\nORG\nZW\n"), HasSubstr("too few"));
    EXPECT_THAT(mistake(first + "<html>\n"), HasSubstr("line 2 is no top-level domain"));
    EXPECT_THAT(mistake(first + "A\n"), HasSubstr("line 2"));
    EXPECT_THAT(mistake(first + std::string(64, 'A') + "\n"), HasSubstr("line 2"));
    EXPECT_THAT(mistake(std::string(kTopLevelDomainsTextMax + 1, '\n')), HasSubstr("more than"));
}

TEST(TopLevelDomains, AreReadFromWhatIsShipped) {
    std::ifstream stream{OSTRAKON_TOP_LEVEL_DOMAINS, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    const auto list = TopLevelDomains::parse(text, "tlds-alpha-by-domain.txt");
    ASSERT_TRUE(list) << message(list.error());
    EXPECT_GT(list->size(), 1400U);
    for (const std::string_view label : {"com", "de", "museum", "xn--vermgensberatung-pwb"}) {
        EXPECT_TRUE(list->has(label)) << label;
    }
    for (const std::string_view label : {"local", "lan", "localdomain", "xyzzy", "example"}) {
        EXPECT_FALSE(list->has(label)) << label;
    }
}

TEST(UnknownTopLevel, ListsNamesOfTwoLabelsOrMore) {
    EXPECT_EQ(top_level_of(key_of("mail.example.com")), "com");
    EXPECT_EQ(top_level_of(key_of("com")), "com");
    EXPECT_EQ(top_level_of(""), "");
    EXPECT_TRUE(is_listed_for_top_level(key_of("server.lan")));
    EXPECT_TRUE(is_listed_for_top_level(key_of("a.b.c.d.e.lan")));
    EXPECT_FALSE(is_listed_for_top_level(key_of("lan")));
}

TEST(UnknownTopLevel, LeavesOutWhatIsNoName) {
    // An address, or a part of one that is on its way, with something behind it.
    EXPECT_FALSE(is_listed_for_top_level(key_of("7.2.0.192.lan")));
    EXPECT_FALSE(is_listed_for_top_level(key_of("255.255.255.255.zone.lan")));
    EXPECT_TRUE(is_listed_for_top_level(key_of("7.2.0.256.lan")));
    EXPECT_TRUE(is_listed_for_top_level(key_of("2.0.192.lan")));
    std::string nibbles;
    for (int i = 0; i < 31; ++i) {
        nibbles += "a.";
    }
    EXPECT_TRUE(is_listed_for_top_level(key_of(nibbles + "lan")));
    EXPECT_FALSE(is_listed_for_top_level(key_of(nibbles + "b.lan")));
    EXPECT_TRUE(is_listed_for_top_level(key_of(nibbles + "g.lan")));
    // The hash of a mail address.
    EXPECT_FALSE(is_listed_for_top_level(key_of(std::string(40, 'a') + ".lan")));
    EXPECT_TRUE(is_listed_for_top_level(key_of("x." + std::string(40, 'a') + ".lan")));
    // A key that is no longer known.
    EXPECT_FALSE(is_listed_for_top_level(key_of("example.com.abcdefghij0123456789")));
    EXPECT_TRUE(is_listed_for_top_level(key_of("example.com.abcdefghij012345678")));
    EXPECT_TRUE(is_listed_for_top_level(key_of("example.com.abcdefghij0123456-89")));
    EXPECT_TRUE(is_listed_for_top_level(key_of("example.com.abcdef0123456789abcdef")));
}

}  // namespace
}  // namespace ostrakon::zone
