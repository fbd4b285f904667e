// Leaves root behind before anything in the database is touched.
#pragma once

#include "ostrakon/base/result.hpp"

#include <filesystem>

namespace ostrakon::tool {

/// As root, becomes owner and group of the directory, for good; as anybody else, or where there is
/// no such directory, does nothing. Files that are made afterwards are for owner and group alone.
Result<Done> become_owner_of(const std::filesystem::path& directory);

}  // namespace ostrakon::tool
