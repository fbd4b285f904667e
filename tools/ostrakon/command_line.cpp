#include "command_line.hpp"

#include "help.hpp"
#include "ostrakon/base/printable.hpp"
#include "ostrakon/base/suggestion.hpp"

#include <fmt/format.h>
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <map>

namespace ostrakon::tool {
namespace {

constexpr int kUsageStatus = 2;
constexpr std::size_t kShownWordSizeMax = 80;

// CLI11 cuts "[a,b]" into a list, and takes the next word for the value of "--reason=". Words are
// disguised so that it does neither, and stripped of it afterwards.
constexpr char kDisguise = '\x1F';

std::vector<std::string> disguised(int argc, const char* const* argv) {
    std::vector<std::string> words;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const bool is_bracketed = word.size() > 1 && word.front() == '[' && word.back() == ']';
        const bool has_empty_value =
            word.size() > 3 && word.substr(0, 2) == "--" && word.find('=') == word.size() - 1;
        if (is_bracketed || (!word.empty() && word.front() == kDisguise)) {
            words.push_back(kDisguise + word);
        } else if (has_empty_value) {
            words.push_back(word.substr(0, word.size() - 1));
            words.emplace_back();
        } else {
            words.push_back(word);
        }
    }
    if (!words.empty() && words.front() == "help") {
        words.erase(words.begin());
        words.emplace_back("--help");
    }
    return words;
}

void undisguise(std::string& word) {
    if (!word.empty() && word.front() == kDisguise) {
        word.erase(0, 1);
    }
}

void undisguise(const OptionSet& options) {
    for (const OptionSpec& option : options.options()) {
        if (auto* const* text = std::get_if<std::string*>(&option.target)) {
            undisguise(**text);
        } else if (auto* const* maybe = std::get_if<std::optional<std::string>*>(&option.target);
                   maybe != nullptr && *maybe != nullptr && **maybe) {
            undisguise(***maybe);
        } else if (auto* const* list = std::get_if<std::vector<std::string>*>(&option.target)) {
            for (std::string& word : **list) {
                undisguise(word);
            }
        }
    }
}

void declare(CLI::App& app, const OptionSet& options) {
    for (const OptionSpec& spec : options.options()) {
        CLI::Option* option = std::visit(
            [&](auto* target) -> CLI::Option* {
                if constexpr (std::is_same_v<decltype(target), bool*>) {
                    return app.add_flag(spec.name, *target, spec.help)->disable_flag_override();
                } else {
                    return app.add_option(spec.name, *target, spec.help);
                }
            },
            spec.target);
        option->required(spec.is_required);
    }
}

// The words of the call, read into an App and the commands' options.
class Reader {
public:
    explicit Reader(const std::vector<std::unique_ptr<Command>>& commands)
        : common_options_(common_options(common_)) {
        root_.set_help_flag("-h,--help");
        root_.add_flag("--version", wants_version_);
        root_.require_subcommand(0, 1);
        declare(root_, common_options_);
        declared_.reserve(commands.size());
        for (const auto& command : commands) {
            DeclaredCommand& declared = declared_.emplace_back();
            declared.command = command.get();
            declared.description = command->describe();
            command->declare(declared.options);
            CLI::App& app = app_of(declared.description.name);
            declare(app, declared.options);
            by_app_[&app] = &declared;
            if (declared.description.is_for_its_group) {
                app.get_parent()->require_subcommand(0, 1);
                by_group_[app.get_parent()] = &declared;
            }
        }
    }

    Call read(int argc, const char* const* argv) {
        std::vector<std::string> words = disguised(argc, argv);
        std::reverse(words.begin(), words.end());  // as CLI11 wants them
        try {
            root_.parse(words);
        } catch (const CLI::CallForHelp&) {
            return print(help());
        } catch (const CLI::ParseError& error) {
            return wrong(mistake(error));
        }
        if (wants_version_) {
            return print("ostrakon " OSTRAKON_VERSION "\n");
        }
        const CLI::App* const app = deepest();
        const auto group = by_group_.find(app);
        const auto chosen = group != by_group_.end() ? group : by_app_.find(app);
        if (chosen == by_app_.end()) {
            return print(short_overview(declared_));
        }
        undisguise(common_options_);
        undisguise(chosen->second->options);
        return {chosen->second->command, std::move(common_), "", 0};
    }

private:
    // "zone list" is `list` within `zone`.
    CLI::App& app_of(const std::string& name) {
        CLI::App* parent = &root_;
        std::string_view rest = name;
        if (const std::size_t blank = rest.find(' '); blank != std::string_view::npos) {
            const std::string group{rest.substr(0, blank)};
            const auto groups = root_.get_subcommands(
                [&group](const CLI::App* app) { return app->get_name() == group; });
            if (groups.empty()) {
                parent = root_.add_subcommand(group);
                parent->require_subcommand(1);
                parent->fallthrough();
            } else {
                parent = groups.front();
            }
            rest.remove_prefix(blank + 1);
        }
        CLI::App* const app = parent->add_subcommand(std::string{rest});
        app->fallthrough();
        return *app;
    }

    CLI::App* deepest() {
        CLI::App* app = &root_;
        while (!app->get_subcommands().empty()) {
            app = app->get_subcommands().front();
        }
        return app;
    }

    std::string help() {
        CLI::App* const app = deepest();
        if (const auto chosen = by_app_.find(app); chosen != by_app_.end()) {
            return help_of(*chosen->second, common_options_);
        }
        if (app == &root_) {
            return long_overview(declared_, common_options_);
        }
        std::string text;
        for (const DeclaredCommand* command : below(app->get_name())) {
            text += (text.empty() ? "" : "\n") + help_of(*command, common_options_);
        }
        return text;
    }

    std::vector<const DeclaredCommand*> below(const std::string& group) const {
        std::vector<const DeclaredCommand*> found;
        for (const DeclaredCommand& command : declared_) {
            if (command.description.name.rfind(group + " ", 0) == 0) {
                found.push_back(&command);
            }
        }
        return found;
    }

    // Words that nothing took.
    static std::vector<std::string> left_over(const CLI::App& app) {
        for (const CLI::App* at = &app; at != nullptr; at = at->get_parent()) {
            if (auto words = at->remaining(); !words.empty()) {
                std::for_each(words.begin(), words.end(),
                              [](std::string& word) { undisguise(word); });
                return words;
            }
        }
        return {};
    }

    std::vector<std::string> option_names(const DeclaredCommand* chosen) const {
        std::vector<std::string> names;
        for (const OptionSpec& option : common_options_.options()) {
            names.push_back(option.name);
        }
        if (chosen != nullptr) {
            for (const OptionSpec& option : chosen->options.options()) {
                names.push_back(option.name);
            }
        }
        return names;
    }

    std::vector<std::string> command_names() const {
        std::vector<std::string> names;
        for (const DeclaredCommand& declared : declared_) {
            const std::string& name = declared.description.name;
            if (!declared.description.is_hidden) {
                names.push_back(name.substr(0, name.find(' ')));
            }
        }
        return names;
    }

    // A command or an option that does not exist, or one word too many.
    std::string unexpected_word(std::string word, const DeclaredCommand* chosen) const {
        const bool is_option = word.size() > 1 && word.front() == '-';
        if (is_option) {
            word.resize(std::min(word.find('='), word.size()));
        }
        const std::string shown = printable(word, kShownWordSizeMax);
        if (!is_option && chosen != nullptr) {
            return fmt::format(
                "\"{}\" is one word too many (put quotes around a text of several words)", shown);
        }
        const auto meant = suggestion(word, is_option ? option_names(chosen) : command_names());
        const std::string hint = meant ? fmt::format(" (did you mean {}?)", *meant) : "";
        return is_option ? fmt::format("there is no option {}{}", shown, hint)
                         : fmt::format("there is no command \"{}\"{}", shown, hint);
    }

    // What is wrong, in our words where CLI11's are of no help.
    std::string why(const CLI::ParseError& error, const CLI::App& app,
                    const DeclaredCommand* chosen) const {
        // What is required may be missing because its name was mistyped.
        if (const auto words = left_over(app); !words.empty()) {
            return unexpected_word(words.front(), chosen);
        }
        std::string text = error.what();
        if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ArgumentMismatch)) {
            const bool is_repeated = text.find("received") != std::string::npos;
            return text.substr(0, text.find(':')) +
                   (is_repeated ? " is given more than once" : " needs a value");
        }
        return text;
    }

    std::string mistake(const CLI::ParseError& error) {
        const CLI::App* const app = deepest();
        const auto found = by_app_.find(app);
        const DeclaredCommand* const chosen = found == by_app_.end() ? nullptr : found->second;
        if (chosen != nullptr) {
            return fmt::format(
                "ostrakon {0}: {1}\n{2}example: {3}\n`ostrakon {0} --help` says more\n",
                chosen->description.name, why(error, *app, chosen), usage_of(*chosen),
                chosen->description.examples.front());
        }
        if (app == &root_) {
            return fmt::format("ostrakon: {}\n`ostrakon --help` names the commands\n",
                               why(error, *app, chosen));
        }
        std::string text;
        for (const DeclaredCommand* command : below(app->get_name())) {
            text += (text.empty() ? "" : " or ") +
                    fmt::format("`ostrakon {}`", command->description.name);
        }
        return fmt::format("ostrakon {}: write {}\n", app->get_name(), text);
    }

    static Call print(std::string text) { return {nullptr, {}, std::move(text), 0}; }
    static Call wrong(std::string text) { return {nullptr, {}, std::move(text), kUsageStatus}; }

    CommonOptions common_;
    OptionSet common_options_;
    bool wants_version_ = false;
    CLI::App root_;
    std::vector<DeclaredCommand> declared_;
    std::map<const CLI::App*, const DeclaredCommand*> by_app_;
    std::map<const CLI::App*, const DeclaredCommand*>
        by_group_;  // what the group's name alone means
};

}  // namespace

Call read_command_line(int argc, const char* const* argv,
                       const std::vector<std::unique_ptr<Command>>& commands) {
    return Reader{commands}.read(argc, argv);
}

}  // namespace ostrakon::tool
