// hosts.deny: clients in each of their spellings, and rules that mean more than they list.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

TEST(HostsDeny, HasTheClientsOfItsRules) {
    const auto list = read(
        "# comment\nALL: 192.0.2.7, 192.0.2.8 : spawn (echo %h)\nsshd : 198.51.100. .example.com\n"
        "ALL: mail.example.net\nALL: 203.0.113.0/255.255.255.0\nALL: [2001:db8::]/32\n"
        "ALL: 192.0.2.9, \\\n  192.0.2.10\n");
    EXPECT_EQ(list->format, "hosts-deny");
    EXPECT_EQ(entries_of(list),
              "2 192.0.2.7\n2 192.0.2.8\n3 198.51.100.0/24\n3 *.example.com\n4 =mail.example.net\n"
              "5 203.0.113.0/24\n6 2001:db8::/32\n7 192.0.2.9\n7 192.0.2.10\n");
    EXPECT_EQ(rejects_of(list), "");
    EXPECT_EQ(list->contents.list.line_count(), 6U);
}

TEST(HostsDeny, RejectsWhatMeansMoreThanItLists) {
    const auto list = read(
        "ALL: ALL\nALL: LOCAL\nALL: 192.0.2. EXCEPT 192.0.2.7\nALL: *.example.com\nALL: @group\n"
        "ALL: /etc/list\nALL\nALL:\nALL: 192.0.2.0/255.0.255.0\nALL: 300.1.\n",
        "hosts-deny");
    EXPECT_EQ(entries_of(list), "");
    EXPECT_EQ(list->contents.rejected, 10U);
    EXPECT_THAT(rejects_of(list), HasSubstr("1 [ALL] stands for more than one"));
    EXPECT_THAT(rejects_of(list), HasSubstr("has exceptions, which this format cannot take over"));
    EXPECT_THAT(rejects_of(list), HasSubstr("7 [ALL] is no rule"));
    EXPECT_THAT(rejects_of(list), HasSubstr("8 [ALL:] names no client"));
}

}  // namespace
}  // namespace ostrakon::feed
