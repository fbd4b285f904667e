#include "ostrakon/verdict/read_rulebook.hpp"

#include "ostrakon/config/name_rules_file.hpp"
#include "ostrakon/config/tld_file.hpp"

#include <utility>

namespace ostrakon::verdict {

Result<std::shared_ptr<Rulebook>> read_rulebook(const config::Settings& settings,
                                                config::Zones& zones, UnixTime now) {
    auto rulebook = std::make_shared<Rulebook>();
    rulebook->zones = std::move(zones.zones);
    rulebook->classes = settings.classes;
    rulebook->protect = settings.protect;
    rulebook->web_url = settings.web.url;
    if (config::serve_dynamic_names(rulebook->zones)) {
        auto rules = config::read_name_rules(settings);
        if (!rules) {
            return Unexpected{rules.error()};
        }
        rulebook->dynamic_names = std::move(*rules);
    }
    auto domains = config::read_top_level_domains(settings, rulebook->zones, now, zones.warnings);
    if (!domains) {
        return Unexpected{domains.error()};
    }
    rulebook->top_level_domains = std::move(*domains);
    return rulebook;
}

}  // namespace ostrakon::verdict
