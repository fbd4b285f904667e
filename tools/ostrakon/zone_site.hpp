// The configuration with its zones, for commands that are about zones.
#pragma once

#include "command.hpp"
#include "ostrakon/config/settings.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::tool {

struct ZoneSite {
    config::Settings settings;
    config::Zones zones;
};

/// The configuration with at least one zone.
Result<ZoneSite> read_zone_site(const CommonOptions& common);

/// The zone of this name, the last dot optional, in any case.
Result<const zone::Zone*> zone_called(const ZoneSite& site, std::string_view name);

/// Puts a text in place of a file, in one step; owner and mode stay as they are. Where there is no
/// file, it is made with `new_mode`, and as root belongs to `new_owner` if there is such a user.
struct ReplacedFile {
    std::filesystem::path path;
    unsigned new_mode = 0644;
    std::string new_owner = {};
};
Result<Done> replace_file(const ReplacedFile& file, std::string_view text);

}  // namespace ostrakon::tool
