// What `ban` and `allow` have in common: their options, and how a decision is recorded.
#pragma once

#include "command.hpp"
#include "ostrakon/policy/decide.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ostrakon::tool {

/// The words of a `ban` or `allow`.
struct DecisionOptions {
    std::vector<std::string> subjects;
    std::string reason;
    std::optional<std::string> listing_class;
    std::optional<std::string> code;
    std::optional<std::string> length;
    std::optional<std::string> until;
    std::optional<std::string> evidence;
    bool exact = false;
    bool override_never = false;
    bool dry_run = false;
};

/// Says what a change that is about to be made covers, where it is more than one address or name.
void note_cost(const policy::Coverage& cost, bool quiet);

/// --for and --until.
void declare_expiry(OptionSet& options, std::optional<std::string>& length,
                    std::optional<std::string>& until);

/// Records `options`; subjects are widened to a /64 unless `is_exact`.
Result<Outcome> record_decision(const DecisionOptions& options, bool is_exact,
                                const std::string& command, const CommonOptions& common);

}  // namespace ostrakon::tool
