// Lists of URLs, of which the hosts are taken: what belongs to a host, and what hides it.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

TEST(Urllist, HasTheHostsOfUrls) {
    const auto list = read(
        "# comment\nhttp://example.com/a?b=c#d\nhttps://user@pass@www.example.com:8080/x\n"
        "192.0.2.7:8080\nhttp://192.0.2.8/\nhttp://[2001:db8::7]:80/x\n[2001:db8::8]:443\n"
        "example.net/path # comment\nexample.org\nhttp://example.edu\\@evil.example/\n",
        "urllist");
    EXPECT_EQ(entries_of(list),
              "2 =example.com\n3 =www.example.com\n4 192.0.2.7\n5 192.0.2.8\n6 2001:db8::7\n"
              "7 2001:db8::8\n8 =example.net\n9 =example.org\n10 =example.edu\n");
    EXPECT_EQ(rejects_of(list), "");
}

TEST(Urllist, RejectsWhatHasNoHost) {
    const auto list = read(
        "/path/a.php\nhttp:///x\nhttp://exa…/x\nhttp://[2001:db8::7/\nhttp://0x7f.1/\n"
        "http://192.0.02.7/\na b\nhttp://localhost/x\nhttp://exa%6Dple.com/\n",
        "urllist");
    EXPECT_EQ(entries_of(list), "");
    EXPECT_EQ(list->contents.rejected, 9U);
    EXPECT_THAT(rejects_of(list), HasSubstr("1 [/path/a.php] is a path"));
    EXPECT_THAT(rejects_of(list), HasSubstr("2 [http:///x] has no host"));
    EXPECT_THAT(rejects_of(list), HasSubstr("7 [a b] has more than one word"));
    EXPECT_THAT(rejects_of(list), HasSubstr("8 [localhost] is what every machine calls itself"));
}

}  // namespace
}  // namespace ostrakon::feed
