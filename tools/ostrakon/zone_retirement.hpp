// The end of a zone as its file has it: the key `retired`.
#pragma once

#include "command.hpp"
#include "ostrakon/base/time.hpp"
#include "ostrakon/zone/zone.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::tool {

/// "serving", "retiring", "retired".
std::string_view zone_state(const std::optional<UnixTime>& retired, UnixTime at);

/// The text of a zone's file with this end, or without one. The rest stays as it is.
std::string with_retirement(std::string_view text, const std::optional<UnixTime>& retired);

/// Writes that, and reads it again: a file that says anything else is put back.
Result<Done> write_retirement(const zone::Zone& zone, const std::optional<UnixTime>& retired,
                              const CommonOptions& common);

}  // namespace ostrakon::tool
