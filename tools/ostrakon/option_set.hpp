// The options and operands of a command, as data: what the command line reads them into and what
// the help says of them.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ostrakon::tool {

/// One option ("--reason") or operand ("SUBJECT"). The target is where its value goes; it outlives
/// the command line.
struct OptionSpec {
    using Target =
        std::variant<bool*, std::string*, std::optional<std::string>*, std::vector<std::string>*>;

    std::string name;        ///< "--reason", or "SUBJECT" for an operand.
    std::string value_name;  ///< "TEXT"; empty for flags and operands.
    std::string help;
    Target target;
    bool is_required = false;
    std::vector<std::string> choices = {};  ///< The words that it takes, where these are few.

    bool is_operand() const { return name.front() != '-'; }
};

/// Collects what a command takes, in the order in which its help shows it.
class OptionSet {
public:
    void flag(std::string name, bool& target, std::string help) {
        options_.push_back({std::move(name), "", std::move(help), &target, false});
    }
    void value(std::string name, std::string value_name, std::optional<std::string>& target,
               std::string help) {
        options_.push_back(
            {std::move(name), std::move(value_name), std::move(help), &target, false});
    }
    /// One of these words.
    void choice(std::string name, std::string value_name, std::optional<std::string>& target,
                std::string help, std::vector<std::string> choices) {
        value(std::move(name), std::move(value_name), target, std::move(help));
        options_.back().choices = std::move(choices);
    }
    void required_value(std::string name, std::string value_name, std::string& target,
                        std::string help) {
        options_.push_back(
            {std::move(name), std::move(value_name), std::move(help), &target, true});
    }
    void operand(std::string name, std::string& target, std::string help) {
        options_.push_back({std::move(name), "", std::move(help), &target, true});
    }
    void optional_operand(std::string name, std::optional<std::string>& target, std::string help) {
        options_.push_back({std::move(name), "", std::move(help), &target, false});
    }
    /// None or more.
    void optional_operands(std::string name, std::vector<std::string>& target, std::string help) {
        options_.push_back({std::move(name), "", std::move(help), &target, false});
    }
    /// One or more.
    void operands(std::string name, std::vector<std::string>& target, std::string help) {
        options_.push_back({std::move(name), "", std::move(help), &target, true});
    }
    const std::vector<OptionSpec>& options() const { return options_; }

private:
    std::vector<OptionSpec> options_;
};

}  // namespace ostrakon::tool
