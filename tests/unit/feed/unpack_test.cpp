// Packed lists: whole, cut off, damaged, and bombs.
#include "read.hpp"
#include "support/gzip.hpp"
#include "support/packed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>

namespace ostrakon::feed {
namespace {

using test::gzip;
using test::packed;
using test::zip;
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
    EXPECT_THAT(refusal_of(read(gzip(gzip("192.0.2.7\n")))),
                HasSubstr("is packed twice, with gzip within"));
}

// The content alone says how a list is packed: read() names none of these files differently.
struct PackedWith {
    std::string_view name;
    std::string (*pack)(std::string_view text);
};
constexpr auto kPackings = std::to_array<PackedWith>({
    {"gzip", [](std::string_view text) { return gzip(text); }},
    {"xz", [](std::string_view text) { return packed("xz", text); }},
    {"zstd", [](std::string_view text) { return packed("zstd", text); }},
    {"bzip2", [](std::string_view text) { return packed("bzip2", text); }},
    {"zip",
     [](std::string_view text) {
         return zip({{"list.txt", std::string{text}}});
     }},
});

TEST(PackedList, IsReadHoweverItIsPacked) {
    for (const auto& [name, pack] : kPackings) {
        SCOPED_TRACE(name);
        EXPECT_EQ(entries_of(read(pack("192.0.2.7\n192.0.2.8\n"))), "1 192.0.2.7\n2 192.0.2.8\n");
        EXPECT_THAT(refusal_of(read(pack(pack("192.0.2.7\n")))),
                    HasSubstr(fmt::format("is packed twice, with {} within", name)));
    }
}

TEST(PackedList, ThatIsCutOffOrDamagedIsRefusedHoweverItIsPacked) {
    std::string text;
    for (int i = 0; i < 1000; ++i) {
        text += fmt::format("192.0.{}.{}\n", i % 250, i * 7 % 251);
    }
    for (const auto& [name, pack] : kPackings) {
        SCOPED_TRACE(name);
        const std::string whole = pack(text);
        for (std::size_t size = 8; size < whole.size(); size += 37) {
            EXPECT_FALSE(read(whole.substr(0, size), "iplist")) << size;
        }
        std::string damaged = whole;
        damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
        EXPECT_FALSE(read(damaged, "iplist"));
    }
}

TEST(PackedList, IsRefusedWhereItIsABombHoweverItIsPacked) {
    const std::string zeros(std::size_t{64} << 20, '\n');
    for (const auto& [name, pack] : kPackings) {
        SCOPED_TRACE(name);
        const std::string bomb = pack(zeros);
        ASSERT_LT(bomb.size() * 200, zeros.size());
        EXPECT_THAT(refusal_of(read(bomb, "plain")), HasSubstr("to less than a 200th of its size"));
        const auto small = read_list({.file = "list.txt",
                                      .bytes = bomb,
                                      .size_max = std::size_t{1} << 20,
                                      .format = "plain",
                                      .progress = {}});
        EXPECT_THAT(refusal_of(small), HasSubstr("has more than 1048576 bytes unpacked"));
    }
}

TEST(PackedList, IsTheOnlyFileOfItsZip) {
    EXPECT_THAT(refusal_of(read(zip({{"a", "192.0.2.7\n"}, {"b", "192.0.2.8\n"}}))),
                HasSubstr("does not hold just one file"));
    EXPECT_THAT(refusal_of(read(zip({{"a/", ""}, {"a/b", "192.0.2.8\n"}}))),
                HasSubstr("does not hold just one file"));
    EXPECT_THAT(refusal_of(read(zip({{"a", "192.0.2.7\n"}}, "secret"))),
                HasSubstr("with a password"));
}

}  // namespace
}  // namespace ostrakon::feed
