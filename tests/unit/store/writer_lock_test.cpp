// One writer at a time: who waits hears for whom, gives up in time, and inherits from the dead.
#include "ostrakon/store/writer_lock.hpp"

#include "support/forked.hpp"
#include "support/temporary_directory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include <optional>

namespace ostrakon::store {
namespace {

using testing::HasSubstr;

class WriterLockTest : public testing::Test {
protected:
    WriterLock::Request request(std::string command, std::int64_t wait_s = 0) const {
        return {.directory = directory_.path(),
                .command = std::move(command),
                .wait = Duration{wait_s},
                .tell = {}};
    }
    test::TemporaryDirectory directory_;
};

TEST_F(WriterLockTest, IsFreeAgainWhenItsHolderLetsGo) {
    for (int i = 0; i < 3; ++i) {
        const auto lock = WriterLock::take(request("ban"));
        ASSERT_TRUE(lock) << message(lock.error());
    }
}

TEST_F(WriterLockTest, NamesItsHolderToWhomGivesUp) {
    const auto held = WriterLock::take(request("import list.txt"));
    ASSERT_TRUE(held);
    const auto refused = WriterLock::take(request("ban"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Store);
    EXPECT_THAT(message(refused.error()),
                HasSubstr("`import list.txt`, pid " + std::to_string(getpid())));
    EXPECT_THAT(message(refused.error()), HasSubstr("--wait"));
}

TEST_F(WriterLockTest, TellsWhomItWaitsForAndGoesOnWhenItMay) {
    auto first = WriterLock::take(request("import"));
    ASSERT_TRUE(first);
    std::optional<WriterLock> held{std::move(*first)};
    std::vector<std::string> told;
    WriterLock::Request second = request("ban", 60);
    second.tell = [&](std::string_view text) {
        told.emplace_back(text);
        held.reset();  // the import is done
    };
    const auto lock = WriterLock::take(second);
    ASSERT_TRUE(lock) << message(lock.error());
    ASSERT_EQ(told.size(), 1U);
    EXPECT_THAT(told.front(),
                HasSubstr("waiting for `import`, pid " + std::to_string(getpid()) + ", "));
}

TEST_F(WriterLockTest, TellsOnceAndGivesUpInTheEnd) {
    const auto held = WriterLock::take(request("import"));
    ASSERT_TRUE(held);
    int told = 0;
    WriterLock::Request second = request("ban", 2);
    second.tell = [&](std::string_view) { ++told; };
    const auto refused = WriterLock::take(second);
    ASSERT_FALSE(refused);
    EXPECT_THAT(message(refused.error()), HasSubstr("gave up after 2s"));
    EXPECT_EQ(told, 1);
}

TEST_F(WriterLockTest, DiesWithItsHolder) {
    test::Forked holder{[&](const test::Pipe& parent) {
        const auto lock = WriterLock::take(request("import"));
        parent.say(lock ? "held" : "not held");
        pause();
    }};
    ASSERT_EQ(holder.line(), "held");
    const auto refused = WriterLock::take(request("ban"));
    ASSERT_FALSE(refused);
    EXPECT_THAT(message(refused.error()), HasSubstr("pid " + std::to_string(holder.pid())));
    holder.kill();
    const auto lock = WriterLock::take(request("ban"));
    EXPECT_TRUE(lock) << message(lock.error());
}

TEST_F(WriterLockTest, SaysWhatAnotherWroteWithoutItsTricks) {
    const auto path = directory_.write("writer", "12\n\x1b[31mred\n-9223372036854775808\n");
    const FileDescriptor fd{::open(path.c_str(), O_RDWR | O_CLOEXEC)};
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    ASSERT_EQ(fcntl(fd.get(), F_OFD_SETLK, &lock), 0);
    const auto refused = WriterLock::take(request("ban"));
    ASSERT_FALSE(refused);
    EXPECT_THAT(message(refused.error()), testing::Not(HasSubstr("\x1b")));
    EXPECT_THAT(message(refused.error()), HasSubstr("pid 12, 0 s"));
}

TEST_F(WriterLockTest, RefusesAMissingDirectoryAndALink) {
    WriterLock::Request nowhere = request("ban");
    nowhere.directory /= "none";
    const auto missing = WriterLock::take(nowhere);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::Store);
    EXPECT_THAT(message(missing.error()), HasSubstr("--database"));
    const auto target = directory_.write("precious", "text");
    std::filesystem::create_symlink(target, directory_.path() / "writer");
    EXPECT_FALSE(WriterLock::take(request("ban")));
    EXPECT_EQ(test::read_file(target), "text");
}

}  // namespace
}  // namespace ostrakon::store
