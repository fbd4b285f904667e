// The JSON documents of `pull` and `feeds`. Keys are added, never renamed and never removed.
#pragma once

#include "ostrakon/pull/feed_rows.hpp"
#include "ostrakon/pull/pull.hpp"

#include <string>
#include <vector>

namespace ostrakon::tool {

std::string pull_json(const std::vector<pull::FeedReport>& reports);
std::string feeds_json(const std::vector<pull::FeedRow>& rows);

}  // namespace ostrakon::tool
