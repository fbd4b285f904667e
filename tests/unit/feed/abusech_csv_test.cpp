// The CSV exports of abuse.ch in their three shapes, and the counts in their last lines.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kFeodo =
    "##########\r\n# abuse.ch Feodo Tracker #\r\n##########\r\n#\r\n"
    "\"first_seen_utc\",\"dst_ip\",\"dst_port\",\"c2_status\",\"last_online\",\"malware\"\r\n"
    "\"2022-06-04 21:24:53\",\"192.0.2.7\",\"8080\",\"offline\",\"2026-03-07\",\"Emotet\"\r\n"
    "\"2022-06-04 21:24:53\",\"2001:db8::7\",\"8080\",\"online\",\"2026-03-07\",\"QakBot\"\r\n";

TEST(AbusechCsv, HasTheAddressesOfFeodoTracker) {
    const auto list = read(std::string{kFeodo} + "# END 2 entries\r\n");
    EXPECT_EQ(list->format, "abusech-csv");
    EXPECT_EQ(entries_of(list), "6 192.0.2.7 reason=Emotet\n7 2001:db8::7 reason=QakBot\n");
    EXPECT_EQ(rejects_of(list), "");
}

TEST(AbusechCsv, ThatWasCutOffIsRefused) {
    EXPECT_THAT(refusal_of(read(kFeodo)), HasSubstr("does not end in \"# END\""));
    EXPECT_THAT(refusal_of(read(std::string{kFeodo} + "# END 3 entries\n")),
                HasSubstr("has 2 records where its last line says 3"));
    EXPECT_THAT(refusal_of(read(std::string{kFeodo} + "\"2022-06-04 21:24\n", "abusech-csv")),
                HasSubstr("list.txt:8: has a quote that is never closed"));
    EXPECT_THAT(refusal_of(read("error\n", "abusech-csv")), HasSubstr("message of a server"));
    EXPECT_THAT(refusal_of(read("a,b\n192.0.2.7,x\n", "abusech-csv")),
                HasSubstr("names no column dst_ip"));
}

TEST(AbusechCsv, HasTheHostsOfUrlhaus) {
    const auto list = read(
        "# abuse.ch URLhaus Database Dump (CSV)\n"
        "# id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter\n"
        "\"1\",\"2026-03-20\",\"http://192.0.2.7:55513/i\",\"online\",\"2026-03-20\","
        "\"malware_download\",\"32-bit,elf\",\"https://example.com/1/\",\"x\"\n"
        "\"2\",\"2026-03-20\",\"http://a.example/i\",\"online\",\"2026-03-20\","
        "\"malware_download\",\"32-bit,elf\",\"https://example.com/2/\",\"x\"\n"
        "\"3\",\"2026-03-20\"\n");
    EXPECT_EQ(entries_of(list),
              "3 192.0.2.7 reason=malware_download\n4 =a.example reason=malware_download\n");
    EXPECT_THAT(rejects_of(list), HasSubstr("has 2 fields where 9 columns are named"));
}

TEST(AbusechCsv, HasTheIndicatorsOfThreatfoxByKind) {
    const auto list = read(
        "# abuse.ch ThreatFox\n"
        "# \"first_seen_utc\",\"ioc_id\",\"ioc_value\",\"ioc_type\",\"malware_printable\"\n"
        "\"2026-03-20\", \"1\", \"192.0.2.7:80\", \"ip:port\", \"Cobalt Strike\"\n"
        "\"2026-03-20\", \"2\", \"[2001:db8::7]:80\", \"ip:port\", \"Cobalt Strike\"\n"
        "\"2026-03-20\", \"3\", \"a.example\", \"domain\", \"Lumma\"\n"
        "\"2026-03-20\", \"4\", \"https://b.example/x\", \"url\", \"Lumma\"\n"
        "\"2026-03-20\", \"5\", \"0123\", \"sha256_hash\", \"Lumma\"\n"
        "# Number of entries: 5\n",
        "abusech-csv");
    EXPECT_EQ(entries_of(list),
              "3 192.0.2.7 reason=Cobalt Strike\n4 2001:db8::7 reason=Cobalt Strike\n"
              "5 =a.example reason=Lumma\n6 =b.example reason=Lumma\n");
    EXPECT_EQ(rejects_of(list), "");
    EXPECT_THAT(notes_of(list), HasSubstr("sha256_hash"));
}

}  // namespace
}  // namespace ostrakon::feed
