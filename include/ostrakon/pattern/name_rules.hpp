// The rules by which a host name says that its line is dynamic, and what they say of a name. Their
// file (share/dynamic-names.conf) explains them to those who edit it.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/pattern/pattern_set.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::pattern {

/// Bytes of a file of rules, and expressions that it may have.
inline constexpr std::size_t kRulesFileSizeMax = std::size_t{64} << 10;
inline constexpr std::size_t kRulesMax = 1000;
/// Bytes that the rules of one kind may take while names are matched.
inline constexpr std::int64_t kRulesMemoryMax = std::int64_t{4} << 20;

enum class RuleKind : std::uint8_t {
    Digits,    ///< With Dynamic.
    Dynamic,   ///< With Digits.
    Address,   ///< With Customer.
    Customer,  ///< With Address.
    Name,      ///< By itself.
    Except,    ///< Not dynamic, whatever else matches.
};
inline constexpr std::size_t kRuleKinds = 6;

struct NameRule {
    std::string written;  ///< As the file has it.
    std::string regex;    ///< In slashes.
};

struct NameRules {
    std::array<std::vector<NameRule>, kRuleKinds> rules;

    const std::vector<NameRule>& of(RuleKind kind) const {
        return rules[static_cast<std::size_t>(kind)];
    }
};

/// Reads the text of a file of rules; mistakes are named with `file` and line, all at once.
Result<NameRules> parse_name_rules(std::string_view text, const std::string& file);

/// Rules made ready, for one thread at a time.
class NameClassifier {
public:
    /// Nothing if the rules together need more memory than there is.
    static std::optional<NameClassifier> compile(std::shared_ptr<const NameRules> rules);

    /// Whether a name, spelled as dns::to_string does it, is that of a dynamic line. Allocates
    /// nothing that lasts.
    MatchResult classify(std::string_view name) const;

    /// The rules that make a name dynamic, in words: "its name has *dsl and /[0-9]/"; empty where
    /// none does. Does not ask for what is excepted.
    std::string reason(std::string_view name) const;

private:
    MatchResult match(RuleKind kind, std::string_view name) const {
        return sets_[static_cast<std::size_t>(kind)].match(name);
    }
    /// Some: both match.
    MatchResult match(RuleKind first, RuleKind second, std::string_view name) const;
    const NameRule* first_match(RuleKind kind, std::string_view name) const;

    std::shared_ptr<const NameRules> rules_;
    std::array<PatternSet, kRuleKinds> sets_;
};

}  // namespace ostrakon::pattern
