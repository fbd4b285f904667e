// The *.toml files of a directory, in the order of their names.
#pragma once

#include "ostrakon/base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace ostrakon::config {

/// Files that one directory may hold.
inline constexpr std::size_t kFilesMax = 10'000;

/// Lists them; names that begin with a dot are no configuration. No such directory is an empty
/// list. The error is a sentence that follows the directory's name.
Expected<std::vector<std::filesystem::path>, std::string> toml_files_of(
    const std::filesystem::path& directory);

}  // namespace ostrakon::config
