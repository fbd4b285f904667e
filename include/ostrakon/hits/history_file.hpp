// Where a history lies from one run to the next: a small file, old or new, whole.
//
// "OSTRHST1", a hash of all that follows, then what History::encode() writes.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/hits/history.hpp"

#include <filesystem>
#include <optional>

namespace ostrakon::hits {

/// Nothing: there is none. Errors: Usage (it is damaged), System.
Result<std::optional<History>> read_history(const std::filesystem::path& file);

Result<Done> write_history(const std::filesystem::path& file, const History& history);

}  // namespace ostrakon::hits
