// Real published lists as their formats read them, counted by other programs: grep counts the lines
// that look like entries, iprange the addresses that they cover.
//
// They lie in the directory that OSTRAKON_TEST_DATA names, as the lists of import_test.cpp.
#include "data_real/counted_lists.hpp"
#include "ostrakon/feed/list.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace ostrakon::test {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& file) {
    std::ifstream stream{file, std::ios::binary};
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

std::uint64_t covered_addresses(std::vector<policy::ImportEntry<net::Ipv4Range>> entries) {
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.subject < b.subject; });
    std::uint64_t covered = 0;
    std::uint64_t next = 0;  // the first address that was not counted
    for (const auto& entry : entries) {
        const std::uint64_t first = std::max<std::uint64_t>(next, entry.subject.first.bits);
        const std::uint64_t behind = std::uint64_t{entry.subject.last.bits} + 1;
        covered += behind > first ? behind - first : 0;
        next = std::max(next, behind);
    }
    return covered;
}

class RealFormat : public ::testing::Test {
protected:
    void SetUp() override {
        const char* const directory = std::getenv("OSTRAKON_TEST_DATA");
        if (directory == nullptr || *directory == '\0') {
            GTEST_SKIP() << "OSTRAKON_TEST_DATA names no directory with real lists";
        }
        data_ = directory;
    }
    Result<feed::ReadList> read(std::string_view file, std::string_view format,
                                bool is_feed = true) const {
        const std::string bytes = bytes_of(data_ / file);
        return feed::read_list(
            {.file = file, .bytes = bytes, .format = format, .is_feed = is_feed, .progress = {}});
    }
    fs::path data_;
};

TEST_F(RealFormat, FindsAsManyEntriesAsGrep) {
    for (const CountedList& counted : kCounted) {
        SCOPED_TRACE(counted.file);
        const auto list = read(counted.file, counted.format, counted.is_feed);
        ASSERT_TRUE(list) << message(list.error());
        const std::uint64_t entries = list->contents.list.line_count();
        const std::uint64_t lines = grep_count(data_ / counted.file, counted.lines);
        fmt::print("{:<45} {:<14} {:>6} entries {:>5} rejected {:>6} by grep\n", counted.file,
                   counted.format, entries, list->contents.rejected, lines);
        EXPECT_GT(lines, 0U);
        EXPECT_LE(entries, lines);
        EXPECT_GE(static_cast<double>(entries),
                  static_cast<double>(lines) * (1 - counted.rejected_max));
    }
}

TEST_F(RealFormat, CoversAsManyAddressesAsIprangeSays) {
    if (output_of("command -v iprange").empty()) {
        GTEST_SKIP() << "iprange is not installed";
    }
    for (const CountedList& counted : kCounted) {
        if (!counted.has_addresses) {
            continue;
        }
        SCOPED_TRACE(counted.file);
        const auto list = read(counted.file, counted.format);
        ASSERT_TRUE(list) << message(list.error());
        // "ENTRIES,ADDRESSES"
        const std::string said =
            output_of(fmt::format("iprange --count-unique '{}'", (data_ / counted.file).string()));
        EXPECT_EQ(covered_addresses(list->contents.list.ipv4),
                  std::strtoull(said.substr(said.find(',') + 1).c_str(), nullptr, 10))
            << said;
    }
}

TEST_F(RealFormat, IsRecognisedAsWhatItIs) {
    for (const CountedList& counted : kCounted) {
        if (counted.format != "hosts" && counted.format != "hosts-deny" &&
            counted.format != "rpz" && counted.format != "ipset-save" &&
            counted.format != "abusech-csv" && counted.format != "spamhaus-drop") {
            continue;
        }
        const auto list = read(counted.file, "");
        ASSERT_TRUE(list) << counted.file << ": " << message(list.error());
        EXPECT_EQ(list->format, counted.format) << counted.file;
    }
}

TEST_F(RealFormat, RefusesWhatServersSentInPlaceOfAList) {
    for (const char* file :
         {"failures/drop-cloudflare-520-then-502/02-bad.txt",
          "failures/drop-cloudflare-520-then-502/03-bad.txt", "failures/rate-limit-message.txt"}) {
        for (const char* format : {"", "plain", "iplist", "spamhaus-drop", "domains"}) {
            EXPECT_FALSE(read(file, format)) << file << " as " << format;
        }
    }
}

}  // namespace
}  // namespace ostrakon::test
