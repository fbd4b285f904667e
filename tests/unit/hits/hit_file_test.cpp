// The file that keeps counts of hits: what was written comes back, and nothing else does.
#include "ostrakon/hits/hit_file.hpp"

#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <string>

namespace ostrakon::hits {
namespace {

using testing::HasSubstr;

class HitFile : public testing::Test {
protected:
    std::filesystem::path file() const { return directory_.path() / "hits"; }

    std::string bytes() const {
        std::ifstream in(file(), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void write_bytes(const std::string& text) const {
        std::ofstream(file(), std::ios::binary) << text;
    }

    static Counts some_counts() {
        return {{1'800'000'000},
                {1'800'000'600},
                {{2, mark_of("192.0.2.7"), 5, {1'800'000'500}},
                 {9, mark_of("example.com"), 1, {1'800'000'100}}}};
    }

    test::TemporaryDirectory directory_;
};

TEST_F(HitFile, GivesBackWhatWasWritten) {
    const auto none = read_counts(file());
    ASSERT_TRUE(none);
    EXPECT_FALSE(*none);
    const Counts counts = some_counts();
    for (int i = 0; i < 2; ++i) {  // the second replaces the first
        ASSERT_TRUE(write_counts(file(), counts));
        const auto read = read_counts(file());
        ASSERT_TRUE(read && *read);
        EXPECT_EQ((*read)->since, counts.since);
        EXPECT_EQ((*read)->saved, counts.saved);
        EXPECT_EQ((*read)->counters, counts.counters);
    }
    EXPECT_EQ(counts.find(2, "192.0.2.7")->hits, 5U);
    EXPECT_EQ(counts.find(2, "192.0.2.8"), nullptr) << "listing 2 of another database";
    EXPECT_EQ(counts.find(3, "192.0.2.7"), nullptr);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_.path()), {}), 1);
}

TEST_F(HitFile, IsRefusedWithAnyByteAnother) {
    ASSERT_TRUE(write_counts(file(), some_counts()));
    const std::string good = bytes();
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 0x10);
        write_bytes(bad);
        const auto read = read_counts(file());
        ASSERT_FALSE(read) << "byte " << at;
        EXPECT_THAT(message(read.error()), HasSubstr("hits: ")) << "it is named";
    }
}

TEST_F(HitFile, IsRefusedWhereItIsCutOffOrLonger) {
    ASSERT_TRUE(write_counts(file(), some_counts()));
    const std::string good = bytes();
    for (std::size_t size = 0; size < good.size(); ++size) {
        write_bytes(good.substr(0, size));
        ASSERT_FALSE(read_counts(file())) << size << " bytes";
    }
    write_bytes(good + std::string(24, '\0'));
    EXPECT_FALSE(read_counts(file()));
}

TEST_F(HitFile, IsReadSafelyWhateverItHolds) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    for (int i = 0; i < 200; ++i) {
        std::string text = i % 2 == 0 ? "OSTRHIT1" : "";
        const std::size_t size = random() % 200;
        for (std::size_t at = 0; at < size; ++at) {
            text.push_back(static_cast<char>(random()));
        }
        write_bytes(text);
        ASSERT_FALSE(read_counts(file()));
    }
}

TEST_F(HitFile, IsNoDirectoryOrLink) {
    std::filesystem::create_directory(file());
    EXPECT_FALSE(read_counts(file()));
    EXPECT_FALSE(write_counts(file(), some_counts()));
    std::filesystem::remove(file());
    std::filesystem::create_symlink("/dev/zero", file());
    EXPECT_FALSE(read_counts(file()));
    EXPECT_TRUE(write_counts(file(), some_counts())) << "takes the link's place";
    EXPECT_TRUE(read_counts(file()));
}

TEST_F(HitFile, ThatCannotBeWrittenIsSaid) {
    const auto written = write_counts(directory_.path() / "none" / "hits", some_counts());
    ASSERT_FALSE(written);
    EXPECT_THAT(message(written.error()), HasSubstr("none/hits"));
}

}  // namespace
}  // namespace ostrakon::hits
