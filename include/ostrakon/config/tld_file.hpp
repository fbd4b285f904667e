// Where the list of top-level domains of the built-in source "unknown-tld" is read from.
#pragma once

#include "ostrakon/config/settings.hpp"
#include "ostrakon/zone/top_level_domains.hpp"
#include "ostrakon/zone/zone.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ostrakon::config {

/// Beside ostrakon.toml, or among what was installed with the program.
inline constexpr const char* kTopLevelDomainsFile = "tlds-alpha-by-domain.txt";

/// The list, of whatever age.
Result<zone::TopLevelDomains> read_top_level_domains(const Settings& settings);

/// The list, or null where no zone serves names by it. A list that is too old is no mistake, but
/// adds a warning: nothing is answered by it.
Result<std::shared_ptr<const zone::TopLevelDomains>> read_top_level_domains(
    const Settings& settings, const std::vector<zone::Zone>& zones, UnixTime now,
    std::vector<std::string>& warnings);

}  // namespace ostrakon::config
