// What the commands share that fetch feeds or release them: the configuration, the keys, the
// database and the right to pull.
#pragma once

#include "command.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/pull/pull.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/store/writer_lock.hpp"

#include <string>
#include <vector>

namespace ostrakon::tool {

/// All that a pull::PullSite refers to. Stays where it is made.
struct Pulling {
    config::Settings settings;
    std::vector<const config::FeedSettings*> feeds;  ///< The wanted ones.
    pull::KeyFiles keys;
    std::optional<store::Environment> environment;
    std::optional<store::WriterLock> lock;  ///< The pull lock.
};

/// Reads the configuration, finds the feeds (all where none is named), opens their keys as whoever
/// calls, then the database as its owner, which is made where there is none, and takes the right to
/// pull. What the configuration says of feeds is in the database afterwards.
Result<std::unique_ptr<Pulling>> begin_pulling(const CommonOptions& common,
                                               const std::vector<std::string>& feeds,
                                               const std::string& command);

/// The site of a pull, whose progress and reports the caller adds.
pull::PullSite pull_site(Pulling& pulling, const CommonOptions& common, const std::string& command);

}  // namespace ostrakon::tool
