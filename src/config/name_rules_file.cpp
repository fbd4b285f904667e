#include "ostrakon/config/name_rules_file.hpp"

#include "ostrakon/config/shipped_file.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <algorithm>

namespace ostrakon::config {

bool serve_dynamic_names(const std::vector<zone::Zone>& zones) {
    return std::any_of(zones.begin(), zones.end(), [](const zone::Zone& zone) {
        return zone.serves_source(std::string{zone::kDynamicNames});
    });
}

Result<std::shared_ptr<const pattern::NameRules>> read_name_rules(const Settings& settings) {
    const std::filesystem::path file = shipped_file(settings, kNameRulesFile);
    const auto text = read_data_file(file, pattern::kRulesFileSizeMax);
    if (!text) {
        return Unexpected{text.error()};
    }
    auto rules = pattern::parse_name_rules(*text, file.string());
    if (!rules) {
        return Unexpected{std::move(rules.error())};
    }
    return std::make_shared<const pattern::NameRules>(std::move(*rules));
}

}  // namespace ostrakon::config
