// Postfix's access and cidr tables: what is a ban, and which lines keep one from what it covers.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

TEST(PostfixTable, OfAccessHasItsKeysInEverySpelling) {
    const auto list = read(
        "# comment\n192.0.2.7 REJECT 5.7.1 Spam\n198.51.100\t554 No more\n203.0.113.9 DISCARD\n"
        "example.com REJECT\n.example.net REJECT\n2001:db8 reject Spam\n192.0.2.8 OK\n"
        "  # comment\n192.0.2.9 REJECT two\n   lines\n192.0.2.10 1700000000\n",
        "postfix");
    EXPECT_EQ(entries_of(list),
              "2 192.0.2.7 reason=Spam\n3 198.51.100.0/24 reason=No more\n4 203.0.113.9\n"
              "5 example.com\n6 *.example.net\n7 2001:db8::/32 reason=Spam\n"
              "8 192.0.2.8 class=allow\n10 192.0.2.9 reason=two lines\n"
              "12 192.0.2.10 class=allow\n");
    EXPECT_EQ(rejects_of(list), "");
}

TEST(PostfixTable, OfCidrKnowsThatTheFirstMatchWins) {
    const auto list = read(
        "192.0.2.7 OK\n192.0.2.8 DUNNO\n192.0.2.0/24 REJECT\n192.0.2.9 REJECT\n"
        "192.0.2.10 OK\n198.51.100.1 WARN\n[2001:db8::]/32 REJECT\n0.0.0.0/0 DUNNO\n",
        "postfix");
    EXPECT_EQ(entries_of(list),
              "1 192.0.2.7 class=allow\n2 !192.0.2.8\n3 192.0.2.0/24\n7 2001:db8::/32\n");
    EXPECT_EQ(rejects_of(list), "");
    EXPECT_THAT(notes_of(list), HasSubstr("line 4 has no effect: an earlier one covers it (and 1"));
    EXPECT_THAT(notes_of(list), HasSubstr("line 2: DUNNO neither rejects nor accepts"));
}

TEST(PostfixTable, OfCidrHeedsItsConditions) {
    const auto list = read(
        "if 192.0.2.0/24\n192.0.2.0/25 REJECT\n198.51.100.0/24 REJECT\n0.0.0.0/0 REJECT\nendif\n"
        "if !192.0.2.0/24\n203.0.113.0/24 REJECT\nendif\n!192.0.2.0/24 REJECT\n"
        "198.51.100.0/24 REJECT\nendif\n",
        "postfix:cidr");
    EXPECT_EQ(entries_of(list), "2 192.0.2.0/25\n10 198.51.100.0/24\n");
    EXPECT_EQ(list->contents.rejected, 5U);
    EXPECT_THAT(rejects_of(list), HasSubstr("3 [198.51.100.0/24 REJECT] stands under an if"));
    EXPECT_THAT(rejects_of(list), HasSubstr("9 [!192.0.2.0/24 REJECT] is about everything but"));
    EXPECT_THAT(rejects_of(list), HasSubstr("11 [endif] ends no if"));
}

TEST(PostfixTable, RejectsWhatItCannotMean) {
    const auto cidr =
        read("192.0.2.1/24 REJECT\n192.0.02.0/24 REJECT\nexample.com REJECT\n", "postfix:cidr");
    EXPECT_EQ(entries_of(cidr), "");
    EXPECT_EQ(cidr->contents.rejected, 3U);
    const auto access =
        read("user@ REJECT\n<> REJECT\n/^x/ REJECT\n300 REJECT\n", "postfix:access");
    EXPECT_EQ(entries_of(access), "");
    EXPECT_EQ(access->contents.rejected, 4U);
    EXPECT_THAT(refusal_of(read("", "postfix:hash")), HasSubstr("postfix:cidr or postfix:access"));
}

}  // namespace
}  // namespace ostrakon::feed
