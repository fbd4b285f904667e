// What a program says in one language, from a TOML file: [why] title = "…" is the phrase
// "why.title".
#pragma once

#include "ostrakon/base/result.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace ostrakon::config {

using Phrases = std::map<std::string, std::string, std::less<>>;

/// Reads a file of tables of texts. Every mistake is in the error, a line each.
Result<Phrases> read_phrases(const std::filesystem::path& file);

}  // namespace ostrakon::config
