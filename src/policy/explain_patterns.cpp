#include "explain_patterns.hpp"

#include "ostrakon/config/name_rules_file.hpp"
#include "ostrakon/pattern/name_text.hpp"
#include "ostrakon/policy/patterns.hpp"

namespace ostrakon::policy {

void find_free_patterns(const store::Transaction& transaction, const Catalogue& catalogue,
                        std::string_view key, MatchList& found) {
    const pattern::NameText name{key};
    for (const std::string& text : matching_free_patterns(transaction, name.view())) {
        find_pattern_matches(transaction, catalogue, text, found);
    }
}

Result<std::string> dynamic_reason(const config::Settings& settings,
                                   const std::vector<zone::Zone>& zones, std::string_view key) {
    if (!config::serve_dynamic_names(zones)) {
        return std::string{};
    }
    const auto rules = config::read_name_rules(settings);
    if (!rules) {
        return Unexpected{rules.error()};
    }
    const auto classifier = pattern::NameClassifier::compile(*rules);
    const pattern::NameText name{key};
    return classifier && classifier->classify(name.view()) == pattern::MatchResult::Some
               ? classifier->reason(name.view())
               : std::string{};
}

}  // namespace ostrakon::policy
