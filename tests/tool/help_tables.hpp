// What the help texts say that there is: the commands, and the options of each.
#pragma once

#include "site.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace ostrakon::test {

/// The words in a help text that begin a line and look like an option.
inline std::vector<std::string> options_in(const std::string& help) {
    std::vector<std::string> options;
    std::istringstream lines{help};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words{line};
        std::string word;
        while (words >> word && word.starts_with("-")) {
            while (!word.empty() && (word.back() == ',' || word.back() == ':')) {
                word.pop_back();
            }
            if (word.starts_with("--")) {
                options.push_back(word);
            }
        }
    }
    return options;
}

/// The options of a command; of no command those that all have.
inline std::vector<std::string> options_in_help(std::vector<std::string> command) {
    command.emplace_back("--help");
    std::string help = run_tool(command).output;
    // Those that every command has stand behind this.
    if (command.size() > 1) {
        help.resize(std::min(help.find("\nOptions of every command"), help.size()));
    }
    return options_in(help);
}

/// Every command of the overview, word by word.
inline std::vector<std::vector<std::string>> commands_in_help() {
    std::vector<std::vector<std::string>> commands;
    std::istringstream lines{run_tool({}).output};
    for (std::string line; std::getline(lines, line);) {
        const std::size_t gap = line.find("  ", 2);
        if (!line.starts_with("  ") || line.size() < 3 || line[2] == ' ' ||
            gap == std::string::npos) {
            continue;
        }
        std::istringstream words{line.substr(2, gap - 2)};
        std::vector<std::string> command;
        for (std::string word; words >> word;) {
            command.push_back(word);
        }
        commands.push_back(command);
    }
    EXPECT_GT(commands.size(), 40U);
    return commands;
}

}  // namespace ostrakon::test
