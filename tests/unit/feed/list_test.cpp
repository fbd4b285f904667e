// Which format a list is taken for, and what is no list at all.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>

namespace ostrakon::feed {
namespace {

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
        HasSubstr(
            "format \"mbox\": is not known to this version (known are plain, csv, json, "
            "spamhaus-drop, spamhaus-json, spamhaus-asn, rbldnsd, rbldnsd:TYPE, postfix-log, fail2ban, arf, "
            "mmdb, rir, range-csv, asn-tsv)"));
    EXPECT_THAT(refusal_of(read("", "csv:x")), HasSubstr("format \"csv:x\": is not known"));
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
        {"\x28\xB5\x2F\xFD"sv, "is packed with zstd"},
        {"\xFD"
         "7zXZ\0"sv,
         "is packed with xz"},
        {"PK\x03\x04", "spreadsheet"},
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
    EXPECT_EQ(names,
              "plain csv json spamhaus-drop spamhaus-json spamhaus-asn rbldnsd rbldnsd:TYPE postfix-log "
              "fail2ban arf mmdb rir "
              "range-csv asn-tsv ");
}

}  // namespace
}  // namespace ostrakon::feed
