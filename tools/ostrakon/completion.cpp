// ostrakon completion: what a shell needs to complete calls of this program.
#include "completion.hpp"

#include "arguments.hpp"
#include "ostrakon/base/printable.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kShownShellSizeMax = 40;
constexpr std::size_t kShortHelpSizeMax = 70;

// "removal|allow": words that stand for themselves.
std::vector<std::string> words_in(std::string_view value_name) {
    const bool is_list = std::all_of(value_name.begin(), value_name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || c == '|' || c == '-';
    });
    std::vector<std::string> words;
    if (!is_list || value_name.find('|') == std::string_view::npos) {
        return words;
    }
    while (!value_name.empty()) {
        const std::size_t end = std::min(value_name.find('|'), value_name.size());
        words.emplace_back(value_name.substr(0, end));
        value_name.remove_prefix(std::min(end + 1, value_name.size()));
    }
    return words;
}

// The formats of a command are its terms; of one with variants, "csv:COLUMN", only the user knows
// the rest.
std::vector<std::string> plain_terms(const std::vector<Term>& terms) {
    std::vector<std::string> words;
    for (const Term& term : terms) {
        if (term.name.find(':') == std::string::npos) {
            words.push_back(term.name);
        }
    }
    return words;
}

// Names that a site has, by where they are asked for.
std::string names_for(const DeclaredCommand* command, const OptionSpec& option) {
    if (option.name == "--class") {
        return "classes";
    }
    if (option.name == "--zone" || option.name == "ZONE") {
        return "zones";
    }
    if (option.name == "--source" || option.name == "FEED") {
        return "feeds";
    }
    if (command == nullptr || option.name != "NAME") {
        return "";
    }
    const std::string& name = command->description.name;
    if (name == "feeds add" || name == "feeds catalogue") {
        return "catalogue";
    }
    if (name.starts_with("feeds ")) {
        return "feeds";
    }
    return name.starts_with("zone ") ? "zones" : "";
}

class CompletionCommand : public Command {
public:
    explicit CompletionCommand(CommandList all) : all_(all) {}
    Description describe() const override {
        return {
            .name = "completion",
            .summary = "what a shell needs to complete calls",
            .details =
                "Prints a script that completes commands, options and values of this program: "
                "words of the program itself, and the zones, feeds and classes of the site. The "
                "Debian package has installed all three.",
            .examples = {"ostrakon completion bash > "
                         "~/.local/share/bash-completion/completions/ostrakon",
                         "ostrakon completion zsh > ~/.zfunc/_ostrakon",
                         "ostrakon completion fish > ~/.config/fish/completions/ostrakon.fish"}};
    }
    void declare(OptionSet& options) override {
        options.operand("bash|zsh|fish", shell_, "the shell");
    }
    Result<Outcome> run(const CommonOptions& /*common*/) override {
        struct Shell {
            std::string_view name;
            std::string (*script)(const Declarations&);
        };
        constexpr std::array<Shell, 3> kShells{
            {{"bash", bash_completion}, {"zsh", zsh_completion}, {"fish", fish_completion}}};
        for (const Shell& shell : kShells) {
            if (shell.name == shell_) {
                return Outcome{0, shell.script(declarations_of(all_))};
            }
        }
        return wrong_usage(fmt::format("completion \"{}\"", printable(shell_, kShownShellSizeMax)),
                           "is no shell that is known here", "write bash, zsh or fish");
    }

private:
    CommandList all_;
    std::string shell_;
};

}  // namespace

Offer offer_for(const DeclaredCommand* command, const OptionSpec& option) {
    const std::string& value_name = option.is_operand() ? option.name : option.value_name;
    if (!option.choices.empty()) {
        return {Offer::Kind::Words, option.choices, {}};
    }
    if (auto words = words_in(value_name); !words.empty()) {
        return {Offer::Kind::Words, std::move(words), {}};
    }
    if (option.name == "--format" && command != nullptr) {
        return {Offer::Kind::Words, plain_terms(command->description.terms), {}};
    }
    if (std::string names = names_for(command, option); !names.empty()) {
        return {Offer::Kind::Names, {}, std::move(names)};
    }
    if (value_name.starts_with("FILE")) {
        return {Offer::Kind::Files, {}, {}};
    }
    return {value_name == "DIR" ? Offer::Kind::Directories : Offer::Kind::Nothing, {}, {}};
}

std::vector<const DeclaredCommand*> offered_commands(const Declarations& declarations) {
    std::vector<const DeclaredCommand*> commands;
    for (const DeclaredCommand& command : declarations.declared) {
        if (!command.description.is_hidden) {
            commands.push_back(&command);
        }
    }
    return commands;
}

std::vector<CommandGroup> command_groups(const Declarations& declarations) {
    std::vector<CommandGroup> groups;
    for (const DeclaredCommand* command : offered_commands(declarations)) {
        const std::string& name = command->description.name;
        const std::size_t blank = name.find(' ');
        if (blank == std::string::npos) {
            continue;
        }
        if (groups.empty() || groups.back().name != name.substr(0, blank)) {
            groups.push_back({name.substr(0, blank), {}});
        }
        groups.back().commands.push_back(command);
    }
    return groups;
}

std::vector<Term> first_words(const Declarations& declarations) {
    std::vector<Term> words;
    for (const DeclaredCommand* command : offered_commands(declarations)) {
        const std::string& name = command->description.name;
        const std::size_t blank = name.find(' ');
        if (blank == std::string::npos) {
            words.push_back({name, command->description.summary});
        }
    }
    for (const CommandGroup& group : command_groups(declarations)) {
        std::vector<std::string> seconds;
        for (const DeclaredCommand* command : group.commands) {
            seconds.push_back(command->description.name.substr(group.name.size() + 1));
        }
        words.push_back({group.name, fmt::format("{}", fmt::join(seconds, ", "))});
    }
    words.push_back({"help", "how a command is used"});
    return words;
}

std::string short_help(const OptionSpec& option) {
    std::string help = option.help.substr(0, option.help.find(';'));
    if (help.size() > kShortHelpSizeMax) {
        help.resize(std::min(help.rfind(' ', kShortHelpSizeMax), help.size()));
        help += " …";
    }
    return help;
}

bool takes_value(const OptionSpec& option) {
    return !option.value_name.empty();
}

std::unique_ptr<Command> make_completion(CommandList all) {
    return std::make_unique<CompletionCommand>(all);
}

}  // namespace ostrakon::tool
