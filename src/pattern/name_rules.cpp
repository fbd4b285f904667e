#include "ostrakon/pattern/name_rules.hpp"

#include "ostrakon/pattern/pattern.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace ostrakon::pattern {
namespace {

constexpr std::array<std::string_view, kRuleKinds> kKindWords{"digits",   "dynamic", "address",
                                                              "customer", "name",    "except"};
constexpr std::string_view kBlanks = " \t\r";

std::string_view take_word(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
    line.remove_prefix(word.size());
    return word;
}

bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || c == '-' || c == '*';
}

// A word between anything that is no letter. Behind the last label nothing is: "mx" is a country
// there, "net" a registry.
std::string regex_of_word(std::string_view word) {
    std::string regex = "/(^|[^a-z])";
    for (const char c : word) {
        regex += c == '*' ? std::string{"[a-z]*"} : std::string{c};
    }
    return regex + "[^a-z]/";
}

Result<NameRule> parse_rule(std::string_view written) {
    NameRule rule{std::string{written}, {}};
    if (written.starts_with('/')) {
        auto regex = parse(written);
        if (!regex) {
            return Unexpected{std::move(regex.error())};
        }
        rule.regex = std::move(regex->text);
        return rule;
    }
    if (!std::all_of(written.begin(), written.end(), is_word_character) ||
        written.find_first_not_of('*') == std::string_view::npos ||
        written.size() > kPatternSizeMax / 8) {
        return Unexpected{Error{ErrorCode::Usage, "",
                                "is no word of a to z, - and *, and no /regular expression/", ""}};
    }
    rule.regex = regex_of_word(written);
    return rule;
}

void add_problem(std::string& problems, const std::string& file, std::size_t line,
                 const std::string& text) {
    problems += fmt::format("{}{}:{}: {}", problems.empty() ? "" : "\n", file, line, text);
}

// The rules of one line, or what is wrong with it.
void parse_line(std::string_view line, const std::string& file, std::size_t number,
                NameRules& rules, std::size_t& count, std::string& problems) {
    if (line.find_first_not_of(kBlanks) == std::string_view::npos ||
        line[line.find_first_not_of(kBlanks)] == '#') {
        return;
    }
    const std::string_view word = take_word(line);
    const auto kind = std::find(kKindWords.begin(), kKindWords.end(), word);
    if (kind == kKindWords.end()) {
        add_problem(problems, file, number,
                    fmt::format("\"{}\" is no kind of rule; these are {}", word,
                                fmt::join(kKindWords, ", ")));
        return;
    }
    auto& of_kind = rules.rules[static_cast<std::size_t>(kind - kKindWords.begin())];
    for (std::string_view written = take_word(line); !written.empty(); written = take_word(line)) {
        auto rule = parse_rule(written);
        if (!rule) {
            add_problem(problems, file, number,
                        fmt::format("{} {}", written, message(rule.error())));
        } else if (++count <= kRulesMax) {
            of_kind.push_back(std::move(*rule));
        }
    }
}

std::vector<std::string> texts_of(const std::vector<NameRule>& rules) {
    std::vector<std::string> texts;
    texts.reserve(rules.size());
    for (const NameRule& rule : rules) {
        texts.push_back(rule.regex);
    }
    return texts;
}

}  // namespace

Result<NameRules> parse_name_rules(std::string_view text, const std::string& file) {
    NameRules rules;
    std::string problems;
    std::size_t count = 0;
    if (text.size() > kRulesFileSizeMax) {
        return Unexpected{Error{ErrorCode::Usage, "read " + file,
                                fmt::format("it has more than {} bytes", kRulesFileSizeMax), ""}};
    }
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        parse_line(text.substr(0, end), file, number, rules, count, problems);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (count > kRulesMax) {
        problems = fmt::format("{}: has {} rules, more than {}", file, count, kRulesMax);
    }
    if (problems.empty() && !NameClassifier::compile(std::make_shared<NameRules>(rules))) {
        problems = file + ": the rules of one kind take too much memory together";
    }
    if (!problems.empty()) {
        return Unexpected{Error{ErrorCode::Usage, problems, "", ""}};
    }
    return rules;
}

std::optional<NameClassifier> NameClassifier::compile(
    std::shared_ptr<const NameRules> rules) {
    NameClassifier classifier;
    for (std::size_t kind = 0; kind < kRuleKinds; ++kind) {
        auto set = PatternSet::compile(texts_of(rules->rules[kind]), kRulesMemoryMax);
        if (!set) {
            return std::nullopt;
        }
        classifier.sets_[kind] = std::move(*set);
    }
    classifier.rules_ = std::move(rules);
    return classifier;
}

MatchResult NameClassifier::match(RuleKind first, RuleKind second, std::string_view name) const {
    const MatchResult one = match(first, name);
    return one == MatchResult::Some ? match(second, name) : one;
}

MatchResult NameClassifier::classify(std::string_view name) const {
    MatchResult found = match(RuleKind::Digits, RuleKind::Dynamic, name);
    if (found == MatchResult::None) {
        found = match(RuleKind::Address, RuleKind::Customer, name);
    }
    if (found == MatchResult::None) {
        found = match(RuleKind::Name, name);
    }
    if (found != MatchResult::Some) {
        return found;
    }
    switch (match(RuleKind::Except, name)) {
        case MatchResult::Some:
            return MatchResult::None;
        case MatchResult::Failed:
            return MatchResult::Failed;
        case MatchResult::None:
            break;
    }
    return MatchResult::Some;
}

// The first one in the file.
const NameRule* NameClassifier::first_match(RuleKind kind, std::string_view name) const {
    const auto place = static_cast<std::size_t>(kind);
    std::vector<int> matching;
    sets_[place].match(name, matching);
    const auto first = std::min_element(matching.begin(), matching.end());
    return first == matching.end() ? nullptr
                                   : &rules_->rules[place][static_cast<std::size_t>(*first)];
}

std::string NameClassifier::reason(std::string_view name) const {
    constexpr std::array kPairs{std::pair{RuleKind::Dynamic, RuleKind::Digits},
                                std::pair{RuleKind::Customer, RuleKind::Address}};
    for (const auto& [word, number] : kPairs) {
        const NameRule* one = first_match(word, name);
        const NameRule* other = one == nullptr ? nullptr : first_match(number, name);
        if (other != nullptr) {
            return fmt::format("its name has {} and {}", one->written, other->written);
        }
    }
    const NameRule* alone = first_match(RuleKind::Name, name);
    return alone == nullptr ? std::string{} : "its name has " + alone->written;
}

}  // namespace ostrakon::pattern
