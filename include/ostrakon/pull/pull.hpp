// Fetching the feeds that are due, judging what came, and swapping it in.
//
// One process without threads: each fetch and each reading runs in a child, whose news are taken by
// poll(). What came is judged and written here, one feed after the other, under the writer lock for
// the writing alone. A feed that is refused or odd is held: what is served stays as it is.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/base/result.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/policy/import.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/store/writer_lock.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::pull {

enum class FeedResult : std::uint8_t { Updated, Unchanged, NotDue, Held, Failed };
/// "updated", "unchanged", "not due", "held", "failed".
std::string_view to_string(FeedResult result);

/// What became of one feed.
struct FeedReport {
    std::string name;
    FeedResult result = FeedResult::NotDue;
    std::optional<store::ChangeId> change;
    std::uint64_t before = 0, after = 0;  ///< Entries.
    std::uint64_t added = 0, changed = 0, removed = 0, rejected = 0;
    std::vector<policy::ImportReject> rejects;  ///< The first of them.
    std::vector<std::string> notes;
    std::string message;  ///< Why, in words; of an update what it changed.
    std::chrono::milliseconds took{0};
    std::optional<UnixTime> next;
};

/// Keys of feeds as open files, so that no key is in the memory of the process that starts readers;
/// or why one cannot be opened.
using KeyFiles = std::map<std::string, Result<FileDescriptor>>;

/// What pulling needs, and whom it tells.
struct PullSite {
    const config::Settings& settings;
    store::Environment& environment;
    policy::Author author;
    std::string user_agent;
    const KeyFiles& keys;
    /// Takes the writer lock; `command` is what others are told who wait for it.
    std::function<Result<store::WriterLock>(const std::string& command)> lock;
    /// How far a feed is: "fetching" in bytes, "reading" in bytes; a total of 0 is not known. May
    /// be empty.
    std::function<void(const std::string& feed, std::string_view stage, std::uint64_t done,
                       std::uint64_t total)>
        progress;
    /// Told of each feed when it is done. May be empty.
    std::function<void(const FeedReport& report)> tell;
};

struct PullRequest {
    std::vector<std::string> feeds;  ///< Empty: all that have a url.
    bool force = false;              ///< Also what is not due or was given up.
    bool is_sure = false;            ///< Also sooner than the publisher asks for.
    bool dry_run = false;            ///< Fetches and compares, and writes only that it was asked.
};

/// The feeds of the request, or all. Errors: Usage (one is not configured, or has no url), Refused
/// (its publisher has stopped).
Result<std::vector<const config::FeedSettings*>> wanted_feeds(
    const config::Settings& settings, const std::vector<std::string>& names);

/// Opens the key files of these feeds, as whoever calls. A feed whose key cannot be opened fails by
/// itself.
KeyFiles open_keys(const std::vector<const config::FeedSettings*>& feeds);

/// Pulls. One report a feed, in the order of the request. The caller holds the pull lock. Errors:
/// those of wanted_feeds(), Store, System; what was swapped in before stays.
Result<std::vector<FeedReport>> pull(const PullSite& site, const PullRequest& request);

/// Serves the version of a feed that is held. Errors: Absent (none is held), Refused (it cannot be
/// read), Store. The caller holds the pull lock.
Result<FeedReport> accept(const PullSite& site, const config::FeedSettings& feed);

/// Serves the version before again, and holds what is fetched until it is accepted. Errors: Absent
/// (there is none), Store. The caller holds the pull lock.
Result<FeedReport> roll_back(const PullSite& site, const config::FeedSettings& feed);

}  // namespace ostrakon::pull
