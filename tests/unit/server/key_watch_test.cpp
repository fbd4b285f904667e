// Files of partner keys that change under a running server.
#include "ostrakon/server/key_watch.hpp"

#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace ostrakon::server {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kFirst = "first2345678901234567890";
constexpr const char* kSecond = "second345678901234567890";

class KeyWatchTest : public testing::Test {
protected:
    KeyWatchTest() {
        for (const char* origin : {"bl.example.org", "plain.example.org"}) {
            zone::Zone zone;
            zone.name = origin;
            zone.origin = dns::parse_name(origin).value();
            zones_.push_back(zone);
        }
        zones_.front().keys_file = (directory_.path() / "keys").string();
        write(std::string("a ") + kFirst + "\n");
    }

    // Each time a new file, as `ostrakon partner` makes one.
    void write(const std::string& text) {
        const auto file = directory_.write("keys.new", text);
        std::filesystem::permissions(
            file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        std::filesystem::rename(file, zones_.front().keys_file);
    }

    bool is_known(const char* key) const { return watch_.keys().front()->find(key) != nullptr; }

    test::TemporaryDirectory directory_;
    std::vector<zone::Zone> zones_;
    KeyWatch watch_;
};

TEST_F(KeyWatchTest, ReadsAFileThatIsAnother) {
    ASSERT_TRUE(watch_.take(zones_));
    EXPECT_EQ(watch_.keys()[1], nullptr);
    EXPECT_TRUE(is_known(kFirst));
    EXPECT_FALSE(watch_.look(zones_));
    EXPECT_THAT(watch_.take_news(), IsEmpty());
    write(std::string("b ") + kSecond + "\n");
    EXPECT_TRUE(watch_.look(zones_));
    EXPECT_TRUE(is_known(kSecond));
    EXPECT_FALSE(is_known(kFirst));
    const auto news = watch_.take_news();
    ASSERT_THAT(news, SizeIs(1));
    EXPECT_EQ(news.front().text, "keys of bl.example.org read anew: 1 key");
    EXPECT_FALSE(watch_.look(zones_));
}

TEST_F(KeyWatchTest, SeesWhatIsWrittenInPlace) {
    ASSERT_TRUE(watch_.take(zones_));
    directory_.write("keys", std::string("b ") + kSecond + "\n");
    EXPECT_TRUE(watch_.look(zones_));
    EXPECT_TRUE(is_known(kSecond));
}

TEST_F(KeyWatchTest, KeepsTheKeysWhereAFileIsWrongAndSaysSoOnce) {
    ASSERT_TRUE(watch_.take(zones_));
    write("# one line\nwrong\n");
    EXPECT_FALSE(watch_.look(zones_));
    EXPECT_FALSE(watch_.look(zones_));
    EXPECT_TRUE(is_known(kFirst));
    const auto news = watch_.take_news();
    ASSERT_THAT(news, SizeIs(1));
    EXPECT_EQ(news.front().level, LogLevel::Error);
    EXPECT_THAT(news.front().text, HasSubstr("keys:2: expected"));
    EXPECT_THAT(news.front().text, HasSubstr("those of before hold"));
    std::filesystem::remove(zones_.front().keys_file);
    EXPECT_FALSE(watch_.look(zones_));
    EXPECT_FALSE(watch_.look(zones_));
    EXPECT_TRUE(is_known(kFirst));
    EXPECT_THAT(watch_.take_news(), SizeIs(1));
    write(std::string("b ") + kSecond + "\n");
    EXPECT_TRUE(watch_.look(zones_));
    EXPECT_TRUE(is_known(kSecond));
}

TEST_F(KeyWatchTest, TakesAllOrNothing) {
    ASSERT_TRUE(watch_.take(zones_));
    write("wrong\n");
    EXPECT_FALSE(watch_.take(zones_));
    EXPECT_TRUE(is_known(kFirst));
    zones_.front().keys_file.clear();
    ASSERT_TRUE(watch_.take(zones_));
    EXPECT_EQ(watch_.keys().front(), nullptr);
    EXPECT_FALSE(watch_.look(zones_));
}

}  // namespace
}  // namespace ostrakon::server
