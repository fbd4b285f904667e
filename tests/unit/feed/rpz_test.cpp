// Response policy zones: what they deny, and what of a policy is no block.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

TEST(Rpz, HasTheNamesAndAddressesThatItDenies) {
    const auto list = read(
        "; comment\n$TTL 300\n$ORIGIN rpz.example.\n"
        "@ SOA ns.example. x.example. ( 1 3600\n 600 86400 ; more\n 60 )\n  NS ns.example.\n"
        "Bad.example CNAME .\n*.bad.example 60 IN CNAME .\nempty.example CNAME *.\n"
        "drop.example CNAME rpz-drop.\nbelow.example.rpz.example. CNAME .\n"
        "good.bad.example CNAME rpz-passthru.\nself.bad.example CNAME self.bad.example.\n"
        "24.0.2.0.192.rpz-ip CNAME .\n32.7.100.51.198.rpz-ip CNAME .\n"
        "48.zz.2.db8.2001.rpz-ip CNAME .\n128.7.zz.db8.2001.rpz-ip CNAME .\n",
        "rpz");
    EXPECT_EQ(entries_of(list),
              "8 =bad.example\n9 *.bad.example\n10 =empty.example\n11 =drop.example\n"
              "12 =below.example\n13 =good.bad.example class=allow\n"
              "14 =self.bad.example class=allow\n15 192.0.2.0/24\n16 198.51.100.7\n"
              "17 2001:db8:2::/48\n18 2001:db8::7\n");
    EXPECT_EQ(rejects_of(list), "");
}

TEST(Rpz, NeedsNoOriginForRelativeNames) {
    const auto list = read("bad.example CNAME .\n*.worse.example CNAME .\n");
    EXPECT_EQ(list->format, "rpz");
    EXPECT_EQ(entries_of(list), "1 =bad.example\n2 *.worse.example\n");
}

TEST(Rpz, SkipsWhatLiesOutsideOfItsZoneOrIsNoBlock) {
    const auto list = read(
        "$ORIGIN rpz.example.\n@ SOA . . 1 1 1 1 1\nout.example. CNAME .\n"
        "walled.example CNAME walled.garden.example.\ntext.example TXT \"x;y\"\n"
        "a.example A 192.0.2.1\ntcp.example CNAME rpz-tcp-only.\n"
        "32.1.2.0.192.rpz-client-ip CNAME .\nns.example.rpz-nsdname CNAME .\n"
        "32.1.2.0.192.rpz-nsip CNAME .\n7.2.0.192.rpz-ip CNAME .\n24.7.2.0.192.rpz-ip CNAME .\n"
        "$GENERATE 1-9 x$ CNAME .\n$INCLUDE other\ncom CNAME .\n*.co.uk CNAME .\nx )\n"
        "bad.example CNAME .\n",
        "rpz");
    EXPECT_EQ(entries_of(list), "18 =bad.example\n");
    EXPECT_EQ(list->contents.rejected, 15U);
    EXPECT_THAT(rejects_of(list), HasSubstr("3 [out.example. CNAME .] lies outside of its zone"));
    EXPECT_THAT(rejects_of(list), HasSubstr("4 [walled.example CNAME walled.garden.example.] ans"));
    EXPECT_THAT(rejects_of(list), HasSubstr("8 [32.1.2.0.192.rpz-client-ip CNAME .] is about"));
    EXPECT_THAT(rejects_of(list), HasSubstr("[$INCLUDE other] is no directive"));
}

TEST(Rpz, ThatEndsWithinParenthesesIsRefused) {
    EXPECT_THAT(refusal_of(read("@ SOA . . ( 1 1\nbad.example CNAME .\n", "rpz")),
                HasSubstr("ends within parentheses"));
}

}  // namespace
}  // namespace ostrakon::feed
