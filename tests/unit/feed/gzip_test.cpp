// Lists packed with gzip: whole, cut off, damaged, and bombs.
#include "support/gzip.hpp"
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::feed {
namespace {

using test::gzip;
using ::testing::HasSubstr;

TEST(PackedList, IsReadAsIfItWereNot) {
    EXPECT_EQ(entries_of(read(gzip("192.0.2.7\n192.0.2.8\n"))), "1 192.0.2.7\n2 192.0.2.8\n");
    EXPECT_EQ(read(gzip("subject\n192.0.2.7\n"))->format, "csv");
    EXPECT_EQ(entries_of(read(gzip(""), "plain")), "");
}

TEST(PackedList, MayHaveSeveralMembersAndRubbishBehindThem) {
    const std::string two = gzip("192.0.2.7\n") + gzip("192.0.2.8\n");
    EXPECT_EQ(entries_of(read(two)), "1 192.0.2.7\n2 192.0.2.8\n");
    EXPECT_EQ(entries_of(read(two + "rubbish")), "1 192.0.2.7\n2 192.0.2.8\n");
}

TEST(PackedList, IsRefusedWhereItIsCutOffOrDamaged) {
    std::string text;
    for (int i = 0; i < 1000; ++i) {
        text += fmt::format("192.0.{}.{}\n", i % 250, i * 7 % 251);
    }
    const std::string whole = gzip(text);
    for (std::size_t size = 2; size < whole.size(); size += 37) {
        EXPECT_THAT(refusal_of(read(whole.substr(0, size))), HasSubstr("damaged or cut off"));
    }
    EXPECT_THAT(refusal_of(read(whole.substr(0, whole.size() - 1))),
                HasSubstr("damaged or cut off"));
    std::string damaged = whole;
    damaged[damaged.size() - 6] = static_cast<char>(damaged[damaged.size() - 6] ^ 1);  // its CRC
    EXPECT_THAT(refusal_of(read(damaged)), HasSubstr("damaged or cut off"));
}

TEST(PackedList, IsRefusedWhereItIsABomb) {
    constexpr std::size_t kSizeMax = std::size_t{1} << 20;
    const auto read_at_most = [](const std::string& bytes) {
        return refusal_of(read_list({.file = "list.txt",
                                     .bytes = bytes,
                                     .size_max = kSizeMax,
                                     .format = "plain",
                                     .progress = {}}));
    };
    const std::string bomb = gzip(std::string(100 * kSizeMax, '\n'));
    EXPECT_LT(bomb.size(), kSizeMax);
    EXPECT_THAT(read_at_most(bomb), HasSubstr("has more than 1048576 bytes unpacked"));
    EXPECT_EQ(read_at_most(gzip(std::string(kSizeMax, '\n'))), "");
    EXPECT_THAT(read_at_most(gzip(std::string(kSizeMax + 1, '\n'))), HasSubstr("unpacked"));
    EXPECT_THAT(read_at_most(gzip(std::string(kSizeMax, '\n')) + gzip("\n")),
                HasSubstr("unpacked"));
    EXPECT_THAT(refusal_of(read(gzip(gzip("192.0.2.7\n")))), HasSubstr("gzip twice"));
}

}  // namespace
}  // namespace ostrakon::feed
