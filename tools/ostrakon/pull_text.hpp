// What a pull came to, in words and as a table.
#pragma once

#include "ostrakon/pull/pull.hpp"
#include "output.hpp"

#include <string>
#include <vector>

namespace ostrakon::tool {

/// "spamhaus-drop: updated: 1,699 entries, …", a line each.
std::string pull_text(const std::vector<pull::FeedReport>& reports);
/// The same of what failed or is held alone.
std::string quiet_pull_text(const std::vector<pull::FeedReport>& reports);
/// For a terminal.
std::string pull_table(const std::vector<pull::FeedReport>& reports, std::size_t width,
                       const Style& style);

}  // namespace ostrakon::tool
