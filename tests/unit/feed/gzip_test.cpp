// Lists packed with gzip: whole, cut off, damaged, and bombs.
#include "read.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

namespace ostrakon::feed {
namespace {

using ::testing::HasSubstr;

std::string packed(std::string_view text) {
    constexpr int kGzipWindowBits = 16 + MAX_WBITS;
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipWindowBits, MAX_MEM_LEVEL,
                 Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

TEST(PackedList, IsReadAsIfItWereNot) {
    EXPECT_EQ(entries_of(read(packed("192.0.2.7\n192.0.2.8\n"))), "1 192.0.2.7\n2 192.0.2.8\n");
    EXPECT_EQ(read(packed("subject\n192.0.2.7\n"))->format, "csv");
    EXPECT_EQ(entries_of(read(packed(""), "plain")), "");
}

TEST(PackedList, MayHaveSeveralMembersAndRubbishBehindThem) {
    const std::string two = packed("192.0.2.7\n") + packed("192.0.2.8\n");
    EXPECT_EQ(entries_of(read(two)), "1 192.0.2.7\n2 192.0.2.8\n");
    EXPECT_EQ(entries_of(read(two + "rubbish")), "1 192.0.2.7\n2 192.0.2.8\n");
}

TEST(PackedList, IsRefusedWhereItIsCutOffOrDamaged) {
    std::string text;
    for (int i = 0; i < 1000; ++i) {
        text += fmt::format("192.0.{}.{}\n", i % 250, i * 7 % 251);
    }
    const std::string whole = packed(text);
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
    const std::string bomb = packed(std::string(100 * kSizeMax, '\n'));
    EXPECT_LT(bomb.size(), kSizeMax);
    EXPECT_THAT(read_at_most(bomb), HasSubstr("has more than 1048576 bytes unpacked"));
    EXPECT_EQ(read_at_most(packed(std::string(kSizeMax, '\n'))), "");
    EXPECT_THAT(read_at_most(packed(std::string(kSizeMax + 1, '\n'))), HasSubstr("unpacked"));
    EXPECT_THAT(read_at_most(packed(std::string(kSizeMax, '\n')) + packed("\n")),
                HasSubstr("unpacked"));
    EXPECT_THAT(refusal_of(read(packed(packed("192.0.2.7\n")))), HasSubstr("gzip twice"));
}

}  // namespace
}  // namespace ostrakon::feed
