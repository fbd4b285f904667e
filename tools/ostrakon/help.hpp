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

/// All commands with what they take, and the options that all of them have.
struct Declarations {
    std::vector<std::unique_ptr<Command>> commands;
    std::vector<DeclaredCommand> declared;   ///< As `commands`.
    std::unique_ptr<CommonOptions> targets;  ///< Of the common options.
    OptionSet common;
};
Declarations declarations_of(CommandList all);

/// The options that every command takes.
OptionSet common_options(CommonOptions& common);
/// Words of the help texts, as "DURATION", each with a sentence.
const std::vector<Term>& words_explained();
/// The exit statuses.
const std::vector<Term>& exit_statuses();
/// "--reason TEXT".
std::string spelled(const OptionSpec& option);
/// Whether it may stand several times.
bool is_repeated(const OptionSpec& option);

/// What `ostrakon` alone prints.
std::string short_overview(const std::vector<DeclaredCommand>& commands);
/// What `ostrakon --help` prints: the overview and the common options.
std::string long_overview(const std::vector<DeclaredCommand>& commands, const OptionSet& common);
/// What `ostrakon COMMAND --help` prints.
std::string help_of(const DeclaredCommand& command, const OptionSet& common);
/// "usage: ostrakon ban SUBJECT… --reason TEXT [--class C]", wrapped.
std::string usage_of(const DeclaredCommand& command);

}  // namespace ostrakon::tool
