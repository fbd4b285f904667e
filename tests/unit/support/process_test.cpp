// The helpers that start other programs must themselves be trusted: status, streams, bounds.
#include "support/process.hpp"

#include "support/notify_receiver.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <systemd/sd-daemon.h>

#include <cstdlib>

namespace ostrakon::test {
namespace {

TEST(Process, ReturnsStatusAndBothStreams) {
    const ProcessResult result = run({"sh", "-c", "cat; echo bad >&2; exit 3"}, "good\n");
    EXPECT_EQ(result.status, 3);
    EXPECT_EQ(result.output, "good\n");
    EXPECT_EQ(result.errors, "bad\n");
}

TEST(Process, CountsSignalsAsAShellDoes) {
    Process process({.arguments = {"cat"}});
    EXPECT_EQ(process.wait().status, 0);
    Process sleeper({.arguments = {"sleep", "600"}});
    EXPECT_TRUE(sleeper.is_running());
    sleeper.signal(SIGTERM);
    EXPECT_EQ(sleeper.wait().status, 128 + SIGTERM);
    EXPECT_FALSE(sleeper.is_running());
}

TEST(Process, IsKilledWhenItTakesTooLong) {
    Process sleeper({.arguments = {"sleep", "600"}});
    EXPECT_EQ(sleeper.wait(std::chrono::milliseconds(1)).status, 128 + SIGKILL);
}

TEST(Process, IsWaitedForByWhatItSays) {
    Process process({.arguments = {"sh", "-c", "echo one >&2; echo \"$WORD\" >&2; read line"},
                     .environment = {{"WORD", "two"}}});
    EXPECT_TRUE(process.wait_for_errors("two"));
    EXPECT_FALSE(process.wait_for_errors("three"));
}

TEST(Process, SaysThatAProgramIsMissing) {
    EXPECT_EQ(run({"/nonexistent/program"}).status, 127);
}

TEST(TemporaryDirectory, GoesAwayWithAllThatIsInIt) {
    std::filesystem::path file;
    {
        const TemporaryDirectory directory;
        file = directory.write("a/b.txt", "text");
        EXPECT_EQ(read_file(file), "text");
    }
    EXPECT_FALSE(std::filesystem::exists(file.parent_path().parent_path()));
}

TEST(NotifyReceiver, WaitsForALine) {
    NotifyReceiver receiver;
    ASSERT_EQ(::setenv("NOTIFY_SOCKET", receiver.address().c_str(), 1), 0);
    EXPECT_GT(sd_notify(0, "STATUS=soon"), 0);
    EXPECT_GT(sd_notify(1, "READY=1\nSTATUS=on"), 0);  // and forgets the variable
    EXPECT_EQ(receiver.wait_for("READY=1"), "READY=1\nSTATUS=on");
    EXPECT_EQ(receiver.wait_for("READY=1", std::chrono::milliseconds(1)), "");
}

}  // namespace
}  // namespace ostrakon::test
