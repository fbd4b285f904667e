// plain lists as they come: line ends, comments, marks, damage.
#include "read.hpp"
#include "support/allocation_counter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;
using namespace std::string_view_literals;

TEST(PlainList, HasOneSubjectALineAndComments) {
    const auto list = read(
        "# a comment\n"
        "192.0.2.7\n"
        "; another\n"
        "\n"
        "  192.0.2.0/24\t \n"
        "192.0.2.10-192.0.2.90 # behind\n"
        "2001:db8::7;behind\n"
        "   \n"
        "Example.COM.\n"
        "=mail.example.com\n"
        "*.example.net\n"
        "bücher.example",
        "plain");
    EXPECT_EQ(entries_of(list),
              "2 192.0.2.7\n"
              "5 192.0.2.0/24\n"
              "6 192.0.2.10-192.0.2.90\n"
              "7 2001:db8::7\n"
              "9 example.com\n"
              "10 =mail.example.com\n"
              "11 *.example.net\n"
              "12 xn--bcher-kva.example\n");
    EXPECT_EQ(rejects_of(list), "");
}

TEST(PlainList, EndsItsLinesInAnyWay) {
    for (const auto bytes : {"192.0.2.1\n\n192.0.2.3\n"sv, "192.0.2.1\r\n\r\n192.0.2.3\r\n"sv,
                             "192.0.2.1\r\r192.0.2.3"sv, "192.0.2.1\n\r192.0.2.3"sv,
                             "\xEF\xBB\xBF"
                             "192.0.2.1\n\r\n192.0.2.3"sv}) {
        EXPECT_EQ(entries_of(read(bytes)), "1 192.0.2.1\n3 192.0.2.3\n")
            << testing::PrintToString(bytes);
    }
    EXPECT_EQ(entries_of(read("")), "");
    EXPECT_EQ(entries_of(read("\n\n\r\n")), "");
    EXPECT_EQ(entries_of(read("\xEF\xBB\xBF")), "");
}

TEST(PlainList, KeepsAnIpv6AddressAsItIs) {
    EXPECT_EQ(entries_of(read("2001:db8::7\n::ffff:192.0.2.7\n")), "1 2001:db8::7\n2 192.0.2.7\n");
}

TEST(PlainList, RejectsALineWithItsNumberTextAndReason) {
    struct Case {
        std::string_view line;
        std::string_view text;
        std::string_view why;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"192.0.2.7/24", "192.0.2.7/24", "the network is 192.0.2.0/24"},
        {"193.", "193.", "empty octet"},
        {"95.32.221.040", "95.32.221.040", "write 95.32.221.40"},
        {"192.0.2.1 192.0.2.2", "192.0.2.1 192.0.2.2", "more than one word"},
        {"192.0.2.1\t8", "192.0.2.1\\t8", "more than one word"},
        {"error code: 520", "error code: 520", "more than one word"},
        {"0.0.0.0 example.com", "0.0.0.0 example.com", "hosts file"},
        {"127.0.0.1  localhost", "127.0.0.1  localhost", "hosts file"},
        {"192.0.2.7:80", "192.0.2.7:80", "has a port (write 192.0.2.7 alone)"},
        {"http://www.example.com/a", "http://www.example.com/a",
         "is a URL (write its host alone: www.example.com)"},
        {"!192.0.2.7", "!192.0.2.7", "begins with !"},
        {"\"192.0.2.7\",\"80\"", "\"192.0.2.7\",\"80\"", "is in quotes, as in csv"},
        {"exa mple", "exa mple", "more than one word"},
        {"exa\x01mple.com", "exa\\x01mple.com", "control character"},
        {"AS0", "AS0", "is no AS number"},
        {"\0\0\0\0"sv, "\\x00\\x00\\x00\\x00", "zero bytes"},
        {"192.0.2.7\0"sv, "192.0.2.7\\x00", "zero bytes"},
        {"b\xFC"
         "cher.example",
         "b\\xFCcher.example", ""},
    });
    for (const auto& [line, text, why] : kCases) {
        const std::string bytes = "192.0.2.1\n" + std::string{line} + "\n192.0.2.3";
        const auto list = read(bytes, "plain", false);
        EXPECT_EQ(entries_of(list), "1 192.0.2.1\n3 192.0.2.3\n") << text;
        EXPECT_THAT(rejects_of(list), HasSubstr(fmt::format("2 [{}] ", text)));
        EXPECT_THAT(rejects_of(list), HasSubstr(why)) << text;
        EXPECT_EQ(list->contents.rejected, 1U);
    }
}

TEST(PlainList, SkipsOverLongLinesAndShowsTheirBeginning) {
    const auto list = read("192.0.2.1\n" + std::string(kLineSizeMax + 1, '9') + "\n192.0.2.3\n");
    EXPECT_EQ(entries_of(list), "1 192.0.2.1\n3 192.0.2.3\n");
    ASSERT_EQ(list->contents.rejects.size(), 1U);
    EXPECT_EQ(list->contents.rejects.front().text.size(), kRejectTextSizeMax);
    EXPECT_THAT(list->contents.rejects.front().why, HasSubstr("4097 bytes, more than 4096"));
}

TEST(PlainList, CountsAllRejectsAndKeepsTheFirst) {
    std::string bytes;
    for (int i = 0; i < 1000; ++i) {
        bytes += "not an entry\n";
    }
    const auto list = read(bytes);
    EXPECT_EQ(list->contents.rejected, 1000U);
    EXPECT_EQ(list->contents.rejects.size(), kRejectsKeptMax);
    EXPECT_EQ(list->contents.rejects.back().line, 100U);
}

TEST(PlainList, AllocatesNothingForALineOfAnAddress) {
    const auto allocations_of = [](int lines) {
        std::string bytes;
        for (int i = 0; i < lines; ++i) {
            bytes += i % 4 == 0 ? "2001:db8:1234:5678:9abc:def0:1234:5678\n" : "192.0.2.7\n";
        }
        const auto before = test::allocation_count();
        EXPECT_TRUE(read(bytes, "plain"));
        return test::allocation_count() - before;
    };
    constexpr std::uint64_t kGrowthMax = 20;  // of the list as a whole, by doubling
    EXPECT_LT(allocations_of(100'000), allocations_of(100) + kGrowthMax);
}

TEST(PlainList, ReportsProgress) {
    std::string bytes;
    for (int i = 0; i < 200'000; ++i) {
        bytes += "192.0.2.1\n";
    }
    std::uint64_t last = 0;
    const auto list = read_list({.file = "list.txt",
                                 .bytes = bytes,
                                 .format = "plain",
                                 .progress = [&](std::uint64_t done, std::uint64_t total) {
                                     EXPECT_GT(done, last);
                                     EXPECT_EQ(total, bytes.size());
                                     last = done;
                                 }});
    EXPECT_EQ(list->contents.list.size(), 200'000U);
    EXPECT_GT(last, 0U);
}

}  // namespace
}  // namespace ostrakon::feed
