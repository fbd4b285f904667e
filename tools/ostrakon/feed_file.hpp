// What `feeds add` writes into feeds/NAME.toml.
#pragma once

#include "ostrakon/config/settings.hpp"

#include <optional>
#include <string>

namespace ostrakon::tool {

/// What the call says beside the name.
struct FeedFileOptions {
    std::optional<std::string> key_file;  ///< Absolute.
    std::optional<std::string> url;
};

/// The file of a feed of the catalogue: what it has to say, and in comments what it is, on which
/// terms, and what people most likely change.
std::string feed_file_text(const config::FeedSettings& known, const FeedFileOptions& options);

/// In one sentence: whether it may be passed on, and what is to be done.
std::string redistribution_text(const config::FeedSettings& feed);

}  // namespace ostrakon::tool
