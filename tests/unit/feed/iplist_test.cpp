// Lists of addresses, with counts and comments as publishers write them, and nothing else.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

TEST(Iplist, HasAddressesWithOrWithoutACount) {
    const auto list = read(
        "# header\r\n192.0.2.7\t8\r\n192.0.2.0/24 ; comment\n2001:db8::/32 // comment\n"
        "192.0.2.1-192.0.2.9 # comment\n// comment\n; comment\n\n192.0.2.8",
        "iplist");
    EXPECT_EQ(entries_of(list),
              "2 192.0.2.7\n3 192.0.2.0/24\n4 2001:db8::/32\n5 192.0.2.1-192.0.2.9\n"
              "9 192.0.2.8\n");
    EXPECT_EQ(rejects_of(list), "");
}

TEST(Iplist, RejectsWhatIsNoAddress) {
    const auto list = read(
        "192.0.2.7\nexample.com\nAS64500\n192.0.2.1 192.0.2.2\n192.0.2.1 8 9\n192.0.2.7:80\n"
        "193.\n",
        "iplist");
    EXPECT_EQ(entries_of(list), "1 192.0.2.7\n");
    EXPECT_THAT(rejects_of(list), HasSubstr("2 [example.com] is no address"));
    EXPECT_THAT(rejects_of(list), HasSubstr("3 [AS64500] is no address"));
    EXPECT_THAT(rejects_of(list), HasSubstr("4 [192.0.2.1 192.0.2.2] has more on it"));
    EXPECT_THAT(rejects_of(list), HasSubstr("5 [192.0.2.1 8 9] has more on it"));
    EXPECT_THAT(rejects_of(list), HasSubstr("6 [192.0.2.7:80] has a port"));
    EXPECT_THAT(rejects_of(list), HasSubstr("7 [193.] "));
}

}  // namespace
}  // namespace ostrakon::feed
