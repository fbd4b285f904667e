// What `import` says of lines that it could not take, for lists and maps.
#pragma once

#include "command.hpp"
#include "ostrakon/policy/import.hpp"

#include <cstdint>
#include <vector>

namespace ostrakon::tool {

/// Prints the rejected lines for a person, the first of them.
void print_rejects(const std::vector<policy::ImportReject>& rejects, std::uint64_t rejected,
                   const CommonOptions& common);

}  // namespace ostrakon::tool
