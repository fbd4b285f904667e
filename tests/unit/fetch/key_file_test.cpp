// Files that hold a key: what is taken from them, and which are refused.
#include "ostrakon/fetch/fetch.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

namespace ostrakon::fetch {
namespace {

using testing::HasSubstr;

class KeyFile : public testing::Test {
protected:
    Result<std::string> read(std::string_view text, mode_t mode) const {
        const auto file = directory_.write("key", text);
        ::chmod(file.c_str(), mode);
        const auto opened = open_key(file);
        return opened ? read_key(*opened) : Unexpected{opened.error()};
    }
    test::TemporaryDirectory directory_;
};

TEST_F(KeyFile, HoldsOneLineWithoutItsBlanks) {
    for (const char* const text : {"s3cret word", "s3cret word\n", "  s3cret word \r\n\n"}) {
        const auto key = read(text, 0640);
        ASSERT_TRUE(key) << message(key.error());
        EXPECT_EQ(*key, "s3cret word");
    }
}

TEST_F(KeyFile, IsNotForOthers) {
    for (const mode_t mode : {0644U, 0604U, 0602U, 0601U}) {
        const auto key = read("s3cret", mode);
        ASSERT_FALSE(key) << mode;
        EXPECT_THAT(message(key.error()), HasSubstr("chmod 0640"));
    }
    for (const mode_t mode : {0600U, 0640U, 0660U, 0400U}) {
        EXPECT_TRUE(read("s3cret", mode)) << mode;
    }
}

TEST_F(KeyFile, HoldsOneKeyAndNothingElse) {
    for (const std::string& text : {std::string{}, std::string{" \n"},
                                    std::string{"s3cret\nsecond"}, std::string(4097, 'k')}) {
        const auto key = read(text, 0600);
        ASSERT_FALSE(key) << text.size();
        EXPECT_THAT(message(key.error()), testing::Not(HasSubstr("s3cret")));
    }
    EXPECT_TRUE(read(std::string(4096, 'k'), 0600));
}

TEST_F(KeyFile, IsAPlainFile) {
    EXPECT_FALSE(open_key(directory_.path()));
    EXPECT_FALSE(open_key(directory_.path() / "absent"));
    const auto pipe = directory_.path() / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_FALSE(open_key(pipe));
}

}  // namespace
}  // namespace ostrakon::fetch
