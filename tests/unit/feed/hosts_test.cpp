// Hosts files: several names a line, the machine's own lines, and lines that block nothing.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kOwnLines =
    "127.0.0.1 localhost localhost.localdomain local\n255.255.255.255 broadcasthost\n"
    "::1 localhost ip6-localhost ip6-loopback\nfe80::1%lo0 localhost\nff02::1 ip6-allnodes\n"
    "0.0.0.0 0.0.0.0\n";

TEST(Hosts, HasNamesThatStandForThemselvesAlone) {
    const auto list = read(std::string{kOwnLines} +
                               "0.0.0.0 a.example\tb.example # two\r\n127.0.0.1\tC.example.\n"
                               "::1 d.example\n:: e.example\n# comment\n",
                           "hosts");
    EXPECT_EQ(entries_of(list),
              "7 =a.example\n7 =b.example\n8 =c.example\n9 =d.example\n10 =e.example\n");
    EXPECT_EQ(rejects_of(list), "");
    EXPECT_EQ(list->contents.list.line_count(), 4U);
}

TEST(Hosts, MayBeMeantWithAllBelow) {
    EXPECT_EQ(entries_of(read("0.0.0.0 a.example\n", "hosts:tree")), "1 a.example\n");
    EXPECT_THAT(refusal_of(read("", "hosts:all")), HasSubstr("hosts:tree"));
}

TEST(Hosts, RejectsWhatBlocksNothing) {
    const auto list = read(
        "192.0.2.1 intranet.example\n127.0.0.1 192.0.2.7\nexample.com\n127.0.0.1\n"
        "0.0.0.0 com\n255.255.255.255 a.example\n!#if x\n",
        "hosts");
    EXPECT_EQ(entries_of(list), "");
    EXPECT_THAT(rejects_of(list), HasSubstr("1 [192.0.2.1 intranet.example] sends its names"));
    EXPECT_THAT(rejects_of(list), HasSubstr("2 [192.0.2.7] is an address where a name belongs"));
    EXPECT_THAT(rejects_of(list), HasSubstr("3 [example.com] does not begin with"));
    EXPECT_THAT(rejects_of(list), HasSubstr("4 [127.0.0.1] has no name"));
    EXPECT_THAT(rejects_of(list), HasSubstr("5 [com] has one label only"));
    EXPECT_THAT(rejects_of(list), HasSubstr("6 [255.255.255.255 a.example] sends its names"));
    EXPECT_THAT(rejects_of(list), HasSubstr("7 [!#if x] does not begin with"));
}

}  // namespace
}  // namespace ostrakon::feed
