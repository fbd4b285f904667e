// The part of `import` that takes in maps: which addresses belong to which AS or country.
#pragma once

#include "command.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/feed/map.hpp"
#include "ostrakon/policy/decide.hpp"
#include "progress.hpp"

#include <optional>
#include <string>

namespace ostrakon::tool {

/// A list or map as it was read.
struct ImportFile {
    std::string bytes;                ///< Unpacked.
    std::optional<bool> matches_md5;  ///< What a file FILE.md5 beside it says, if there is one.
};
Result<ImportFile> read_import_file(const std::string& file);

/// The words of the command that a map heeds.
struct MapOptions {
    std::string name;  ///< --source.
    std::string file;  ///< As it was named.
    std::string reason;
    bool replace = false;
    bool strict = false;
    bool dry_run = false;
};

/// Takes a map in that was read. Shows on stderr what it makes of each AS and country that is
/// listed, before it is taken.
Result<Outcome> take_map_in(const config::Settings& settings, const CommonOptions& common,
                            feed::ReadMap&& map, const MapOptions& options,
                            const policy::Author& author, Progress& progress);

}  // namespace ostrakon::tool
