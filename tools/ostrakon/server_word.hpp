// A server as people write it: HOST:PORT, where HOST is an address or a name.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/config/settings.hpp"

#include <string>
#include <string_view>

namespace ostrakon::tool {

/// Names are looked up as the system does; the first address counts. `option` is what messages
/// call the word: "--against".
Result<config::Endpoint> server_of_word(std::string_view option, const std::string& word);

}  // namespace ostrakon::tool
