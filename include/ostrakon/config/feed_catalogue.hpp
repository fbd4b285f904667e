// The feeds that are known with the program: where they are, what their publishers ask for.
//
// It configures none of them: that is [[feed]] in settings.hpp, for which this has the values that
// it does not say.
#pragma once

#include "ostrakon/config/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::config {

/// Beside ostrakon.toml, or among what was installed with the program.
inline constexpr const char* kFeedCatalogueFile = "feeds.toml";

class FeedCatalogue {
public:
    FeedCatalogue() = default;
    explicit FeedCatalogue(std::vector<FeedSettings> feeds) : feeds_(std::move(feeds)) {}

    /// In the order of the file. One without a format cannot be read by this program.
    const std::vector<FeedSettings>& feeds() const { return feeds_; }
    /// Null where no feed is called so.
    const FeedSettings* find(std::string_view name) const;

private:
    std::vector<FeedSettings> feeds_;
};

/// Reads the catalogue. Every mistake is in the error, a line each, as of read_settings().
Result<FeedCatalogue> read_feed_catalogue(const Settings& settings);

/// "active", "ended", "merged", "needs-key" or "paid".
std::string_view to_string(FeedState state);

/// Why this feed of the catalogue is not to be had at all: it has ended, or its entries are in
/// another, which is named. Empty: it is to be had.
std::string why_gone(const FeedSettings& known);

/// Where the address of a feed, or the header of a request for it, has a place for a key.
bool takes_key(const FeedSettings& feed);

/// Whether something is known of its terms, and they do not allow to pass it on.
bool forbids_redistribution(const FeedSettings& feed);

}  // namespace ostrakon::config
