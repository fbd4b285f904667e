// Text from elsewhere, made fit to be shown on a terminal and in a log line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ostrakon {

/// Returns `text` as one line of valid UTF-8 in which nothing is hidden: control characters, bytes
/// that are not UTF-8 and the characters that turn the direction of writing are spelled out (\n,
/// \x00, \u202E). The result has at most `size_max` bytes; where something had to be cut off it
/// ends in "…". `size_max` is at least 3.
std::string printable(std::string_view text, std::size_t size_max);

}  // namespace ostrakon
