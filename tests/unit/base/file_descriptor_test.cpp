// File descriptors that close themselves.
#include "ostrakon/base/file_descriptor.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <array>
#include <utility>

namespace ostrakon {
namespace {

bool is_open(int fd) {
    return ::fcntl(fd, F_GETFD) != -1;
}

FileDescriptor open_null() {
    return FileDescriptor{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
}

TEST(FileDescriptor, ClosesAtTheEndOfItsLife) {
    int fd = -1;
    {
        const FileDescriptor owner = open_null();
        fd = owner.get();
        ASSERT_TRUE(owner.is_open());
        ASSERT_TRUE(is_open(fd));
    }
    EXPECT_FALSE(is_open(fd));
}

TEST(FileDescriptor, HasOneOwner) {
    FileDescriptor first = open_null();
    const int fd = first.get();
    FileDescriptor second{std::move(first)};
    EXPECT_FALSE(first.is_open());  // NOLINT(bugprone-use-after-move): what is left is the point
    EXPECT_EQ(second.get(), fd);
    FileDescriptor third = open_null();
    const int closed = third.get();
    third = std::move(second);
    EXPECT_EQ(third.get(), fd);
    EXPECT_TRUE(is_open(fd));
    EXPECT_FALSE(is_open(closed));
}

TEST(FileDescriptor, CanBeGivenAway) {
    FileDescriptor owner = open_null();
    const int fd = owner.release();
    EXPECT_FALSE(owner.is_open());
    EXPECT_TRUE(is_open(fd));
    ::close(fd);
}

}  // namespace
}  // namespace ostrakon
