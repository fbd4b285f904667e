// The completion script for bash.
#include "completion.hpp"

#include <fmt/format.h>
#include <set>

namespace ostrakon::tool {
namespace {

constexpr std::string_view kBashHead =
    R"(# bash completion for ostrakon, made by `ostrakon completion bash`.

# The zones, feeds or classes of the site that the call is about.
_ostrakon_names() {
    local -a site=()
    local at
    for ((at = 1; at < COMP_CWORD - 1; ++at)); do
        if [[ ${COMP_WORDS[at]} == --config || ${COMP_WORDS[at]} == --database ]]; then
            site+=("${COMP_WORDS[at]}" "${COMP_WORDS[at + 1]}")
        fi
    done
    timeout 2 ostrakon "${site[@]}" names "$1" 2>/dev/null
}

_ostrakon() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local command='' word at
    COMPREPLY=()
    for ((at = 1; at < COMP_CWORD; ++at)); do
        word=${COMP_WORDS[at]}
        case $word in
)";

constexpr std::string_view kBashWalk = R"(            ((++at))
            continue
            ;;
        -*) continue ;;
        esac
        case $command in
        '') command=$word ;;
)";

constexpr std::string_view kBashMiddle = R"(        esac
    done
    _ostrakon_value "$command $previous" && return
    if [[ $current == -* ]]; then
        _ostrakon_options "$command"
    else
        _ostrakon_operand "$command"
    fi
}

)";

constexpr std::string_view kBashTail = "complete -F _ostrakon ostrakon\n";

std::string blank_joined(const std::vector<std::string>& words) {
    return fmt::format("{}", fmt::join(words, " "));
}

// The lines that offer something for the word that is being written.
std::string bash_reply(const Offer& offer) {
    switch (offer.kind) {
        case Offer::Kind::Words:
            return fmt::format("mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$current\")",
                               blank_joined(offer.words));
        case Offer::Kind::Names:
            return fmt::format(
                "mapfile -t COMPREPLY < <(compgen -W \"$(_ostrakon_names {})\" -- \"$current\")",
                offer.names);
        case Offer::Kind::Files:
            return "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "
                   "\"$current\")";
        case Offer::Kind::Directories:
            return "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "
                   "\"$current\")";
        case Offer::Kind::Nothing:
            break;
    }
    return ":";
}

std::string bash_option_names(const OptionSet& options) {
    std::string names;
    for (const OptionSpec& option : options.options()) {
        names += option.is_operand() ? "" : option.name + " ";
    }
    return names;
}

std::string value_case(const DeclaredCommand* command, const OptionSpec& option) {
    const std::string pattern =
        command == nullptr ? fmt::format("*' {}'", option.name)
                           : fmt::format("'{} {}'", command->description.name, option.name);
    return fmt::format("    {}) {} ;;\n", pattern, bash_reply(offer_for(command, option)));
}

// What stands behind an option that takes a value.
std::string value_function(const Declarations& declarations) {
    std::string text = "_ostrakon_value() {\n    case $1 in\n";
    for (const DeclaredCommand* command : offered_commands(declarations)) {
        for (const OptionSpec& option : command->options.options()) {
            text += takes_value(option) ? value_case(command, option) : "";
        }
    }
    for (const OptionSpec& option : declarations.common.options()) {
        text += takes_value(option) ? value_case(nullptr, option) : "";
    }
    return text + "    *) return 1 ;;\n    esac\n}\n\n";
}

std::string options_function(const Declarations& declarations) {
    std::string text = "_ostrakon_options() {\n    local options=''\n    case $1 in\n";
    for (const DeclaredCommand* command : offered_commands(declarations)) {
        text += fmt::format("    '{}') options='{}' ;;\n", command->description.name,
                            bash_option_names(command->options));
    }
    return text + fmt::format(
                      "    '') options='--version ' ;;\n    esac\n    mapfile -t COMPREPLY < "
                      "<(compgen -W \"$options{}--help\" -- \"$current\")\n}}\n\n",
                      bash_option_names(declarations.common));
}

std::string words_case(std::string_view command, const std::vector<std::string>& words) {
    return fmt::format("    '{}') {} ;;\n", command, bash_reply({Offer::Kind::Words, words, {}}));
}

// What stands where no option does: the words of a command, or its operands.
std::string operand_function(const Declarations& declarations) {
    std::string text = "_ostrakon_operand() {\n    case $1 in\n";
    std::vector<std::string> words;
    for (const Term& word : first_words(declarations)) {
        words.push_back(word.name);
    }
    text += words_case("", words);
    words.pop_back();  // no help about help
    text += words_case("help", words);
    for (const CommandGroup& group : command_groups(declarations)) {
        words.clear();
        for (const DeclaredCommand* command : group.commands) {
            words.push_back(command->description.name.substr(group.name.size() + 1));
        }
        text += words_case(group.name, words);
    }
    for (const DeclaredCommand* command : offered_commands(declarations)) {
        for (const OptionSpec& option : command->options.options()) {
            if (option.is_operand()) {
                text += fmt::format("    '{}') {} ;;\n", command->description.name,
                                    bash_reply(offer_for(command, option)));
                break;
            }
        }
    }
    return text + "    esac\n}\n\n";
}

}  // namespace

std::string bash_completion(const Declarations& declarations) {
    std::set<std::string> with_value;
    for (const OptionSpec& option : declarations.common.options()) {
        if (takes_value(option)) {
            with_value.insert(option.name);
        }
    }
    for (const DeclaredCommand* command : offered_commands(declarations)) {
        for (const OptionSpec& option : command->options.options()) {
            if (takes_value(option)) {
                with_value.insert(option.name);
            }
        }
    }
    std::vector<std::string> groups{"help"};
    for (const CommandGroup& group : command_groups(declarations)) {
        groups.push_back(group.name);
    }
    std::string text{kBashHead};
    text += fmt::format("        {})\n", fmt::join(with_value, " | "));
    text += kBashWalk;
    text += fmt::format("        {}) command+=\" $word\" ;;\n", fmt::join(groups, " | "));
    text += kBashMiddle;
    text += value_function(declarations);
    text += options_function(declarations);
    text += operand_function(declarations);
    return text + std::string{kBashTail};
}

}  // namespace ostrakon::tool
