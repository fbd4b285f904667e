// What a shell can offer behind each word of a call, and the scripts that tell it to bash, zsh and
// fish. Made of the same declarations as the help texts.
#pragma once

#include "help.hpp"

#include <cstdint>

#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::tool {

/// What can stand for a value.
struct Offer {
    enum class Kind : std::uint8_t {
        Nothing,
        Words,  ///< One of `words`.
        Names,  ///< What `ostrakon names NAME` prints: names of this site; `names` is NAME.
        Files,
        Directories,
    };
    Kind kind = Kind::Nothing;
    std::vector<std::string> words = {};
    std::string names = {};
};

/// What can be offered for an option's value or an operand; `command` is null for options that all
/// commands have.
Offer offer_for(const DeclaredCommand* command, const OptionSpec& option);

/// "feeds" where there is "feeds list", with the second words of its commands.
struct CommandGroup {
    std::string name;
    std::vector<const DeclaredCommand*> commands;
};
/// The groups of several commands.
std::vector<CommandGroup> command_groups(const Declarations& declarations);
/// The commands that are offered.
std::vector<const DeclaredCommand*> offered_commands(const Declarations& declarations);
/// The words that may come first, each with what it does.
std::vector<Term> first_words(const Declarations& declarations);
/// The option's help as far as it fits beside a word.
std::string short_help(const OptionSpec& option);
/// Whether the option takes a value, which is its next word.
bool takes_value(const OptionSpec& option);

std::string bash_completion(const Declarations& declarations);
std::string zsh_completion(const Declarations& declarations);
std::string fish_completion(const Declarations& declarations);

}  // namespace ostrakon::tool
