// A copy of the test that runs one function, to be killed in the middle of it.
//
// For what a process leaves behind when it dies: locks, half-written transactions. Programs are
// started with process.hpp.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::test {

/// What the child says to its parent.
class Pipe {
public:
    explicit Pipe(FileDescriptor fd) : fd_(std::move(fd)) {}
    /// One line; true if it was taken whole.
    bool say(std::string_view line) const;

private:
    FileDescriptor fd_;
};

class Forked {
public:
    /// Runs `child` in a forked process, which ends when the function returns. The test must have
    /// no other threads.
    explicit Forked(const std::function<void(const Pipe&)>& child);
    /// Kills the child if it still runs.
    ~Forked();
    Forked(const Forked&) = delete;
    Forked& operator=(const Forked&) = delete;

    pid_t pid() const { return pid_; }
    /// The next line, waited for with kPatience; nothing when the child has ended.
    std::optional<std::string> line();
    /// SIGKILL; returns when the process is gone.
    void kill();

private:
    pid_t pid_ = -1;
    FileDescriptor fd_;
    std::string read_;
};

}  // namespace ostrakon::test
