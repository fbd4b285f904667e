// Reads the words of the call. CLI11 stays behind this interface.
#pragma once

#include "command.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ostrakon::tool {

/// What the words ask for: a command with its options filled in, or a text to print and leave.
struct Call {
    Command* command = nullptr;  ///< Empty: print `text` and leave with `status`.
    CommonOptions common;
    std::string text;  ///< Status 0: for stdout. Else for stderr.
    int status = 0;
};

/// Reads argv. Fills the targets of the options that the commands declared.
Call read_command_line(int argc, const char* const* argv,
                       const std::vector<std::unique_ptr<Command>>& commands);

}  // namespace ostrakon::tool
