// The keys that [[feed]] and the catalogue of feeds have in common.
//
// Each function reads some keys of a table over what `feed` has already.
#pragma once

#include "section.hpp"

#include "ostrakon/config/settings.hpp"

#include <string>
#include <string_view>

namespace ostrakon::config {

inline constexpr std::int64_t kFeedEveryLeastSeconds = 60;
inline constexpr std::size_t kFeedTextSizeMax = 2000;

/// A name that no class, no built-in source and not "own" has.
Spelled<std::string> spelled_feed_name(std::string_view text);

/// A text of one line, in which nothing is hidden.
Spelled<std::string> spelled_feed_text(std::string_view text);

/// One of the formats, or nothing.
Spelled<std::string> spelled_format(std::string_view text);

/// format and url.
void read_feed_address(Section& section, FeedSettings& feed);
/// max_size and key_header.
void read_feed_request(Section& section, FeedSettings& feed);
/// What a version is held for, and how long one is served.
void read_feed_trust(Section& section, FeedSettings& feed);
void read_feed_terms(Section& section, FeedSettings& feed);

}  // namespace ostrakon::config
