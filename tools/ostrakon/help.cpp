#include "help.hpp"

#include "output.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <iterator>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kWidth = 80;

std::string in_lines(std::string_view text, std::size_t indent) {
    return wrapped(text, indent, kWidth);
}

std::string term_lines(const std::vector<Term>& terms) {
    std::size_t widest = 0;
    for (const Term& term : terms) {
        widest = std::max(widest, term.name.size());
    }
    std::string text;
    for (const Term& term : terms) {
        text +=
            fmt::format("  {:<{}}  {}\n", term.name, widest, in_lines(term.meaning, widest + 4));
    }
    return text;
}

std::string option_lines(const OptionSet& options) {
    std::vector<Term> terms;
    for (const OptionSpec& option : options.options()) {
        terms.push_back({spelled(option), option.help});
    }
    return term_lines(terms);
}

std::string command_lines(const std::vector<DeclaredCommand>& commands) {
    std::vector<Term> terms;
    for (const DeclaredCommand& command : commands) {
        if (!command.description.is_hidden) {
            terms.push_back({command.description.name, command.description.summary});
        }
    }
    return term_lines(terms);
}

std::string sentences() {
    std::string text;
    for (const Term& word : words_explained()) {
        text += (text.empty() ? "" : " ") + word.meaning;
    }
    return in_lines(text, 0) + "\n";
}

std::string statuses() {
    std::string text;
    for (const Term& status : exit_statuses()) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", status.name, status.meaning);
    }
    return text + ".";
}

constexpr std::string_view kNothingChanged = "After 2, 3 and 4 nothing has changed.";

constexpr std::string_view kHead =
    "ostrakon records who is blocked, and why; ostrakond answers DNS queries with it.\n"
    "\n";

}  // namespace

std::string spelled(const OptionSpec& option) {
    return option.value_name.empty() ? option.name : option.name + " " + option.value_name;
}

bool is_repeated(const OptionSpec& option) {
    return std::holds_alternative<std::vector<std::string>*>(option.target);
}

OptionSet common_options(CommonOptions& common) {
    OptionSet options;
    options.value("--config", "FILE", common.config_file,
                  "the configuration; else /etc/ostrakon/ostrakon.toml where there is one, else "
                  "the defaults");
    options.value("--database", "DIR", common.database,
                  "the database, in place of [database] path");
    options.flag("--json", common.json, "print one JSON document");
    options.flag("--quiet", common.quiet, "print no notes, no progress and no confirmation");
    options.flag("--yes", common.yes, "do it however much it covers, and ask nothing");
    options.value("--by", "WHO", common.by,
                  "who decides this; else who called sudo, else the login");
    options.value("--wait", "DURATION", common.wait,
                  "how long to wait for another writer; else 60s");
    return options;
}

const std::vector<Term>& words_explained() {
    static const std::vector<Term> words{
        {"SUBJECT",
         "A SUBJECT is an address, prefix or range (192.0.2.7, 192.0.2.0/24, "
         "192.0.2.10-192.0.2.90, 2001:db8::/48), an ISP by its routes (AS64500), a country "
         "(country:XX), a mail address (user@example.com), a pattern over the whole name "
         "(rdns:*.adsl.example.net, rdns:/RE2/), or a name: example.com and all below it, "
         "=example.com that name alone, *.example.com only what is below."},
        {"DURATION", "A DURATION is a number and s, m, h, d, w or y, or forever."},
        {"DATE", "A DATE is 2027-01-31 or 2027-01-31T18:00:00Z; times are UTC."},
    };
    return words;
}

const std::vector<Term>& exit_statuses() {
    static const std::vector<Term> statuses{
        {"0", "done or yes"},
        {"1", "no or nothing there"},
        {"2", "wrong usage or unreadable input"},
        {"3", "refused by a safety or lifecycle rule"},
        {"4", "database or system error"},
    };
    return statuses;
}

Declarations declarations_of(CommandList all) {
    Declarations declarations{all(), {}, std::make_unique<CommonOptions>(), {}};
    declarations.common = common_options(*declarations.targets);
    for (const auto& command : declarations.commands) {
        DeclaredCommand& declared = declarations.declared.emplace_back();
        declared.command = command.get();
        declared.description = command->describe();
        command->declare(declared.options);
    }
    return declarations;
}

std::string usage_of(const DeclaredCommand& command) {
    std::string text = "ostrakon " + command.description.name;
    for (const OptionSpec& option : command.options.options()) {
        const std::string word = spelled(option) + (is_repeated(option) ? "…" : "");
        text += option.is_required ? " " + word : " [" + word + "]";
    }
    return "usage: " + in_lines(text, 7) + "\n";
}

std::string short_overview(const std::vector<DeclaredCommand>& commands) {
    return std::string{kHead} + "usage: ostrakon COMMAND …\n\n" + command_lines(commands) +
           "\n"
           "Start with `ostrakon init`. `ostrakon COMMAND --help` says more about each,\n"
           "`ostrakon --help` names the options that all of them take.\n";
}

std::string long_overview(const std::vector<DeclaredCommand>& commands, const OptionSet& common) {
    return std::string{kHead} + "usage: ostrakon COMMAND …\n\n" + command_lines(commands) +
           "\n"
           "Options of every command, before or behind its name:\n" +
           option_lines(common) + "\n" + sentences() +
           "\n"
           "Exit status: " +
           in_lines(statuses(), 0) + "\n" + std::string{kNothingChanged} + "\n";
}

std::string help_of(const DeclaredCommand& command, const OptionSet& common) {
    std::string text = usage_of(command) + "\n" + in_lines(command.description.details, 0) + "\n";
    if (!command.options.options().empty()) {
        text += "\n" + option_lines(command.options);
    }
    if (!command.description.terms.empty()) {
        text +=
            "\n" + command.description.terms_title + ":\n" + term_lines(command.description.terms);
    }
    text += "\nOptions of every command, explained by `ostrakon --help`:\n  ";
    std::string names;
    for (const OptionSpec& option : common.options()) {
        names += (names.empty() ? "" : " ") + option.name;
    }
    text += in_lines(names, 2) + "\n\nExamples:\n";
    for (const std::string& example : command.description.examples) {
        text += "  " + example + "\n";
    }
    return text;
}

}  // namespace ostrakon::tool
