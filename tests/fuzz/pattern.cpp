// Property: the first line of the input as a pattern is taken, or refused with words.
//
// One that is taken has one spelling, and matches the names on the other lines alike in each of the
// ways in which the project matches.
#include "target.hpp"

#include "ostrakon/dns/name.hpp"
#include "ostrakon/pattern/name_text.hpp"
#include "ostrakon/pattern/pattern_set.hpp"
#include "ostrakon/policy/subject.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace ostrakon;
using fuzz::require;

constexpr std::size_t kNamesMax = 20;

void check_pattern(const pattern::Pattern& parsed) {
    const policy::Subject subject{parsed};
    const std::string spelled = policy::to_string(subject);
    const auto again = policy::parse_subject(spelled);
    require(again && *again == subject, "it is read back");
    require(policy::default_class(subject) == "dynamic", "its class is dynamic");
    require(policy::lies_in(subject, subject), "it lies in itself");
    const std::string_view end = pattern::literal_end(parsed.text);
    require(parsed.text.ends_with(end), "its end is its end");
    if (!end.empty()) {
        const auto name = dns::parse_name(end);
        require(name && dns::to_string(*name) == end, "the end is a name");
        require(name->label_count() == pattern::literal_label_count(parsed.text),
                "the labels of its end are counted");
        require(policy::lies_in(subject, policy::NameSubject{*name, policy::NameScope::Tree}),
                "it lies below its end");
    }
}

void check_name(const pattern::Pattern& parsed, const pattern::PatternSet& set,
                const dns::Name& name) {
    const std::string text = dns::to_string(name);
    require(pattern::NameText{dns::reversed_key(name)}.view() == text,
            "a key is spelled as its name");
    const bool holds = pattern::matches(parsed.text, text);
    std::vector<int> matching;
    const pattern::MatchResult found = set.match(text, matching);
    require(found == pattern::MatchResult::Failed || (found == pattern::MatchResult::Some) == holds,
            "a set matches alike");
    require(found != pattern::MatchResult::Some || matching == std::vector<int>{0},
            "a set names what matches");
    const std::string_view end = pattern::literal_end(parsed.text);
    if (holds && !end.empty()) {
        require(name.is_at_or_below(*dns::parse_name(end)), "what matches lies below the end");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    std::string_view input = fuzz::as_text(bytes, size);
    const std::size_t line_end = std::min(input.find('\n'), input.size());
    const auto subject = policy::parse_subject(std::string{policy::kPatternMark} +
                                               std::string{input.substr(0, line_end)});
    if (!subject) {
        require(!subject.error().why.empty(), "a refusal says why");
        return 0;
    }
    const auto& parsed = std::get<pattern::Pattern>(*subject);
    check_pattern(parsed);
    const std::vector<std::string> alone{parsed.text};
    const auto set = pattern::PatternSet::compile(alone);
    if (!set) {  // more than there is memory for
        return 0;
    }
    for (std::size_t i = 0; i < kNamesMax && input.size() > line_end; ++i) {
        input.remove_prefix(std::min(input.find('\n') + 1, input.size()));
        const auto name = dns::parse_name(input.substr(0, input.find('\n')));
        if (name) {
            check_name(parsed, *set, *name);
        }
        if (input.find('\n') == std::string_view::npos) {
            break;
        }
    }
    return 0;
}
