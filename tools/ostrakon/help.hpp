// Help texts: the overview, and one for each command.
#pragma once

#include "command.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ostrakon::tool {

/// A command with what it takes.
struct DeclaredCommand {
    Command* command = nullptr;
    Description description;
    OptionSet options;
};

/// What `ostrakon` alone prints.
std::string short_overview(const std::vector<DeclaredCommand>& commands);
/// What `ostrakon --help` prints: the overview and the common options.
std::string long_overview(const std::vector<DeclaredCommand>& commands, const OptionSet& common);
/// What `ostrakon COMMAND --help` prints.
std::string help_of(const DeclaredCommand& command, const OptionSet& common);
/// "usage: ostrakon ban SUBJECT… --reason TEXT [--class C]", wrapped.
std::string usage_of(const DeclaredCommand& command);

}  // namespace ostrakon::tool
