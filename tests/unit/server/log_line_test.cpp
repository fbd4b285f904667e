// Lines of the log as programs read them, whatever they tell of.
#include "ostrakon/server/log.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>
#include <string>

namespace ostrakon::server {
namespace {

constexpr UnixTime kAt{1'795'370'400};  // 2026-11-22T18:00:00Z

TEST(LogLine, HasItsFieldsInLogfmt) {
    EXPECT_EQ(log_line(LogFormat::Logfmt, kAt, LogLevel::Warn, "feed drop: late", "feed-overdue",
                       {{"feed", "drop"}, {"file", "a b"}}),
              "time=2026-11-22T18:00:00Z level=warn event=feed-overdue feed=drop file=\"a b\" "
              "msg=\"feed drop: late\"");
    EXPECT_EQ(log_line(LogFormat::Logfmt, kAt, LogLevel::Info, "done", "", {}),
              "time=2026-11-22T18:00:00Z level=info msg=done");
}

TEST(LogLine, HasItsFieldsInJson) {
    const auto json = nlohmann::json::parse(
        log_line(LogFormat::Json, kAt, LogLevel::Error, "a \"b\"\\\n", "reload", {{"file", "/x"}}));
    EXPECT_EQ(json["time"], "2026-11-22T18:00:00Z");
    EXPECT_EQ(json["level"], "error");
    EXPECT_EQ(json["event"], "reload");
    EXPECT_EQ(json["file"], "/x");
    EXPECT_EQ(json["msg"], "a \"b\"\\\n");
}

TEST(LogLine, IsTheMessageAloneForPeople) {
    EXPECT_EQ(log_line(LogFormat::Plain, kAt, LogLevel::Error, "a b", "reload", {{"file", "/x"}}),
              "a b");
}

// What names and paths hold is anybody's: one line, and what reads JSON can read it.
TEST(LogLine, IsOneLineOfValidTextWhateverItTellsOf) {
    const unsigned seed = std::random_device{}();
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    for (int i = 0; i < 3000; ++i) {
        std::string text;
        for (std::size_t size = random() % 12; text.size() < size;) {
            text.push_back(static_cast<char>(random() % 3 == 0 ? random() : 0xC0 + random() % 64));
        }
        const std::string json = log_line(LogFormat::Json, kAt, LogLevel::Info, text, "", {});
        const std::string logfmt =
            log_line(LogFormat::Logfmt, kAt, LogLevel::Info, text, "", {{"field", text}});
        EXPECT_FALSE(nlohmann::json::parse(json, nullptr, false).is_discarded()) << json;
        EXPECT_EQ((json + logfmt).find_first_of("\n\r\x1b"), std::string::npos);
    }
}

TEST(LogLine, KeepsUtf8) {
    std::string line;
    append_json_text(line, "Z\xC3\xBCrich \xF0\x9F\x98\x80 \xFF");
    EXPECT_EQ(line, "\"Z\xC3\xBCrich \xF0\x9F\x98\x80 \\ufffd\"");
}

}  // namespace
}  // namespace ostrakon::server
