// Which format a list is taken for, and what is no list at all.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>

namespace ostrakon::feed {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using namespace std::string_view_literals;

TEST(List, IsRecognisedByWhatStandsInIt) {
    struct Case {
        std::string_view bytes;
        std::string_view format;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"", "plain"},
        {"192.0.2.7\n", "plain"},
        {"# subject,reason\n192.0.2.7\n", "plain"},
        {"subject,reason\n192.0.2.7,spam\n", "csv"},
        {"\xEF\xBB\xBF# exported\r\n\r\n \"Reason\" , \"Subject\"\r\n", "csv"},
        {"subject\n192.0.2.7\n", "csv"},
        {"ip,reason\n192.0.2.7,spam\n", "plain"},
        {"[]", "json"},
        {" \n[ {\"subject\": \"192.0.2.7\"} ]", "json"},
        {"; Spamhaus DROP List 2026/08/22\n; EOF\n", "spamhaus-drop"},
        {"192.0.2.0/24 ; SBL1\n; EOF\n", "spamhaus-drop"},
        {"192.0.2.0/24 ; spam\n", "plain"},
        {"{\"type\":\"metadata\",\"size\":0,\"records\":0}\n", "spamhaus-json"},
        {"# a list\n#$DATASET ip4set @\n192.0.2.7\n", "rbldnsd"},
        {"$TTL 300\n$1 text\n192.0.2.7\n", "plain"},
        {"#$Id: list$\n:t:192.0.2.7\n", "plain"},
        {"::1\n", "plain"},
        {"# counts\n192.0.2.7\t8\n", "iplist"},
        {"127.0.0.1  localhost\n", "hosts"},
        {"[Adblock Plus 2.0]\n! Title\n||example.com^\n", "domains"},
        {"address=/example.com/#\n", "domains"},
        {"https://example.com/a\n", "urllist"},
        {"# abuse.ch\n#\n\"first_seen_utc\",\"dst_ip\",\"c2_status\"\n# END 0 entries\n",
         "abusech-csv"},
        {"# DShield\n192.0.2.0\t192.0.2.255\t24\t116\tEXAMPLE\tXX\tx@example.com\n", "dshield"},
        {"ExitNode 00\nExitAddress 192.0.2.7 2026-01-01 00:00:00\n", "tor-exit-addresses"},
        {"add bans 192.0.2.7\n", "ipset-save"},
        {"ALL: 192.0.2.7\n", "hosts-deny"},
        {"bad.example CNAME .\n", "rpz"},
        {"192.0.2.0/24 REJECT Spam\n", "postfix"},
    });
    for (const auto& [bytes, format] : kCases) {
        const auto list = read(bytes);
        ASSERT_TRUE(list) << refusal_of(list);
        EXPECT_EQ(list->format, format) << bytes;
        EXPECT_TRUE(list->is_recognised);
    }
    EXPECT_FALSE(read("", "plain")->is_recognised);
}

TEST(List, OfAnUnknownFormatNamesThoseThatAreKnown) {
    EXPECT_THAT(
        refusal_of(read("", "mbox")),
        AllOf(HasSubstr("format \"mbox\": is not known to this version (known are plain, csv, "
                        "csv:COLUMN, json, "),
              HasSubstr(", fail2ban, arf, mmdb, rir, range-csv, asn-tsv, pfx2as, geolite-csv)")));
    EXPECT_THAT(refusal_of(read("", "plain:x")), HasSubstr("format \"plain:x\": is not known"));
}

TEST(List, IsRefusedAsAWholeWhereItIsNone) {
    struct Case {
        std::string_view bytes;
        std::string_view why;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"<!doctype html><html>", "is a web page"},
        {"\n  <html>\n192.0.2.7\n", "is a web page"},
        {"{\"status\":500,\"message\":\"Internal Server Error\"}", "is a JSON document"},
        {"\x1F\x8B\x08\0\0\0\0\0"sv, "is packed with gzip, and damaged or cut off"},
        {"\x28\xB5\x2F\xFD"sv, "is packed with zstd, and damaged or cut off"},
        {"\xFD"
         "7zXZ\0"sv,
         "is packed with xz"},
        {"PK\x03\x04", "is packed with zip, and damaged or cut off"},
        {"\xFF\xFE"
         "1\0009\0"sv,
         "is UTF-16 text (turn it into UTF-8 first: iconv"},
        {"\xFE\xFF\0001\0009"sv, "is UTF-16 text"},
        {"1\0009\0002\000.\0000\000.\0002\000.\0007\000\r\0\n\0"sv, "is UTF-16 text"},
    });
    for (const auto& [bytes, why] : kCases) {
        for (const auto format : {""sv, "plain"sv, "csv"sv, "spamhaus-drop"sv}) {
            const auto list = read(bytes, format);
            ASSERT_FALSE(list) << why << " as " << format;
            EXPECT_EQ(list.error().code, ErrorCode::Usage);
            EXPECT_THAT(message(list.error()), HasSubstr("list.txt: ")) << format;
            EXPECT_THAT(message(list.error()), HasSubstr(why)) << format;
        }
    }
    EXPECT_THAT(refusal_of(read("[{\"subject\":\"192.0.2.7\"}]", "plain")),
                HasSubstr("--format json"));
}

TEST(List, NamesItsFormatsForHelpTexts) {
    std::string names;
    for (const FormatName& format : format_names()) {
        names += std::string{format.name} + " ";
        EXPECT_FALSE(format.summary.empty());
    }
    EXPECT_EQ(
        names,
        "plain csv csv:COLUMN json ndjson:KEY iplist domains hosts urllist rpz dnsbl-zone "
        "spamhaus-drop "
        "spamhaus-json spamhaus-asn abusech-csv dshield tor-exit-addresses abuseipdb-json rbldnsd "
        "rbldnsd:TYPE ipset-save nft-json crowdsec-json postfix pcre-table hosts-deny postfix-log "
        "fail2ban arf mmdb rir range-csv asn-tsv pfx2as geolite-csv ");
}

}  // namespace
}  // namespace ostrakon::feed
