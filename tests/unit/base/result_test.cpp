// Errors: their one line, and the exit status that programs make of them.
#include "ostrakon/base/result.hpp"

#include <gtest/gtest.h>

namespace ostrakon {
namespace {

TEST(Error, IsOneLine) {
    const auto line = [](const char* attempt, const char* why, const char* remedy) {
        return message({ErrorCode::System, attempt, why, remedy});
    };
    EXPECT_EQ(line("open x", "Permission denied", "run it as root"),
              "open x: Permission denied (run it as root)");
    EXPECT_EQ(line("open x", "Permission denied", ""), "open x: Permission denied");
    EXPECT_EQ(line("open x", "", ""), "open x");
    EXPECT_EQ(line("", "Permission denied", ""), "Permission denied");
}

TEST(ErrorCode, BecomesTheDocumentedExitStatus) {
    EXPECT_EQ(exit_status(ErrorCode::Absent), 1);
    EXPECT_EQ(exit_status(ErrorCode::Usage), 2);
    EXPECT_EQ(exit_status(ErrorCode::Refused), 3);
    EXPECT_EQ(exit_status(ErrorCode::Store), 4);
    EXPECT_EQ(exit_status(ErrorCode::System), 4);
}

}  // namespace
}  // namespace ostrakon
