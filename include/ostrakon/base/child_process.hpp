// A program run to its end, within its time: no shell, nothing inherited but what the plan says.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ostrakon {

struct ChildPlan {
    std::vector<std::string> arguments;              ///< The first is the program's path.
    std::vector<std::string> environment;            ///< All of it: "NAME=VALUE".
    std::string input;                               ///< What it reads from its standard input.
    std::optional<std::uint64_t> file_size_max;      ///< No file that it writes grows larger.
    std::chrono::steady_clock::time_point deadline;  ///< Then it and what it has started are ended.
    bool may_leave_children = false;  ///< What it has started may go on when it ends in time.
};

/// The status of a program that could not be started.
inline constexpr int kNotStarted = 127;

struct ChildResult {
    int status = -1;  ///< Exit status; -1 where a signal ended it.
    int signal = 0;
    bool was_killed_late = false;  ///< The deadline came first.
    std::string output, errors;    ///< Their first 4 KiB.
};

/// Blocks until it has ended.
ChildResult run_child(const ChildPlan& plan);

}  // namespace ostrakon
