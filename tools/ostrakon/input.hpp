// Reads what the user names: lists and evidence, from files or standard input. To be called before
// the database is opened.
#pragma once

#include "ostrakon/base/result.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace ostrakon::tool {

/// Reads a whole file, or standard input for "-", of at most `size_max` bytes. What cannot be read
/// is wrong usage.
Result<std::string> read_input(const std::string& path, std::size_t size_max);

/// What messages call an input.
std::string input_name(const std::string& path);

/// --evidence: @FILE must be a file, - is standard input, anything else is a file if one is there
/// and text if not.
Result<std::string> read_evidence(const std::optional<std::string>& word);

}  // namespace ostrakon::tool
