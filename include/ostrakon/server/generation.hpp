// One generation of the configuration: ostrakon.toml and the zone files, read all or nothing.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/responder/respond.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace ostrakon::server {

struct Generation {
    config::Settings settings;
    std::shared_ptr<const responder::Site> site;  ///< Shared by all workers, immutable.
    std::vector<std::string> warnings;            ///< Each with file:line.

    const std::vector<zone::Zone>& zones() const { return site->rulebook().zones; }
    std::size_t zone_count() const { return zones().size(); }

    /// Gives the site these keys, in place of those that it has.
    void take_keys(const partner::ZoneKeys& keys);
};

/// Reads everything again from the files, but no keys: these are for the user that the server
/// becomes. The error holds every mistake, a line each.
Result<Generation> read_generation(const std::filesystem::path& file);

/// Says in words which of the settings that differ take effect only with a restart; empty where
/// none does.
std::vector<std::string> restart_needed(const config::Settings& running,
                                        const config::Settings& wanted);

}  // namespace ostrakon::server
