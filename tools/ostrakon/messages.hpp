// What the tool says on stderr: errors, notes, progress.
#pragma once

#include "ostrakon/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::tool {

/// Prints an error, "ostrakon: …". An error of several lines (a list of mistakes with their places)
/// stands as it is.
void complain(const Error& error);

/// Prints a note, "ostrakon: …", unless `quiet`.
void note(std::string_view text, bool quiet);
void notes(const std::vector<std::string>& texts, bool quiet);

}  // namespace ostrakon::tool
