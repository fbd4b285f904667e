// Tables of others, of which one column is named.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

TEST(CsvColumn, IsNamedOrCounted) {
    constexpr std::string_view kTable =
        "# comment\nScore,IP,Comment\n9,192.0.2.7,\"spam, much\"\n8,192.0.2.8\n7\n8,x y,z\n";
    for (const auto format : {"csv:ip", "csv:2"}) {
        const auto list = read(kTable, format);
        EXPECT_EQ(entries_of(list), "3 192.0.2.7\n4 192.0.2.8\n") << format;
        EXPECT_EQ(list->contents.rejected, 2U);
    }
    EXPECT_EQ(entries_of(read(kTable, "csv:ip,comment")),
              "3 192.0.2.7 reason=spam, much\n4 192.0.2.8\n");
    EXPECT_EQ(entries_of(read("192.0.2.7;x\n192.0.2.8;y\n", "csv:1,2")),
              "1 192.0.2.7 reason=x\n2 192.0.2.8 reason=y\n");
    EXPECT_EQ(entries_of(read("ip\tn\n192.0.2.7\t\"a\"\n", "csv:ip,n")), "2 192.0.2.7 reason=a\n");
    EXPECT_EQ(entries_of(read("a|ip\n|192.0.2.7\n", "csv:ip")), "2 192.0.2.7\n");
    EXPECT_EQ(entries_of(read("a\tip\n\t192.0.2.7\n", "csv:ip")), "2 192.0.2.7\n");
}

TEST(CsvColumn, ThatIsNotThereIsRefused) {
    EXPECT_THAT(refusal_of(read("a,b\n1,2\n", "csv:ip")), HasSubstr("has no column \"ip\""));
    EXPECT_THAT(refusal_of(read("ip,b\n1,2\n", "csv:ip,why")), HasSubstr("has no column \"why\""));
    EXPECT_THAT(refusal_of(read("a\n", "csv:0")), HasSubstr("names no column"));
    EXPECT_THAT(refusal_of(read("a\n", "csv:1,")), HasSubstr("names no column"));
    EXPECT_THAT(refusal_of(read("ip,b\n192.0.2.7,\"x\n", "csv:ip")), HasSubstr("never closed"));
}

}  // namespace
}  // namespace ostrakon::feed
