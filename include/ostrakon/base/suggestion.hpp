// What somebody may have meant who wrote a word that nobody knows.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon {

/// The word among `known` that is nearest to `word`, if one is near enough to be meant.
std::optional<std::string> suggestion(std::string_view word, const std::vector<std::string>& known);

}  // namespace ostrakon
