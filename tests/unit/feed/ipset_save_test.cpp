// What ipset prints: entries with ends, comments and exceptions, one set or several.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

TEST(IpsetSave, HasEntriesWithWhatStandsBehindThem) {
    const auto list = read(
        "create bans hash:net family inet hashsize 1024 maxelem 65536 timeout 0 comment\n"
        "add bans 192.0.2.0/24\nadd bans 192.0.2.7 nomatch\nadd bans 198.51.100.7 timeout 3600\n"
        "add bans 198.51.100.8 timeout 0 comment \"two words\"\nadd bans 203.0.113.7,tcp:25\n"
        "add bans 203.0.113.0-203.0.113.3 packets 1 bytes 2\n");
    EXPECT_EQ(list->format, "ipset-save");
    EXPECT_EQ(entries_of(list),
              "2 192.0.2.0/24\n3 !192.0.2.7\n4 198.51.100.7 until=2026-01-01T01:00:00Z\n"
              "5 198.51.100.8 reason=two words\n6 203.0.113.7\n7 203.0.113.0/30\n");
    EXPECT_EQ(rejects_of(list), "");
}

TEST(IpsetSave, OfSeveralSetsNeedsToKnowWhich) {
    constexpr std::string_view kTwo = "add bans 192.0.2.7\nadd friends 192.0.2.8\n";
    EXPECT_THAT(refusal_of(read(kTwo)), HasSubstr("several sets: \"bans\", \"friends\""));
    EXPECT_EQ(entries_of(read(kTwo, "ipset-save:bans")), "1 192.0.2.7\n");
}

TEST(IpsetSave, RejectsWhatItCannotRead) {
    const auto list = read(
        "add bans 192.0.2.7\nadd bans 192.0.2.1/24\nadd bans 00:11:22:33:44:55\nadd bans\n"
        "add bans 192.0.2.8 timeout soon\nadd bans 192.0.2.9 comment \"open\nlist bans\n");
    EXPECT_EQ(entries_of(list), "1 192.0.2.7\n");
    EXPECT_EQ(list->contents.rejected, 6U);
    EXPECT_THAT(rejects_of(list), HasSubstr("[192.0.2.1/24] has bits set"));
    EXPECT_THAT(rejects_of(list), HasSubstr("timeout soon] has something behind its entry"));
    EXPECT_THAT(rejects_of(list), HasSubstr("7 [list bans] is no line of `ipset save`"));
}

}  // namespace
}  // namespace ostrakon::feed
