#include "name_knowledge.hpp"

#include "messages.hpp"
#include "ostrakon/config/name_rules_file.hpp"
#include "ostrakon/config/tld_file.hpp"

namespace ostrakon::tool {

LoadedNameKnowledge read_name_knowledge(const config::Settings& settings,
                                        const CommonOptions& common) {
    LoadedNameKnowledge knowledge;
    if (auto rules = config::read_name_rules(settings)) {
        knowledge.dynamic_names = pattern::NameClassifier::compile(std::move(*rules));
    } else {
        note("whether a name is that of a dynamic line is not looked at: " + message(rules.error()),
             common.quiet);
    }
    if (auto list = config::read_top_level_domains(settings)) {
        knowledge.top_level_domains = std::move(*list);
    } else {
        note("whether a top-level domain is known is not looked at: " + message(list.error()),
             common.quiet);
    }
    return knowledge;
}

}  // namespace ostrakon::tool
