// Files of data that come with the program, which a site can put another in place of.
#pragma once

#include "ostrakon/config/settings.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

namespace ostrakon::config {

/// Where the file of this name lies: beside ostrakon.toml, else where it was installed with the
/// program that runs (PREFIX/share/ostrakon of PREFIX/bin).
std::filesystem::path shipped_file(const Settings& settings, const std::string& name);

/// Reads a file; one of more than `size_max` bytes is refused.
Result<std::string> read_data_file(const std::filesystem::path& file, std::size_t size_max);

}  // namespace ostrakon::config
