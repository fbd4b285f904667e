// The thread that writes the query log: into files that change, and when it ends.
#include "ostrakon/server/query_log.hpp"

#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace ostrakon::server {
namespace {

using testing::HasSubstr;

// A record as short as one can be: the question for the root, no client.
QueryRecordBuffer shortest_record() {
    QueryRecordBuffer record{};
    return record;
}
constexpr std::size_t kHeadSize = 24;
constexpr std::string_view kLine = "1970-01-01T00:00:00Z  . CLASS0/TYPE0 NOERROR - -\n";

config::LogSettings settings_of(const std::filesystem::path& file) {
    config::LogSettings settings;
    settings.queries_file = file.string();
    return settings;
}

QueryLog::Target open_target(const std::filesystem::path& file) {
    auto target = QueryLog::open(settings_of(file));
    EXPECT_TRUE(target && *target);
    return std::move(**target);
}

void put(QueryLog& log, std::size_t worker, int count) {
    const QueryRecordBuffer record = shortest_record();
    for (int i = 0; i < count; ++i) {
        log.ring(worker).put(std::span{record}.first(kHeadSize));
    }
}

std::size_t lines_in(const std::filesystem::path& file) {
    const std::string text = test::read_file(file);
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(QueryLog, HasAllThatAllWorkersPutInByItsEnd) {
    const test::TemporaryDirectory directory;
    const auto file = directory.write("queries.log", "what was there\n");
    QueryLog log{3};
    ASSERT_TRUE(log.take(open_target(file)));
    for (std::size_t worker = 0; worker < 3; ++worker) {
        put(log, worker, 1000);
    }
    log.stop();
    const std::string text = test::read_file(file);
    EXPECT_THAT(text, testing::StartsWith("what was there\n" + std::string{kLine}));
    EXPECT_EQ(lines_in(file), 3001U);
}

TEST(QueryLog, GoesOnInAnotherFile) {
    const test::TemporaryDirectory directory;
    const auto first = directory.path() / "first.log";
    const auto second = directory.path() / "second.log";
    QueryLog log{1};
    ASSERT_TRUE(log.take(open_target(first)));
    put(log, 0, 10);
    log.stop();
    ASSERT_TRUE(log.take(open_target(second)));
    put(log, 0, 20);
    log.stop();
    EXPECT_EQ(lines_in(first), 10U);
    EXPECT_EQ(lines_in(second), 20U);
}

TEST(QueryLog, SaysWhatIsMissing) {
    const test::TemporaryDirectory directory;
    const auto file = directory.path() / "queries.log";
    QueryLog log{1};
    put(log, 0, 1 + static_cast<int>(QueryRing::kSize / kHeadSize));
    ASSERT_GT(log.ring(0).lost(), 0U);
    ASSERT_TRUE(log.take(open_target(file)));
    log.stop();
    EXPECT_THAT(test::read_file(file), HasSubstr(" questions are missing here"));
}

TEST(QueryLog, IsOffWithoutAFileAndSaysWhyItCannotBeOpened) {
    const auto off = QueryLog::open({});
    ASSERT_TRUE(off);
    EXPECT_FALSE(*off);
    const test::TemporaryDirectory directory;
    const auto missing = QueryLog::open(settings_of(directory.path() / "none" / "queries.log"));
    ASSERT_FALSE(missing);
    EXPECT_THAT(message(missing.error()), HasSubstr("[log] queries"));
}

}  // namespace
}  // namespace ostrakon::server
