#include "ostrakon/config/tld_file.hpp"

#include "ostrakon/config/shipped_file.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::config {
namespace {

constexpr std::string_view kUnknownTld = zone::kBuiltInSources[1];
static_assert(kUnknownTld == "unknown-tld");

}  // namespace

Result<zone::TopLevelDomains> read_top_level_domains(const Settings& settings) {
    const std::filesystem::path file = shipped_file(settings, kTopLevelDomainsFile);
    const auto text = read_data_file(file, zone::kTopLevelDomainsTextMax);
    if (!text) {
        return Unexpected{text.error()};
    }
    return zone::TopLevelDomains::parse(*text, file.string());
}

Result<std::shared_ptr<const zone::TopLevelDomains>> read_top_level_domains(
    const Settings& settings, const std::vector<zone::Zone>& zones, UnixTime now,
    std::vector<std::string>& warnings) {
    const bool is_served = std::any_of(zones.begin(), zones.end(), [](const zone::Zone& zone) {
        return zone.serves_source(std::string{kUnknownTld});
    });
    if (!is_served) {
        return std::shared_ptr<const zone::TopLevelDomains>{};
    }
    auto list = read_top_level_domains(settings);
    if (!list) {
        return Unexpected{list.error()};
    }
    if (!list->is_fresh(now)) {
        warnings.push_back(fmt::format(
            "{}: is of {}, more than a year old: the source \"{}\" answers nothing (fetch "
            "https://data.iana.org/TLD/tlds-alpha-by-domain.txt into the directory of "
            "ostrakon.toml)",
            shipped_file(settings, kTopLevelDomainsFile).string(),
            to_string(list->date()).substr(0, 10), kUnknownTld));
    }
    return std::make_shared<const zone::TopLevelDomains>(std::move(*list));
}

}  // namespace ostrakon::config
