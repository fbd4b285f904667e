// Keys of name servers as a feed's key file spells them, and what goes wrong with signatures, in
// words. Included by this module's sources only.
#pragma once

#include "ostrakon/tsig/asking.hpp"
#include "ostrakon/tsig/key.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::fetch {

/// Reads "hmac-sha256:NAME:BASE64"; without the first part it is that. Nothing where it is none.
std::optional<tsig::Key> read_tsig_key(std::string_view text);

/// What the error field of a record says, for people.
std::string tsig_error_text(std::uint16_t error);

/// Why an answer is not believed; `told_error` is the error field of its record.
std::string doubt_text(tsig::Doubt doubt, std::uint16_t told_error);

}  // namespace ostrakon::fetch
