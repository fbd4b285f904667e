// Tells whether what zones say has changed since somebody looked last.
#pragma once

#include "ostrakon/config/settings.hpp"

#include <cstdint>
#include <optional>

namespace ostrakon::config {

/// A hash of the zone files as they lie there, and of what ostrakon.toml says that their answers
/// depend on, and of which zones are retired by then; never 0. The same for the same build of the program alone. Nothing where a file
/// cannot be read.
std::optional<std::uint64_t> zones_hash(const Settings& settings, UnixTime at);

}  // namespace ostrakon::config
