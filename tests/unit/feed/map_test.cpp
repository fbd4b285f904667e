// Maps: what each format reads, and what it refuses.
#include "ostrakon/feed/map.hpp"

#include "support/gzip.hpp"
#include "support/mmdb_writer.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>

namespace ostrakon::feed {
namespace {

using test::mmdb_map;
using test::mmdb_number;
using test::mmdb_text;
using test::MmdbWriter;
using ::testing::HasSubstr;

// Everything that is found, "192.0.2.0/24 AS64500" a line, rejects as "! line why", or the refusal.
std::string read(std::string_view bytes, std::string_view format = "") {
    const auto map = read_map({.file = "map", .bytes = bytes, .format = format, .progress = {}});
    if (!map) {
        return "refused: " + message(map.error());
    }
    if (!*map) {
        return "no map";
    }
    std::string text;
    for (const net::OriginKind kind : net::kOriginKinds) {
        const policy::MapPart& part = (*map)->contents.part(kind);
        for (const auto& [range, number] : part.ipv4) {
            text += fmt::format("{} {}\n", net::to_string(range),
                                net::to_string(net::Origin{kind, number}));
        }
        for (const auto& [range, number] : part.ipv6) {
            text += fmt::format("{} {}\n", net::to_string(range),
                                net::to_string(net::Origin{kind, number}));
        }
    }
    for (const policy::ImportReject& reject : (*map)->contents.rejects) {
        text += fmt::format("! {} {}\n", reject.line, reject.why);
    }
    return text;
}

std::string date_of(std::string_view bytes) {
    const auto map = read_map({.file = "map", .bytes = bytes, .format = "", .progress = {}});
    return map && *map && (*map)->contents.date ? to_string(*(*map)->contents.date) : "none";
}

constexpr std::string_view kDelegated =
    "# a banner\n"
    "2.3|apnic|20260924|6||20260924|+1000\n"
    "apnic|*|asn|*|1|summary\n"
    "apnic|*|ipv4|*|4|summary\n"
    "apnic|*|ipv6|*|1|summary\n"
    "apnic|JP|asn|173|1|20020801|allocated|A1\n"
    "apnic|AU|ipv4|192.0.2.0|96|20110811|assigned|A2\n"
    "apnic|CN|ipv4|198.51.100.128|384|20110811|allocated|A3\n"
    "apnic||ipv4|203.0.113.0|256||available\n"
    "apnic|ZZ|ipv4|203.0.113.0|256||reserved|A4\n"
    "apnic|AU|ipv6|2001:db8::|32|20110811|allocated|A5\n";

TEST(Rir, ReadsCountsThatAreNoPowersOfTwo) {
    EXPECT_EQ(read(kDelegated),
              "192.0.2.0-192.0.2.95 country:AU\n"
              "198.51.100.128-198.51.101.255 country:CN\n"
              "2001:db8::/32 country:AU\n");
    EXPECT_EQ(date_of(kDelegated), "2026-09-24T00:00:00Z");
}

TEST(Rir, IsRefusedWhereItWasCutOff) {
    const std::string_view cut = kDelegated.substr(0, kDelegated.rfind("apnic|AU|ipv6"));
    EXPECT_THAT(read(cut), HasSubstr("has 5 records, its first line says 6"));
    std::string miscounted{kDelegated};
    miscounted.replace(miscounted.find("ipv4|*|4"), 8, "ipv4|*|5");
    EXPECT_THAT(read(miscounted), HasSubstr("4 records of type ipv4, its summary says 5"));
    EXPECT_THAT(read("apnic|AU|ipv4|192.0.2.0|96|20110811|assigned\n", "rir"),
                HasSubstr("not the first of a delegated file"));
    EXPECT_THAT(read("# nothing\n", "rir"), HasSubstr("no lines of a delegated file"));
}

TEST(Rir, RejectsWhatIsNoRange) {
    const std::string text =
        "2|arin|1|5|19700101|20260924|+0000\n"
        "arin|US|ipv4|192.0.2.0|0|20110811|assigned|x\n"
        "arin|US|ipv4|255.255.255.0|257|20110811|assigned|x\n"
        "arin|US|ipv6|2001:db8::1|32|20110811|assigned|x\n"
        "arin|U5|ipv4|192.0.2.0|256|20110811|assigned|x\n"
        "arin|US|ipv4\n";
    EXPECT_EQ(read(text),
              "! 2 is no range of addresses\n"
              "! 3 is no range of addresses\n"
              "! 4 is no range of addresses\n"
              "! 5 has no country of two letters\n"
              "! 6 has too few fields\n");
}

TEST(Rir, MatchesItsMd5InBothDialects) {
    constexpr std::string_view kHex = "900150983cd24fb0d6963f7d28e17f72";  // of "abc"
    EXPECT_EQ(matches_md5("abc", fmt::format("MD5 (delegated-x-latest) = {}", kHex)), true);
    EXPECT_EQ(matches_md5("abc", fmt::format("{}  delegated-arin-extended-20230323\n", kHex)),
              true);
    EXPECT_EQ(matches_md5("abd", fmt::format("{}  delegated-arin-extended-20230323\n", kHex)),
              false);
    EXPECT_EQ(matches_md5("abc", "<html>not found</html>"), std::nullopt);
}

TEST(AsnTsv, ReadsWhatIsRouted) {
    EXPECT_EQ(read("192.0.2.0\t192.0.2.255\t64500\tDE\tExample\n"
                   "192.0.3.0\t192.0.3.255\t0\tNone\tNot routed\r\n"
                   "2001:db8::\t2001:db8:0:ffff:ffff:ffff:ffff:ffff\t64501\tFR\tOther\n"),
              "192.0.2.0/24 AS64500\n2001:db8::/48 AS64501\n");
}

TEST(AsnTsv, RejectsWhatIsNoRow) {
    EXPECT_EQ(read("192.0.2.0\t192.0.2.255\t64500\tDE\tExample\n"
                   "192.0.2.0\n"
                   "192.0.2.9\t192.0.2.1\t64500\n"
                   "192.0.2.0\t2001:db8::\t64500\n"
                   "192.0.2.0\t192.0.2.255\t64500x\n"
                   "192.0.2.300\t192.0.2.255\t64500\n"),
              "192.0.2.0/24 AS64500\n"
              "! 2 has fewer than three columns between tabs\n"
              "! 3 ends before it starts\n"
              "! 4 starts in one family and ends in the other\n"
              "! 5 has no AS number in its third column\n"
              "! 6 does not begin with two addresses\n");
}

TEST(RangeCsv, ReadsAsNumbersAndCountries) {
    EXPECT_EQ(read("192.0.2.0,192.0.2.255,64500,\"Example, Inc.\"\n"), "192.0.2.0/24 AS64500\n");
    EXPECT_EQ(
        read("192.0.2.0,192.0.2.6,de\n2001:db8::,2001:db8::ffff,FR\n192.0.3.0,192.0.3.1,ZZ\n"),
        "192.0.2.0-192.0.2.6 country:DE\n2001:db8::/112 country:FR\n");
    EXPECT_EQ(read("network,country\n192.0.2.0/24,AS64500\n", "range-csv"),
              "192.0.2.0/24 AS64500\n");
}

TEST(RangeCsv, ReadsNumbersForAddresses) {
    EXPECT_EQ(read("\"3221225984\",\"3221226239\",\"US\",\"United States\"\n"
                   "\"0\",\"281470681743359\",\"-\",\"-\"\n"
                   "42540766411282592856903984951653826560,42540766411282592856903984951653892095,"
                   "DE\n",
                   "range-csv"),
              "192.0.2.0/24 country:US\n2001:db8::/112 country:DE\n");
}

TEST(RangeCsv, RejectsWhatIsNoRow) {
    EXPECT_EQ(read("192.0.2.0,192.0.2.255,DE\n"
                   "192.0.2.0,192.0.2.255\n"
                   "192.0.2.0,192.0.2.255,Germany\n"
                   "here,there,DE\n"),
              "192.0.2.0/24 country:DE\n"
              "! 2 has no column for its AS or country\n"
              "! 3 has neither an AS number nor a country behind its range\n"
              "! 4 does not begin with two addresses\n");
    EXPECT_THAT(read("192.0.2.0,192.0.2.255,DE,\"cut\n", "range-csv"),
                HasSubstr("a quote that is never closed"));
}

std::string as_record(std::uint32_t number) {
    return mmdb_map({{"autonomous_system_number", mmdb_number(number)}});
}

TEST(Mmdb, ReadsNetworksOfBothFamilies) {
    MmdbWriter writer{6};
    writer.insert(std::string{"\xC0\x00\x02\x00", 4}, 24, as_record(64500));
    writer.insert(std::string{"\xCB\x00\x71\x00", 4}, 25,
                  mmdb_map({{"country", mmdb_map({{"iso_code", mmdb_text("DE")}})}}));
    writer.insert(std::string{"\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\0", 16}, 32,
                  mmdb_map({{"asn", mmdb_text("AS64501")}, {"country_code", mmdb_text("FR")}}));
    EXPECT_EQ(read(writer.bytes()),
              "192.0.2.0/24 AS64500\n"
              "2001:db8::/32 AS64501\n"
              "203.0.113.0/25 country:DE\n"
              "2001:db8::/32 country:FR\n");
    EXPECT_EQ(date_of(writer.bytes()), "2026-01-01T00:00:00Z");
}

TEST(Mmdb, ReadsAWideNetworkForBothFamilies) {
    MmdbWriter writer{6};
    writer.insert(std::string(16, '\0'), 8, as_record(64500));
    EXPECT_EQ(read(writer.bytes()), "0.0.0.0/0 AS64500\n::/8 AS64500\n");
    MmdbWriter old{4};
    old.insert(std::string{"\xC0\x00\x02\x00", 4}, 24, as_record(64500));
    EXPECT_EQ(read(old.bytes()), "192.0.2.0/24 AS64500\n");
}

TEST(Mmdb, GoesNotTwiceIntoTheIpv4Space) {
    MmdbWriter writer{6};
    writer.insert(std::string{"\xC0\x00\x02\x00", 4}, 24, as_record(64500));
    writer.set_record(0, true, 96);  // 8000::/1 leads to the node of ::/96
    EXPECT_EQ(read(writer.bytes()), "192.0.2.0/24 AS64500\n");
}

TEST(Mmdb, IsRefusedWhereItIsBroken) {
    const auto broken = [](std::size_t node, std::uint32_t record) {
        MmdbWriter writer{4};
        writer.insert(std::string{"\xC0\x00\x02\x00", 4}, 24, as_record(64500));
        writer.set_record(node, true, record);
        return read(writer.bytes());
    };
    EXPECT_THAT(broken(3, 0), HasSubstr("damaged MMDB"));         // a loop
    EXPECT_THAT(broken(3, 0xFFFFFF), HasSubstr("damaged MMDB"));  // outside
    MmdbWriter cut{4};
    cut.insert(std::string{"\xC0\x00\x02\x00", 4}, 24, as_record(64500));
    const std::string bytes = cut.bytes();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_THAT(read(bytes.substr(0, size), "mmdb"), HasSubstr("refused: map: is "));
    }
    MmdbWriter foreign{4};
    foreign.insert(std::string{"\xC0\x00\x02\x00", 4}, 24, mmdb_map({{"city", mmdb_text("x")}}));
    EXPECT_THAT(read(foreign.bytes()), HasSubstr("knows neither AS numbers nor countries"));
}

// Every byte of a good file changed: found out or read, never a crash.
TEST(Mmdb, OutlivesDamage) {
    MmdbWriter writer{6};
    writer.insert(std::string{"\xC0\x00\x02\x00", 4}, 24, as_record(64500));
    const std::string bytes = writer.bytes();
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        for (const unsigned change : {0x01U, 0x80U, 0xFFU}) {
            std::string damaged = bytes;
            damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ change);
            EXPECT_NE(read(damaged, "mmdb"), "no map");
        }
    }
}

TEST(Map, IsRecognisedWhereNothingElseCanBeMeant) {
    EXPECT_EQ(read("192.0.2.7\n"), "no map");
    EXPECT_EQ(read("subject,class\n192.0.2.7,ip\n"), "no map");
    EXPECT_EQ(read("192.0.2.1,192.0.2.2,text\n"), "no map");
    EXPECT_EQ(read("2|apnic|x\n"), "no map");
    EXPECT_THAT(read("<html>", "range-csv"), HasSubstr("refused"));
    const auto unpacked = unpack("map", test::gzip(std::string{kDelegated}));
    ASSERT_TRUE(unpacked);
    EXPECT_THAT(read(*unpacked), HasSubstr("country:CN"));
}

TEST(Map, IsNoListOfBans) {
    const auto list = read_list(
        {.file = "map", .bytes = "192.0.2.0,192.0.2.255,DE\n", .format = "", .progress = {}});
    ASSERT_FALSE(list);
    EXPECT_THAT(message(list.error()), HasSubstr("is a map (range-csv), no list of bans"));
}

TEST(Pfx2as, HasTheOriginSeenMost) {
    constexpr std::string_view kRows =
        "192.0.2.0\t24\t64500\n198.51.100.0\t24\t64501_64502\n2001:db8::\t32\t64503\n"
        "203.0.113.0\t24\t64504,64505\n192.0.2.1\t24\t1\n192.0.2.0\t24\nx\t24\t1\n"
        "192.0.2.0\t24\t0\n";
    EXPECT_EQ(read(kRows),
              "192.0.2.0/24 AS64500\n198.51.100.0/24 AS64501\n2001:db8::/32 AS64503\n"
              "! 4 has a set of AS numbers, which names no one of them\n"
              "! 5 does not begin with an address and a prefix length\n"
              "! 6 has not three columns between tabs\n"
              "! 7 does not begin with an address and a prefix length\n"
              "! 8 has no AS number in its third column\n");
    EXPECT_EQ(read(kRows), read(kRows, "pfx2as"));
}

constexpr std::string_view kLocations =
    "geoname_id,locale_code,continent_code,continent_name,country_iso_code,country_name,x\n"
    "49518,en,AF,Africa,RW,Rwanda,0\n6255148,en,EU,Europe,,,0\n2921044,en,EU,Europe,DE,Germany,1\n";
constexpr std::string_view kBlocks =
    "network,geoname_id,registered_country_geoname_id,represented_country_geoname_id,"
    "is_anonymous_proxy,is_satellite_provider,is_anycast\n"
    "192.0.2.0/24,49518,2921044,,0,0,\n198.51.100.0/24,,2921044,,0,0,\n203.0.113.0/25,,,,1,0,\n"
    "203.0.113.128/25,6255148,,,0,0,\n2001:db8::/32,1,,,0,0,\n192.0.2.1/24,49518,,,0,0,\n";

TEST(GeoliteCsv, JoinsLocationsAndBlocks) {
    const std::string both = std::string{kLocations} + std::string{kBlocks};
    EXPECT_EQ(read(both),
              "192.0.2.0/24 country:RW\n198.51.100.0/24 country:DE\n"
              "! 10 is of a place that no Locations file has\n"
              "! 11 does not begin with a prefix\n");
    EXPECT_THAT(read(kBlocks), HasSubstr("countries stand in another file"));
    EXPECT_THAT(read("a,b\n", "geolite-csv"), HasSubstr("does not name its columns"));
    EXPECT_THAT(read("network,is_anonymous_vpn\n", "geolite-csv"), HasSubstr("other columns"));
}

TEST(GeoliteCsv, HasTheFileOfAsNumbersByItself) {
    EXPECT_EQ(read("network,autonomous_system_number,autonomous_system_organization\n"
                   "192.0.2.0/24,64500,\"Example, Inc.\"\n192.0.3.0/24,x,y\n",
                   "geolite-csv"),
              "192.0.2.0/24 AS64500\n! 3 has no AS number\n");
}

}  // namespace
}  // namespace ostrakon::feed
