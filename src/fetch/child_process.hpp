// A program run to its end, within its time: no shell, nothing inherited but what the plan says.
// Included by this module's sources only.
#pragma once

#include "attempt.hpp"

#include <string>
#include <vector>

namespace ostrakon::fetch {

struct ChildPlan {
    std::vector<std::string> arguments;    ///< The first is the program's path.
    std::vector<std::string> environment;  ///< All of it: "NAME=VALUE".
    std::uint64_t file_size_max = 0;       ///< No file that it writes grows larger.
    Clock::time_point deadline;            ///< Then it and what it has started are ended.
};

/// The status of a program that could not be started.
inline constexpr int kNotStarted = 127;

struct ChildResult {
    int status = -1;  ///< Exit status; -1 where a signal ended it.
    int signal = 0;
    bool was_killed_late = false;  ///< The deadline came first.
    std::string output, errors;    ///< Their first 4 KiB.
};

ChildResult run_child(const ChildPlan& plan);

}  // namespace ostrakon::fetch
