// Spamhaus DROP in both its forms: entries with their SBL numbers, and what shows that a file was
// cut off.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kHeader =
    "; Spamhaus DROP List 2026/08/22 - (c) 2026 The Spamhaus Project SLU\n"
    "; https://www.spamhaus.org/drop/drop.txt\n"
    "; Last-Modified: Sat, 22 Aug 2026 15:56:45 GMT\n"
    "; Expires: Sat, 22 Aug 2026 17:14:02 GMT\n";

std::string drop(std::string_view body) {
    return std::string{kHeader} + std::string{body};
}

TEST(SpamhausDrop, HasPrefixesWithTheirNumbers) {
    const auto list = read(drop("192.0.2.0/24 ; SBL256894\r\n2001:db8::/32 ; SBL1\n; EOF\n"));
    EXPECT_EQ(entries_of(list), "5 192.0.2.0/24 reason=SBL256894\n6 2001:db8::/32 reason=SBL1\n");
    EXPECT_EQ(list->format, "spamhaus-drop");
    EXPECT_EQ(entries_of(read(drop("; EOF"), "spamhaus-drop")), "");
}

TEST(SpamhausDrop, RejectsWhatIsNoEntry) {
    const auto list = read(drop("192.0.2.1/24 ; SBL1\n192.0.2.0/24\n192.0.2.0/24 ; "
                                "spam\nexample.com ; SBL2\n198.51.100.0/24 ; SBL3\n; EOF\n"),
                           "spamhaus-drop");
    EXPECT_EQ(entries_of(list), "9 198.51.100.0/24 reason=SBL3\n");
    EXPECT_THAT(rejects_of(list), HasSubstr("5 [192.0.2.1/24] has bits set"));
    EXPECT_THAT(rejects_of(list), HasSubstr("6 [192.0.2.0/24] is no line of this list"));
    EXPECT_THAT(rejects_of(list), HasSubstr("7 [192.0.2.0/24 ; spam] is no line of this list"));
    EXPECT_THAT(rejects_of(list), HasSubstr("8 [example.com ; SBL2] is a name"));
}

TEST(SpamhausDrop, ThatIsCutOffIsRefused) {
    for (const auto& bytes : {std::string{}, drop(""), drop("192.0.2.0/24 ; SBL1\n"),
                              drop("192.0.2.0/24 ; SBL1\n; EO"), std::string{"192.0.2.0/24"}}) {
        EXPECT_THAT(refusal_of(read(bytes, "spamhaus-drop")),
                    HasSubstr("does not end in \"; EOF\""))
            << bytes;
    }
    EXPECT_THAT(refusal_of(read(drop("; EOF\n192.0.2.0/24 ; SBL1\n"), "spamhaus-drop")),
                HasSubstr("list.txt:6: goes on behind \"; EOF\""));
}

std::string with_metadata(std::string_view records, std::size_t size, std::size_t count);

TEST(SpamhausAsn, HasNumbersWithTheirNames) {
    const std::string records =
        R"({"asn":64500,"rir":"arin","domain":"isp.example","cc":"US","asname":"BÄD-ISP"})"
        "\n"
        R"({"asn":64501,"rir":"ripencc","domain":"","cc":"DE","asname":"B"})"
        "\n"
        R"({"asn":"64502"})"
        "\n"
        R"({"asn":4294967296})"
        "\n"
        R"({"cidr":"192.0.2.0/24","sblid":"SBL1"})"
        "\n";
    const auto list = read(with_metadata(records, records.size(), 5));
    EXPECT_EQ(entries_of(list), "1 AS64500 reason=BÄD-ISP, isp.example\n2 AS64501 reason=B\n");
    EXPECT_EQ(list->format, "spamhaus-asn");
    EXPECT_EQ(list->contents.rejected, 3U);
    EXPECT_THAT(refusal_of(read(records, "spamhaus-asn")), HasSubstr("metadata line"));
    const std::string nothing(kReasonSizeMax, 'x');
    const std::string long_line = "{\"asn\":64500,\"asname\":\"" + nothing + "\"}\n";
    EXPECT_EQ(
        read(with_metadata(long_line, long_line.size(), 1), "spamhaus-asn")->contents.rejected, 1U);
}

constexpr std::string_view kRecords = R"({"cidr":"192.0.2.0/24","sblid":"SBL256894","rir":"apnic"})"
                                      "\n"
                                      R"({"cidr":"2001:db8::/32","sblid":"SBL1","rir":null})"
                                      "\n";

std::string with_metadata(std::string_view records, std::size_t size, std::size_t count) {
    return fmt::format(
        "{}{{\"type\":\"metadata\",\"timestamp\":1784798042,\"size\":{},\"records\":{},"
        "\"copyright\":\"(c) 2026\",\"terms\":\"https://www.spamhaus.org/drop/terms/\"}}\n",
        records, size, count);
}

TEST(SpamhausJson, HasPrefixesWithTheirNumbers) {
    const auto list = read(with_metadata(kRecords, kRecords.size(), 2));
    EXPECT_EQ(entries_of(list), "1 192.0.2.0/24 reason=SBL256894\n2 2001:db8::/32 reason=SBL1\n");
    EXPECT_EQ(rejects_of(list), "");
    EXPECT_EQ(list->format, "spamhaus-json");
}

TEST(SpamhausJson, RejectsWhatIsNoEntry) {
    const std::string records = std::string{kRecords} +
                                "{\"cidr\":\"192.0.2.1/24\",\"sblid\":\"SBL2\"}\n"
                                "{\"asn\":64500,\"rir\":\"arin\"}\n"
                                "{\"sblid\":\"SBL2\"}\n"
                                "{\"cidr\":\"198.51.100.0/24\",\"sblid\":7}\n"
                                "{\"cidr\":\"example.com\",\"sblid\":\"SBL7\"}\n"
                                "[]\n"
                                "{\"cidr\":\n";
    const auto list = read(with_metadata(records, records.size(), 9), "spamhaus-json");
    EXPECT_EQ(list->contents.list.size(), 2U);
    EXPECT_THAT(rejects_of(list), HasSubstr("3 [192.0.2.1/24] has bits set"));
    EXPECT_THAT(rejects_of(list),
                HasSubstr("4 [{\"asn\":64500,\"rir\":\"arin\"}] is an AS number; name --format"));
    EXPECT_THAT(rejects_of(list), HasSubstr("5 [{\"sblid\":\"SBL2\"}] has no \"cidr\""));
    EXPECT_THAT(rejects_of(list), HasSubstr("has no \"sblid\""));
    EXPECT_THAT(rejects_of(list),
                HasSubstr("7 [{\"cidr\":\"example.com\",\"sblid\":\"SBL7\"}] is a name"));
    EXPECT_THAT(rejects_of(list), HasSubstr("8 [[]] is no JSON object"));
    EXPECT_THAT(rejects_of(list), HasSubstr("9 [{\"cidr\":] is no JSON object"));
}

TEST(SpamhausJson, ThatDoesNotAddUpIsRefused) {
    struct Case {
        std::string bytes;
        std::string_view why;
    };
    const auto cases = std::to_array<Case>({
        {"", "does not end in the metadata line"},
        {std::string{kRecords}, "does not end in the metadata line"},
        {with_metadata(kRecords, kRecords.size() - 1, 2),
         "has 109 bytes before its metadata, which says 108"},
        {with_metadata(kRecords, kRecords.size(), 3), "has 2 records where its metadata says 3"},
        {std::string{kRecords} + "{\"type\":\"metadata\"}\n",
         "has 2 records where its metadata says 0"},
        {std::string{kRecords} + "{\"type\":\"metadata\",\"size\":-1,\"records\":\"2\"}\n",
         "metadata says 0"},
        {with_metadata(kRecords, kRecords.size(), 2) + std::string{kRecords},
         "list.txt:4: goes on behind its metadata"},
    });
    for (const auto& [bytes, why] : cases) {
        EXPECT_THAT(refusal_of(read(bytes, "spamhaus-json")), HasSubstr(why));
    }
}

}  // namespace
}  // namespace ostrakon::feed
