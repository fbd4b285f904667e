// The completion script for fish.
#include "completion.hpp"

#include <fmt/format.h>
#include <set>

namespace ostrakon::tool {
namespace {

constexpr std::string_view kFishHead =
    R"(# fish completion for ostrakon, made by `ostrakon completion fish`.

# The zones, feeds or classes of the site that the call is about.
function __ostrakon_names
    set -l words (commandline -opc)
    set -l site
    for at in (seq 2 (math (count $words) - 1))
        if contains -- $words[$at] --config --database
            set -a site $words[$at] $words[(math $at + 1)]
        end
    end
    timeout 2 ostrakon $site names $argv[1] 2>/dev/null
end

)";

constexpr std::string_view kFishWalk =
    R"(# Whether the words so far are this command; "" is none yet.
function __ostrakon_at
    set -l command
    set -l skip no
    for word in (commandline -opc)[2..]
        if test $skip = yes
            set skip no
        else if contains -- $word $__ostrakon_with_value
            set skip yes
        else if not string match -q -- '-*' $word
            if not set -q command[1]; or contains -- "$command" $__ostrakon_groups
                set -a command $word
            end
        end
    end
    test "$command" = "$argv[1]"
end

complete -c ostrakon -f
)";

std::string fish_quoted(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '\'' || c == '\\') {
            result += '\\';
        }
        result += c;
    }
    return "'" + result + "'";
}

// The options of `complete` that say what can stand for a value.
std::string fish_values(const Offer& offer) {
    switch (offer.kind) {
        case Offer::Kind::Words:
            return fmt::format(" -x -a '{}'", fmt::join(offer.words, " "));
        case Offer::Kind::Names:
            return fmt::format(" -x -a '(__ostrakon_names {})'", offer.names);
        case Offer::Kind::Files:
            return " -r -F";
        case Offer::Kind::Directories:
            return " -x -a '(__fish_complete_directories)'";
        case Offer::Kind::Nothing:
            break;
    }
    return " -x";
}

std::string fish_line(const DeclaredCommand* command, const OptionSpec& option) {
    const std::string at =
        command == nullptr ? ""
                           : fmt::format(" -n '__ostrakon_at \"{}\"'", command->description.name);
    const Offer offer = offer_for(command, option);
    if (option.is_operand()) {
        return offer.kind == Offer::Kind::Nothing
                   ? ""
                   : fmt::format("complete -c ostrakon{}{}\n", at,
                                 offer.kind == Offer::Kind::Files ? " -F" : fish_values(offer));
    }
    return fmt::format("complete -c ostrakon{} -l {}{} -d {}\n", at, option.name.substr(2),
                       takes_value(option) ? fish_values(offer) : "",
                       fish_quoted(short_help(option)));
}

std::string word_line(std::string_view at, std::string_view word, std::string_view meaning) {
    return fmt::format("complete -c ostrakon -n '__ostrakon_at \"{}\"' -a {} -d {}\n", at, word,
                       fish_quoted(meaning));
}

void add_with_value(const OptionSet& options, std::set<std::string>& names) {
    for (const OptionSpec& option : options.options()) {
        if (takes_value(option)) {
            names.insert(option.name);
        }
    }
}

}  // namespace

std::string fish_completion(const Declarations& declarations) {
    std::set<std::string> with_value;
    add_with_value(declarations.common, with_value);
    for (const DeclaredCommand* command : offered_commands(declarations)) {
        add_with_value(command->options, with_value);
    }
    const std::vector<CommandGroup> groups = command_groups(declarations);
    std::string text{kFishHead};
    text += fmt::format("set -g __ostrakon_with_value {}\n", fmt::join(with_value, " "));
    text += "set -g __ostrakon_groups help";
    for (const CommandGroup& group : groups) {
        text += " " + group.name;
    }
    text += "\n\n" + std::string{kFishWalk};
    for (const Term& word : first_words(declarations)) {
        text += word_line("", word.name, word.meaning);
        text += word.name == "help" ? "" : word_line("help", word.name, word.meaning);
    }
    for (const CommandGroup& group : groups) {
        for (const DeclaredCommand* command : group.commands) {
            text += word_line(group.name, command->description.name.substr(group.name.size() + 1),
                              command->description.summary);
        }
    }
    for (const OptionSpec& option : declarations.common.options()) {
        text += fish_line(nullptr, option);
    }
    text += "complete -c ostrakon -l help -d 'how it is used'\n";
    text += "complete -c ostrakon -n '__ostrakon_at \"\"' -l version -d 'which version this is'\n";
    for (const DeclaredCommand* command : offered_commands(declarations)) {
        for (const OptionSpec& option : command->options.options()) {
            text += fish_line(command, option);
        }
    }
    return text;
}

}  // namespace ostrakon::tool
