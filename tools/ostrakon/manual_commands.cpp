// ostrakon(1) and a page for each word that may follow it: `man ostrakon-ban`, as git has them. One
// page of all forty commands would have each option a dozen times, and no way to find the right
// one.
#include "manual.hpp"
#include "mdoc.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::tool {
namespace {

constexpr std::string_view kNothingHasChanged = "After 2, 3 and 4 nothing has changed.";

std::string first_word(const DeclaredCommand& command) {
    return command.description.name.substr(0, command.description.name.find(' '));
}

std::string second_word(const DeclaredCommand& command) {
    return command.description.name.substr(command.description.name.find(' ') + 1);
}

std::string page_name(const std::string& word) {
    return "ostrakon-" + word;
}

// "Fl -reason Ar TEXT", or "Ar SUBJECT".
std::string option_macro(const OptionSpec& option) {
    if (option.is_operand()) {
        return "Ar " + mdoc_word(option.name);
    }
    const std::string flag = "Fl " + option.name.substr(1);
    return option.value_name.empty() ? flag : flag + " Ar " + mdoc_word(option.value_name);
}

void write_synopsis(Mdoc& page, const DeclaredCommand& command) {
    page.macro("Nm ostrakon " + command.description.name);
    for (const OptionSpec& option : command.options.options()) {
        const std::string macro = option_macro(option) + (is_repeated(option) ? " ..." : "");
        page.macro(option.is_required ? macro : "Op " + macro);
    }
}

void write_options(Mdoc& page, const OptionSet& options) {
    if (options.options().empty()) {
        return;
    }
    page.begin_list();
    for (const OptionSpec& option : options.options()) {
        std::string help = option.help;
        if (!option.choices.empty() && help.find(option.choices.back()) == std::string::npos) {
            help += fmt::format(": {}", fmt::join(option.choices, ", "));
        }
        // The macro and its words are one: item() puts a blank between two.
        const std::string macro = option_macro(option);
        page.item(macro.substr(0, 2), macro.substr(3), help + ".");
    }
    page.end_list();
}

void write_description(Mdoc& page, const DeclaredCommand& command) {
    page.text(command.description.details);
    write_options(page, command.options);
    if (!command.description.terms.empty()) {
        page.paragraph(command.description.terms_title + ":");
        page.begin_list();
        for (const Term& term : command.description.terms) {
            page.item("Cm", mdoc_word(term.name), term.meaning + ".");
        }
        page.end_list();
    }
}

using Group = std::vector<const DeclaredCommand*>;

// One group for each first word, in the order of the commands.
std::vector<Group> groups_of(const Declarations& declarations) {
    std::vector<Group> groups;
    for (const DeclaredCommand& command : declarations.declared) {
        if (command.description.is_hidden) {
            continue;
        }
        const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
            return first_word(*group.front()) == first_word(command);
        });
        if (same == groups.end()) {
            groups.push_back({&command});
        } else {
            same->push_back(&command);
        }
    }
    return groups;
}

bool has_several(const Group& group) {
    return group.front()->description.name.find(' ') != std::string::npos;
}

std::string summary_of(const Group& group) {
    if (!has_several(group)) {
        return group.front()->description.summary;
    }
    std::vector<std::string> words;
    for (const DeclaredCommand* command : group) {
        words.push_back(second_word(*command));
    }
    return fmt::format("{}: {}", first_word(*group.front()), fmt::join(words, ", "));
}

void write_examples(Mdoc& page, const Group& group) {
    page.section("EXAMPLES");
    std::string lines;
    for (const DeclaredCommand* command : group) {
        for (const std::string& example : command->description.examples) {
            lines += example + "\n";
        }
    }
    page.literal(lines);
}

ManualPage group_page(const Group& group, const std::string& date) {
    const std::string name = page_name(first_word(*group.front()));
    Mdoc page{name, 1, date, summary_of(group)};
    page.section("SYNOPSIS");
    for (const DeclaredCommand* command : group) {
        write_synopsis(page, *command);
    }
    page.section("DESCRIPTION");
    for (const DeclaredCommand* command : group) {
        if (has_several(group)) {
            page.subsection("ostrakon " + command->description.name);
        }
        write_description(page, *command);
    }
    page.paragraph(
        "The options that every command takes, what a SUBJECT, a DURATION and a DATE "
        "are, and the exit statuses are in");
    page.macro("Xr ostrakon 1 .");
    write_examples(page, group);
    const bool has_formats = name == "ostrakon-import";
    page.see_also(has_formats ? "ostrakon 1 ostrakon.toml 5 ostrakon-formats 5 ostrakond 8"
                              : "ostrakon 1 ostrakon.toml 5 ostrakond 8");
    return {name + ".1", page.take()};
}

void write_files(Mdoc& page) {
    page.section("FILES");
    page.begin_list();
    page.item("Pa", "/etc/ostrakon/ostrakon.toml", "The configuration, ostrakon.toml(5).");
    page.item("Pa", "/etc/ostrakon/zones/", "The zones, ostrakon-zone(5).");
    page.item("Pa", "/etc/ostrakon/feeds/", "The lists of others, ostrakon-feed(5).");
    page.item("Pa", "/var/lib/ostrakon/", "The database.");
    page.item("Pa", "/usr/share/ostrakon/",
              "The catalogue of feeds, the rules of dynamic names and the list of top-level "
              "domains, ostrakon-formats(5).");
    page.end_list();
}

ManualPage overview_page(const Declarations& declarations, const std::vector<Group>& groups,
                         const std::string& date) {
    Mdoc page{"ostrakon", 1, date, "record who is blocked, and why"};
    page.section("SYNOPSIS");
    page.macro("Nm ostrakon");
    page.macro("Ar COMMAND ...");
    page.section("DESCRIPTION");
    page.text(
        "Records who is blocked and why, takes in the lists of others, explains and exports; "
        "ostrakond answers DNS queries with it. What a command has reported as done is in the "
        "server's next answer. Start with `ostrakon init`.");
    page.paragraph("The commands, each with a page of its own:");
    page.begin_list();
    for (const Group& group : groups) {
        for (const DeclaredCommand* command : group) {
            page.item("Cm", command->description.name, command->description.summary + ",");
            page.macro("Xr " + page_name(first_word(*command)) + " 1 .");
        }
    }
    page.end_list();
    page.paragraph("Options of every command, before or behind its name:");
    write_options(page, declarations.common);
    page.begin_list();
    page.item("Fl", "-help", "Say how a command is used.");
    page.item("Fl", "-version", "Say which version this is.");
    page.end_list();
    for (const Term& word : words_explained()) {
        page.paragraph(word.meaning);
    }
    write_files(page);
    page.section("EXIT STATUS");
    page.begin_list();
    for (const Term& status : exit_statuses()) {
        page.item("Li", status.name, status.meaning + ".");
    }
    page.end_list();
    page.text(kNothingHasChanged);
    page.section("EXAMPLES");
    page.literal(
        "sudo ostrakon init\n"
        "sudo ostrakon ban 192.0.2.0/24 --reason \"Spam since May\"\n"
        "sudo ostrakon why 192.0.2.66\n");
    std::string pages;
    for (const Group& group : groups) {
        pages += page_name(first_word(*group.front())) + " 1 ";
    }
    page.see_also(pages +
                  "ostrakon.toml 5 ostrakon-feed 5 ostrakon-formats 5 ostrakon-zone 5 ostrakond 8");
    return {"ostrakon.1", page.take()};
}

}  // namespace

std::vector<ManualPage> command_pages(const Declarations& declarations, const std::string& date) {
    std::vector<Group> groups = groups_of(declarations);
    std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
        return first_word(*a.front()) < first_word(*b.front());
    });
    std::vector<ManualPage> pages{overview_page(declarations, groups, date)};
    for (const Group& group : groups) {
        pages.push_back(group_page(group, date));
    }
    return pages;
}

}  // namespace ostrakon::tool
