// What the two sides of outcome_codec.hpp share.
#pragma once

#include <cstdint>

namespace ostrakon::feed {

/// The first byte of an outcome.
enum class OutcomeKind : std::uint8_t { List, Map, Error };

}  // namespace ostrakon::feed
