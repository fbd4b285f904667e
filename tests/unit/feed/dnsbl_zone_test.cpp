// Block lists as DNS zones: what their owners list, and what is no entry of them.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kHead = "$ORIGIN bl.example.org.\n@ 300 IN SOA ns x 1 2 3 4 5\n";

Result<ReadList> read_zone(std::string_view records) {
    return read(std::string{kHead} + std::string{records}, "dnsbl-zone");
}

TEST(DnsblZone, HasWhatAZoneTransferGives) {
    const auto list = read(
        "; <<>> DiG <<>> axfr bl.example.org\n"
        "bl.example.org. 3600 IN SOA ns.example.org. root.example.org. 1 2 3 4 5\n"
        "bl.example.org. 3600 IN NS ns.example.org.\n"
        "bl.example.org. 3600 IN TXT \"about\"\n"
        "7.2.0.192.BL.example.org. 300 IN A 127.0.0.4\n"
        "7.2.0.192.bl.example.org. 300 IN RRSIG A 8 3 300 20300101000000 20200101000000 1 x. ab==\n"
        "7.2.0.192.bl.example.org. 300 IN TXT \"spam \\\"today\\\"\" \" and\\032more\"\n"
        "7.2.0.192.bl.example.org. 300 IN TXT plain\n"
        "8.2.0.192.bl.example.org. IN 300 A 127.0.0.2\n"
        "8.2.0.192.bl.example.org. IN 300 A 127.0.0.9\n"
        "bl.example.org. 3600 IN SOA ns.example.org. root.example.org. 1 2 3 4 5\n",
        "dnsbl-zone");
    EXPECT_EQ(entries_of(list),
              "5 192.0.2.7 code=127.0.0.4 reason=spam \"today\" and more; plain\n"
              "9 192.0.2.8 code=127.0.0.2\n10 192.0.2.8 code=127.0.0.9\n");
    EXPECT_EQ(rejects_of(list), "");
}

TEST(DnsblZone, ReadsReversedAddressesPrefixesAndNames) {
    constexpr std::string_view kAddress =
        "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2";
    const auto list =
        read_zone("7.2.0.192 A 127.0.0.2\n*.100.51.198 A 127.0.0.2\n" + std::string{kAddress} +
                  " A 127.0.0.2\n*.8.B.D.0.1.0.0.2 A 127.0.0.2\n"
                  "bad.example A 127.0.0.3\n*.bad.example A 127.0.0.3\n"
                  "163.example TXT why\n A 127.0.0.3\n"
                  "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567 A 127.0.0.8\n");
    EXPECT_EQ(entries_of(list),
              "3 192.0.2.7 code=127.0.0.2\n4 198.51.100.0/24 code=127.0.0.2\n"
              "5 2001:db8::7 code=127.0.0.2\n6 2001:db8::/32 code=127.0.0.2\n"
              "7 =bad.example code=127.0.0.3\n8 *.bad.example code=127.0.0.3\n"
              "10 =163.example code=127.0.0.3 reason=why\n"
              "11 0a1b2c3d4e5f60718293a4b5c6d7e8f901234567 code=127.0.0.8\n");
    EXPECT_EQ(rejects_of(list), "");
}

TEST(DnsblZone, KeepsTestsAndWhatIsNotItsOwnOut) {
    const auto list = read_zone(
        "2.0.0.127 A 127.0.0.2\n1.0.0.127 A 127.0.0.2\n3.0.0.127 A 127.0.0.4\n"
        "2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 A 127.0.0.2\n"
        "test A 127.0.0.2\ninvalid A 127.0.0.2\n"
        "7.2.0.192.other.example. A 127.0.0.2\nxbl.example.org. A 127.0.0.2\n"
        "9.2.0.192 TXT \"no address\"\n8.2.0.192 A 127.0.0.2\n");
    EXPECT_EQ(entries_of(list), "12 192.0.2.8 code=127.0.0.2\n");
    EXPECT_EQ(rejects_of(list), "");
    EXPECT_EQ(
        notes_of(list),
        "line 9: 7.2.0.192.other.example lies outside of its zone and is left out (and 1 more "
        "such)\n");
}

TEST(DnsblZone, RejectsWhatNoListMeans) {
    struct Case {
        std::string_view record;
        std::string_view why;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"* A 127.0.0.2", "lists everything"},
        {"2.0.192 A 127.0.0.2", "is part of an address"},
        {"*.7.2.0.192 A 127.0.0.2", "is below an address"},
        {"8.b.d.0.1.0.0.2 A 127.0.0.2", "is part of an address"},
        {"7.2.0.192 A 192.0.2.1", "what is no code of a list"},
        {"7.2.0.192 A 127.0.0.1", "what is no code of a list"},
        {"7.2.0.192 A 127.255.255.254", "what is no code of a list"},
        {"7.2.0.192 A", "what is no code of a list"},
        {"com A 127.0.0.2", "one label only"},
        {"*.co.uk A 127.0.0.2", "is a public suffix"},
        {"7.2.0.256 A 127.0.0.2", ""},
        {"07.2.0.192 A 127.0.0.2", ""},
        {"$GENERATE 1-9 $.2.0.192 A 127.0.0.2", "no directive that can be followed"},
        {"$INCLUDE other", "no directive that can be followed"},
    });
    for (const auto& [record, why] : kCases) {
        const auto list = read_zone(std::string{record} + "\n");
        EXPECT_EQ(entries_of(list), "") << record;
        EXPECT_EQ(list->contents.rejected, 1U) << record;
        EXPECT_THAT(rejects_of(list), HasSubstr(std::string{why})) << record;
    }
    EXPECT_THAT(refusal_of(read_zone("7.2.0.192 A ( 127.0.0.2\n")), HasSubstr("was cut off"));
}

TEST(DnsblZone, BoundsWhatOneOwnerSays) {
    std::string records;
    for (int i = 2; i < 100; ++i) {
        records += fmt::format("7.2.0.192 A 127.0.1.{}\n", i);
        records += fmt::format("7.2.0.192 TXT {}\n", std::string(200, 'x'));
    }
    const auto list = read_zone(records);
    EXPECT_EQ(list->contents.list.size(), 64U);
    EXPECT_EQ(list->contents.rejected, 34U);
    EXPECT_LE(list->contents.list.statements.front().reason.size(), kReasonSizeMax);
}

}  // namespace
}  // namespace ostrakon::feed
