// Programs run to their end: what they read and print, how they end, what becomes of their
// children.
#include "ostrakon/base/child_process.hpp"
#include "ostrakon/base/file_descriptor.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace ostrakon {
namespace {

using ::testing::SizeIs;

ChildPlan shell(const std::string& script,
                std::chrono::milliseconds time = std::chrono::minutes{1}) {
    ChildPlan plan;
    plan.arguments = {"/bin/sh", "-c", script};
    plan.environment = {"PATH=/usr/bin:/bin", "WORD=spoken"};
    plan.deadline = std::chrono::steady_clock::now() + time;
    return plan;
}

TEST(ChildProcess, PrintsToItsParentAndHasTheEnvironmentOfThePlanAlone) {
    const ChildResult result = run_child(shell("echo $WORD; echo \"$HOME\" >&2; exit 3"));
    EXPECT_EQ(result.status, 3);
    EXPECT_EQ(result.output, "spoken\n");
    EXPECT_EQ(result.errors, "\n");
    EXPECT_FALSE(result.was_killed_late);
}

TEST(ChildProcess, ReadsItsInputWhateverItsSize) {
    ChildPlan plan = shell("wc -c");
    plan.input = std::string(1 << 20, 'x');  // more than a pipe holds
    EXPECT_EQ(run_child(plan).output, "1048576\n");
    plan = shell("exit 0");
    plan.input = "nobody reads this";
    EXPECT_EQ(run_child(plan).status, 0);
    EXPECT_EQ(run_child(shell("cat")).output, "");
}

TEST(ChildProcess, KeepsTheFirstOfWhatIsPrinted) {
    const ChildResult result = run_child(shell("yes | head -c 100000"));
    EXPECT_THAT(result.output, SizeIs(4096));
    EXPECT_EQ(result.status, 0);
}

TEST(ChildProcess, IsEndedWhenItsTimeIsOver) {
    const ChildResult result = run_child(shell("exec sleep 600", std::chrono::milliseconds{50}));
    EXPECT_TRUE(result.was_killed_late);
    EXPECT_EQ(result.signal, SIGTERM);
}

TEST(ChildProcess, WritesNoFileLargerThanThePlanAllows) {
    ChildPlan plan = shell("head -c 100000 /dev/zero > \"$FILE\"");
    plan.environment.push_back("FILE=" + ::testing::TempDir() + "ostrakon-child-" +
                               std::to_string(::getpid()));
    plan.file_size_max = 1000;
    EXPECT_NE(run_child(plan).status, 0);
    plan.file_size_max.reset();
    EXPECT_EQ(run_child(plan).status, 0);
    plan.arguments[2] = "rm \"$FILE\"";
    EXPECT_EQ(run_child(plan).status, 0);
}

// A pipe with a name, whose reader sees its end when the last writer is gone.
class Fifo {
public:
    Fifo()
        : name_(::testing::TempDir() + "ostrakon-child-" + std::to_string(::getpid()) + ".fifo"),
          reader_((::mkfifo(name_.c_str(), 0600), ::open(name_.c_str(), O_RDONLY | O_NONBLOCK))) {}
    ~Fifo() { ::unlink(name_.c_str()); }
    Fifo(const Fifo&) = delete;
    Fifo& operator=(const Fifo&) = delete;
    const std::string& name() const { return name_; }
    bool has_ended(int wait_ms) const {
        pollfd waiting{reader_.get(), POLLIN, 0};
        return ::poll(&waiting, 1, wait_ms) == 1 && (waiting.revents & POLLHUP) != 0;
    }

private:
    std::string name_;
    FileDescriptor reader_;
};

TEST(ChildProcess, LeavesNoChildrenButWhereItMay) {
    constexpr int kForEver = -1;
    const Fifo fifo;
    const std::string script = "exec 3>" + fifo.name() + "; sleep 600 >/dev/null 2>&1 & echo $!";
    ChildPlan plan = shell(script);
    plan.may_leave_children = true;
    const ChildResult result = run_child(plan);
    EXPECT_FALSE(fifo.has_ended(0));
    const auto left = static_cast<pid_t>(std::strtol(result.output.c_str(), nullptr, 10));
    ASSERT_GT(left, 0);
    EXPECT_EQ(::kill(left, SIGKILL), 0);
    EXPECT_TRUE(fifo.has_ended(kForEver));
    EXPECT_EQ(run_child(shell(script)).status, 0);
    EXPECT_TRUE(fifo.has_ended(kForEver));
}

TEST(ChildProcess, SaysThatAProgramWasNotStarted) {
    ChildPlan plan = shell("");
    plan.arguments = {"/nonexistent/program"};
    EXPECT_EQ(run_child(plan).status, kNotStarted);
}

}  // namespace
}  // namespace ostrakon
