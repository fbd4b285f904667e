#include "dynamic_names.hpp"

#include "messages.hpp"
#include "ostrakon/config/name_rules_file.hpp"

namespace ostrakon::tool {

std::optional<pattern::NameClassifier> dynamic_names_of(const config::Settings& settings,
                                                        const CommonOptions& common) {
    auto rules = config::read_name_rules(settings);
    if (!rules) {
        note("whether a name is that of a dynamic line is not looked at: " + message(rules.error()),
             common.quiet);
        return std::nullopt;
    }
    return pattern::NameClassifier::compile(std::move(*rules));
}

}  // namespace ostrakon::tool
