// The completion script for zsh.
#include "completion.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {
namespace {

constexpr std::string_view kZshHead = R"(#compdef ostrakon
# zsh completion for ostrakon, made by `ostrakon completion zsh`.

# The zones, feeds or classes of the site that the call is about: which is the last word, before it
# stands what _arguments has for compadd.
_ostrakon_names() {
    local -a site names
    local at
    for ((at = 2; at < ${#ostrakon_words} - 1; ++at)); do
        if [[ ${ostrakon_words[at]} == --(config|database) ]]; then
            site+=("${(Q)ostrakon_words[at]}" "${(Q)ostrakon_words[at + 1]}")
        fi
    done
    names=("${(@f)$(timeout 2 ostrakon "${site[@]}" names "${@[-1]}" 2>/dev/null)}")
    compadd "${@[1,-2]}" -a names
}

)";

// In single quotes, and without what _arguments takes for its own.
std::string zsh_quoted(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '\'') {
            result += "'\\''";
        } else if (c == '[' || c == ']' || c == ':' || c == '\\') {
            result += {'\\', c};
        } else {
            result += c;
        }
    }
    return result;
}

std::string zsh_action(const Offer& offer) {
    switch (offer.kind) {
        case Offer::Kind::Words:
            return fmt::format("({})", fmt::join(offer.words, " "));
        case Offer::Kind::Names:
            return "_ostrakon_names " + offer.names;
        case Offer::Kind::Files:
            return "_files";
        case Offer::Kind::Directories:
            return "_files -/";
        case Offer::Kind::Nothing:
            break;
    }
    return " ";
}

// '--reason[why]:TEXT: ', or '1:FILE:_files' for an operand.
std::string zsh_specification(const DeclaredCommand* command, const OptionSpec& option) {
    const std::string values = zsh_action(offer_for(command, option));
    if (option.is_operand()) {
        const std::string_view place = is_repeated(option)  ? "*"
                                       : option.is_required ? ""
                                                            : ":";  // "::" may be left out
        return fmt::format("'{}:{}:{}'", place, zsh_quoted(option.name), values);
    }
    const std::string flag = fmt::format("{}[{}]", option.name, zsh_quoted(short_help(option)));
    return takes_value(option)
               ? fmt::format("'{}:{}:{}'", flag, zsh_quoted(option.value_name), values)
               : fmt::format("'{}'", flag);
}

std::string zsh_specifications(const DeclaredCommand* command, const OptionSet& options,
                               std::string_view indent) {
    std::string text;
    for (const OptionSpec& option : options.options()) {
        text += fmt::format(" \\\n{}{}", indent, zsh_specification(command, option));
    }
    return text;
}

std::string described_words(std::string_view name, const std::vector<Term>& words) {
    std::string text = fmt::format("    local -a {}=(\n", name);
    for (const Term& word : words) {
        text += fmt::format("        '{}:{}'\n", word.name, zsh_quoted(word.meaning));
    }
    return text + "    )\n";
}

std::string zsh_command_case(const DeclaredCommand& command, std::string_view word,
                             std::string_view indent) {
    return fmt::format(
        "{0}{1})\n{0}    _arguments \"$common[@]\"{2}\n{0}    ;;\n", indent, word,
        zsh_specifications(&command, command.options, std::string{indent} + "        "));
}

// _ostrakon_feeds: the second word, and what is behind it.
std::string group_function(const CommandGroup& group) {
    std::vector<Term> words;
    std::string cases;
    for (const DeclaredCommand* command : group.commands) {
        const std::string word = command->description.name.substr(group.name.size() + 1);
        words.push_back({word, command->description.summary});
        cases += zsh_command_case(*command, word, "        ");
    }
    return fmt::format(
               "_ostrakon_{}() {{\n    local curcontext=$curcontext state line\n"
               "    typeset -A opt_args\n",
               group.name) +
           described_words("commands", words) +
           "    _arguments -C \"$common[@]\" '1: :->command' '*:: :->rest'\n"
           "    case $state in\n"
           "    command) _describe -t commands 'command' commands ;;\n"
           "    rest)\n"
           "        case $words[1] in\n" +
           cases + "        esac\n        ;;\n    esac\n}\n\n";
}

}  // namespace

std::string zsh_completion(const Declarations& declarations) {
    const std::vector<CommandGroup> groups = command_groups(declarations);
    std::string text{kZshHead};
    for (const CommandGroup& group : groups) {
        text += group_function(group);
    }
    text +=
        "_ostrakon() {\n    local curcontext=$curcontext state line\n    typeset -A opt_args\n"
        "    local -a ostrakon_words=(\"$words[@]\")\n    local -a common=(\n";
    for (const OptionSpec& option : declarations.common.options()) {
        text += fmt::format("        {}\n", zsh_specification(nullptr, option));
    }
    text += "        '(- *)--help[how it is used]'\n    )\n";
    text += described_words("commands", first_words(declarations));
    text +=
        "    _arguments -C \"$common[@]\" '(- *)--version[which version this is]' "
        "'1: :->command' '*:: :->rest'\n"
        "    case $state in\n"
        "    command) _describe -t commands 'command' commands ;;\n"
        "    rest)\n"
        "        case $words[1] in\n"
        "        help) _describe -t commands 'command' commands ;;\n";
    for (const DeclaredCommand* command : offered_commands(declarations)) {
        if (command->description.name.find(' ') == std::string::npos) {
            text += zsh_command_case(*command, command->description.name, "        ");
        }
    }
    for (const CommandGroup& group : groups) {
        text += fmt::format("        {0}) _ostrakon_{0} ;;\n", group.name);
    }
    return text + "        esac\n        ;;\n    esac\n}\n\n_ostrakon \"$@\"\n";
}

}  // namespace ostrakon::tool
