// DShield's block.txt: whole rows are entries, rows that contradict themselves are not.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

TEST(Dshield, HasItsNetworks) {
    const auto list = read(
        "# DShield.org Recommended Block "
        "List\n#\nStart\tEnd\tNetmask\tAttacks\tName\tCountry\temail\n"
        "192.0.2.0\t192.0.2.255\t24\t116\tEXAMPLE-AS1\tXX\tabuse@example.com\n"
        "198.51.100.0\t198.51.100.255\t24\t1\t-\t\t>>UNKNOWN<<\n",
        "dshield");
    EXPECT_EQ(entries_of(list), "4 192.0.2.0/24 reason=EXAMPLE-AS1\n5 198.51.100.0/24\n");
    EXPECT_EQ(rejects_of(list), "");
}

TEST(Dshield, RejectsRowsThatContradictThemselves) {
    const auto list = read(
        "192.0.2.0\t192.0.2.255\t16\t1\tX\n192.0.2.0\t192.0.2.255\n192.0.2.1\t192.0.2.255\t24\n"
        "192.0.2.0 192.0.2.255 24\n192.0.2.0\t192.0.2.255\t\n",
        "dshield");
    EXPECT_EQ(entries_of(list), "");
    EXPECT_EQ(list->contents.rejected, 5U);
    EXPECT_THAT(rejects_of(list), HasSubstr("has a prefix length that does not fit"));
    EXPECT_THAT(rejects_of(list), HasSubstr("has fewer than three columns"));
}

}  // namespace
}  // namespace ostrakon::feed
