#include "ostrakon/pattern/pattern_set.hpp"

#include "regex.hpp"

#include <re2/set.h>

namespace ostrakon::pattern {
namespace {

// A glob as a regular expression.
std::string regex_of_glob(std::string_view glob) {
    std::string regex = "^";
    while (true) {
        const std::size_t star = glob.find('*');
        regex += re2::RE2::QuoteMeta(piece(glob.substr(0, star)));
        if (star == std::string_view::npos) {
            return regex + "$";
        }
        regex += ".*";
        glob.remove_prefix(star + 1);
    }
}

}  // namespace

struct PatternSet::Set {
    explicit Set(std::int64_t memory_max)
        : patterns{regex_options(memory_max), re2::RE2::UNANCHORED} {}

    re2::RE2::Set patterns;
};

PatternSet::PatternSet() = default;
PatternSet::PatternSet(PatternSet&&) noexcept = default;
PatternSet& PatternSet::operator=(PatternSet&&) noexcept = default;
PatternSet::~PatternSet() = default;

std::optional<PatternSet> PatternSet::compile(std::span<const std::string> patterns,
                                              std::int64_t memory_max) {
    PatternSet compiled;
    if (patterns.empty()) {
        return compiled;
    }
    if (patterns.size() > kSetPatternsMax) {
        return std::nullopt;
    }
    compiled.set_ = std::make_unique<Set>(memory_max);
    for (const std::string& pattern : patterns) {
        const bool is_regex = pattern.starts_with('/');
        const std::string regex =
            is_regex ? std::string{inside_slashes(pattern)} : regex_of_glob(pattern);
        if (compiled.set_->patterns.Add(regex, nullptr) < 0) {
            return std::nullopt;
        }
    }
    if (!compiled.set_->patterns.Compile()) {
        return std::nullopt;
    }
    return compiled;
}

MatchResult PatternSet::match(std::string_view name) const {
    if (!set_) {
        return MatchResult::None;
    }
    re2::RE2::Set::ErrorInfo error{re2::RE2::Set::kNoError};
    if (set_->patterns.Match(piece(name), nullptr, &error)) {
        return MatchResult::Some;
    }
    return error.kind == re2::RE2::Set::kNoError ? MatchResult::None : MatchResult::Failed;
}

MatchResult PatternSet::match(std::string_view name, std::vector<int>& matching) const {
    matching.clear();
    // Most names match nothing, and to hear only that costs no allocation.
    if (const MatchResult any = match(name); any != MatchResult::Some) {
        return any;
    }
    re2::RE2::Set::ErrorInfo error{re2::RE2::Set::kNoError};
    return set_->patterns.Match(piece(name), &matching, &error) ? MatchResult::Some
                                                                : MatchResult::Failed;
}

}  // namespace ostrakon::pattern
