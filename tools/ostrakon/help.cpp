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

std::string spelled(const OptionSpec& option) {
    return option.value_name.empty() ? option.name : option.name + " " + option.value_name;
}

bool is_repeated(const OptionSpec& option) {
    return std::holds_alternative<std::vector<std::string>*>(option.target);
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
    std::string text;
    for (const DeclaredCommand& command : commands) {
        text += fmt::format("  {:<12}{}\n", command.description.name,
                            in_lines(command.description.summary, 14));
    }
    return text;
}

constexpr std::string_view kHead =
    "ostrakon records who is blocked, and why; ostrakond answers DNS queries with it.\n"
    "\n";

}  // namespace

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
           option_lines(common) +
           "\n"
           "A SUBJECT is an address, prefix or range (192.0.2.7, 192.0.2.0/24,\n"
           "192.0.2.10-192.0.2.90, 2001:db8::/48) or a name: example.com and all below it,\n"
           "=example.com that name alone, *.example.com only what is below.\n"
           "A DURATION is a number and s, m, h, d, w or y, or forever. A DATE is 2027-01-31\n"
           "or 2027-01-31T18:00:00Z; times are UTC.\n"
           "\n"
           "Exit status: 0 done or yes, 1 no or nothing there, 2 wrong usage or unreadable\n"
           "input, 3 refused by a safety or lifecycle rule, 4 database or system error.\n"
           "After 2, 3 and 4 nothing has changed.\n";
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
