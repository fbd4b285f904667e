// The file of cookie secrets: what it may hold, who may read it, and that no error tells a secret.
#include "ostrakon/server/cookie_secrets.hpp"

#include "support/hex.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace ostrakon::server {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kFirst = "e5e973e5a6b2a43f48e7dc849e37bfcf";
constexpr const char* kSecond = "445536bcd2513298075a5d379663c962";

class CookieSecrets : public testing::Test {
protected:
    Result<dns::CookieSecrets> read(const std::string& text, unsigned mode = 0600) {
        directory_.write("secret", text);
        std::filesystem::permissions(path(), std::filesystem::perms{mode});
        return cookie_secrets(path());
    }
    std::string path() const { return (directory_.path() / "secret").string(); }

    void expect_refused(const Result<dns::CookieSecrets>& secrets, const char* why) {
        ASSERT_FALSE(secrets) << why;
        EXPECT_THAT(message(secrets.error()), HasSubstr(why));
        EXPECT_THAT(message(secrets.error()), HasSubstr("cookie_secret_file " + path()));
        EXPECT_THAT(message(secrets.error()), Not(HasSubstr("e5e973")));
    }

    test::TemporaryDirectory directory_;
};

TEST_F(CookieSecrets, AreReadALineEach) {
    const auto one = read(std::string{kFirst} + "\n");
    ASSERT_TRUE(one);
    EXPECT_EQ(test::to_hex(one->newest), kFirst);
    EXPECT_FALSE(one->other);
    const auto two = read(std::string{kSecond} + "\r\n\n  " + kFirst);
    ASSERT_TRUE(two);
    EXPECT_EQ(test::to_hex(two->newest), kSecond);
    EXPECT_EQ(test::to_hex(*two->other), kFirst);
}

TEST_F(CookieSecrets, AreRefusedWhereTheyAreNone) {
    const std::string first = kFirst;
    expect_refused(read(""), "has 0 secrets");
    expect_refused(read(first + "\n" + first + "\n" + first), "has 3 secrets");
    expect_refused(read(first + "\n" + first.substr(2)), "line 2 is no secret");
    expect_refused(read(first + "ff"), "line 1 is no secret");
    expect_refused(read("\n0x" + first.substr(2)), "line 2 is no secret");
    expect_refused(read("-" + first.substr(1)), "line 1 is no secret");
    expect_refused(read(first.substr(1) + " "), "line 1 is no secret");
    expect_refused(read(std::string(100'000, '\n') + first), "has 0 secrets");
}

TEST_F(CookieSecrets, AreKeptFromOthers) {
    expect_refused(read(kFirst, 0604), "others than its owner and group");
    expect_refused(read(kFirst, 0602), "others than its owner and group");
    EXPECT_TRUE(read(kFirst, 0640));
    EXPECT_TRUE(read(kFirst, 0400));
    std::filesystem::remove(path());
    expect_refused(cookie_secrets(path()), "No such file");
    std::filesystem::create_directory(path());
    expect_refused(cookie_secrets(path()), "is no plain file");
}

TEST_F(CookieSecrets, AreRandomWithoutAFileAndStay) {
    const auto first = cookie_secrets("");
    ASSERT_TRUE(first);
    EXPECT_NE(first->newest, dns::SipHashKey{});
    EXPECT_EQ(cookie_secrets("")->newest, first->newest);
}

}  // namespace
}  // namespace ostrakon::server
