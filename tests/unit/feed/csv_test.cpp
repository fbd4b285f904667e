// csv lists: columns by name, quotes, embedded line ends, and rows that cannot be read.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

TEST(CsvList, TakesColumnsByTheirNames) {
    const auto list = read(
        "Until,subject,Reason,CLASS,code,evidence\n"
        "2027-01-31,192.0.2.7,spam,isp,127.0.0.9,header\n"
        ",example.com,,,,\n"
        "2027-01-31T18:00:00+01:00,2001:db8::/48,,allow,,\n",
        "csv");
    EXPECT_EQ(entries_of(list),
              "2 192.0.2.7 class=isp code=127.0.0.9 reason=spam until=2027-01-31T00:00:00Z "
              "evidence=header\n"
              "3 example.com\n"
              "4 2001:db8::/48 class=allow until=2027-01-31T17:00:00Z\n");
    EXPECT_EQ(rejects_of(list), "");
}

TEST(CsvList, UnderstandsQuotesAndLineEndsWithinThem) {
    const auto list = read(
        "\xEF\xBB\xBFsubject,reason,evidence\r\n"
        "# a comment, with commas\r\n"
        "\r\n"
        "\"192.0.2.1\", \"says \"\"hello\"\", twice\" ,plain\r\n"
        "192.0.2.2,\"two\r\nlines\",\"\"\r\n"
        "192.0.2.3,a \"quote\" within,x",
        "csv");
    EXPECT_EQ(entries_of(list),
              "4 192.0.2.1 reason=says \"hello\", twice evidence=plain\n"
              "5 192.0.2.2 reason=two\r\nlines\n"
              "7 192.0.2.3 reason=a \"quote\" within evidence=x\n");
    EXPECT_EQ(rejects_of(list), "");
}

TEST(CsvList, EndsItsLinesInAnyWay) {
    EXPECT_EQ(entries_of(read("subject,reason\r192.0.2.1,a\r192.0.2.2,\"b\rc\"\r192.0.2.3,d")),
              "2 192.0.2.1 reason=a\n3 192.0.2.2 reason=b\rc\n5 192.0.2.3 reason=d\n");
}

TEST(CsvList, RejectsARowWithItsNumberTextAndReason) {
    struct Case {
        std::string_view row;
        std::string_view why;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"192.0.2.7/24,ip,,spam,", "the network is 192.0.2.0/24"},
        {",ip,,spam,", "is empty"},
        {"192.0.2.7,ip,,spam", "has 4 fields where the first line names 5"},
        {"192.0.2.7,ip,,spam, more,", "has 6 fields where the first line names 5"},
        {"192.0.2.7,No Class,,spam,", "class \"No Class\": is not one"},
        {"192.0.2.7,ip,127.0.0.1,spam,", "code \"127.0.0.1\": can be no answer"},
        {"192.0.2.7,ip,10.0.0.1,spam,", "code \"10.0.0.1\": can be no answer"},
        {"192.0.2.7,ip,2,spam,", "code \"2\": can be no answer"},
        {"192.0.2.7,ip,,spam,tomorrow", "until \"tomorrow\": is no date"},
        {"192.0.2.7,ip,,\"spam\" again,", "text behind a closing quote"},
    });
    for (const auto& [row, why] : kCases) {
        const auto list = read("subject,class,code,reason,until\n192.0.2.1,,,,\n" +
                               std::string{row} + "\n192.0.2.3,,,,\n");
        EXPECT_EQ(entries_of(list), "2 192.0.2.1\n4 192.0.2.3\n") << row;
        EXPECT_THAT(rejects_of(list), HasSubstr("3 [")) << row;
        EXPECT_THAT(rejects_of(list), HasSubstr(why)) << row;
    }
    EXPECT_THAT(
        rejects_of(read("subject,reason\n192.0.2.1," + std::string(kReasonSizeMax + 1, 'x'))),
        HasSubstr("reason: has 4097 bytes, more than 4096"));
}

TEST(CsvList, IsRefusedAsAWholeWhereItsColumnsCannotBeTrusted) {
    struct Case {
        std::string_view bytes;
        std::string_view why;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"", "list.txt: is empty (the first line names the columns"},
        {"ip,reason\n192.0.2.7,spam\n",
         "list.txt:1: column \"ip\" is not known (the first line names the columns"},
        {"subject,untill\n192.0.2.7,2027-01-31\n", "column \"untill\" is not known"},
        {"reason,class\nspam,ip\n", "no column is named subject"},
        {"# x\nsubject,reason,Subject\n", "list.txt:2: column \"subject\" is named twice"},
        {"subject;reason\n192.0.2.7;spam\n", "(columns are separated by commas)"},
        {"subject,reason\n192.0.2.1,a\n192.0.2.2,\"b\n192.0.2.3,c\n",
         "list.txt:3: has a quote that is never closed"},
    });
    for (const auto& [bytes, why] : kCases) {
        EXPECT_THAT(refusal_of(read(bytes, "csv")), HasSubstr(why));
    }
}

}  // namespace
}  // namespace ostrakon::feed
