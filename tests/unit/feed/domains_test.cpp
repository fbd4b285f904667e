// Lists of domains in the spellings of four kinds of programs, and what of them is no block.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

TEST(Domains, AreReadAsMailFiltersAndResolversWriteThem) {
    const auto list = read(
        "[Adblock Plus 3.1]\n! Title\n# comment\n; comment\n// comment\n"
        "Example.COM.\n.dot.example\n*.below.example\n||ad.example^\n||all.example^$important\n"
        "@@||good.ad.example^\naddress=/masq.example/0.0.0.0\nserver=/served.example/\n"
        "local=/local.example/\nserver:\n  local-zone: \"zone.example.\" always_nxdomain\n"
        "one.example # why\n",
        "domains");
    EXPECT_EQ(entries_of(list),
              "6 example.com\n7 dot.example\n8 *.below.example\n9 ad.example\n10 all.example\n"
              "11 !good.ad.example\n12 masq.example\n13 served.example\n14 local.example\n"
              "16 zone.example\n17 one.example\n");
    EXPECT_EQ(rejects_of(list), "");
}

TEST(Domains, RejectsRulesAboutLessThanADomain) {
    const auto list = read(
        "||example.com^$third-party\n||example.com/path\n||exa*.example^\n@@/path\n"
        "example.com##.banner\naddress=/example.com/192.0.2.1\nserver=/example.com/192.0.2.53\n"
        "local-zone: \"example.com\" transparent\na.example b.example\naddress=x\n192.0.2.7\n",
        "domains");
    EXPECT_EQ(entries_of(list), "");
    EXPECT_EQ(list->contents.rejected, 11U);
    EXPECT_THAT(rejects_of(list), HasSubstr("1 [||example.com^$third-party] holds for some pages"));
    EXPECT_THAT(rejects_of(list), HasSubstr("2 [||example.com/path] is a rule about more"));
    EXPECT_THAT(rejects_of(list), HasSubstr("6 [address=/example.com/192.0.2.1] sends the name"));
    EXPECT_THAT(rejects_of(list), HasSubstr("8 [local-zone: \"example.com\" transparent] is a"));
    EXPECT_THAT(rejects_of(list), HasSubstr("11 [192.0.2.7] is no name in a list of names"));
}

}  // namespace
}  // namespace ostrakon::feed
