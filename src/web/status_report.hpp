// All that the operator's page says, as plain data: gathered once, shown as a page or as JSON.
#pragma once

#include "ostrakon/policy/requests.hpp"
#include "ostrakon/pull/feed_rows.hpp"
#include "site_state.hpp"
#include "watch.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ostrakon::web {

struct FeedReport {
    pull::FeedRow row;
    std::vector<std::string> zones;
    bool is_overdue = false;  ///< More than half of its max_age has passed.
};

/// A listing that answers for what somebody asks about.
struct KnownListing {
    std::string source, listing_class, subject, reason;
    std::optional<UnixTime> since, earliest_lift;
    std::uint32_t strikes = 0;
};

struct RequestReport {
    policy::Request request;  ///< Number 0: filed, and not taken in yet.
    std::vector<KnownListing> known;
    bool is_known = false;  ///< Whether `known` says all there is.
};

struct DatabaseReport {
    std::uint64_t size_bytes = 0, used_bytes = 0, disk_free_bytes = 0;
    std::uint32_t serial = 0;
    std::optional<UnixTime> changed;
    bool is_disk_read_only = false;

    double fill() const {
        return size_bytes == 0 ? 0
                               : static_cast<double>(used_bytes) / static_cast<double>(size_bytes);
    }
};

/// Something that the operator should know of. `kind` has a phrase of its own: "warning.KIND".
struct Warning {
    std::string kind;
    std::string about;   ///< What it is about: names of feeds, a share, a rate.
    std::string detail;  ///< In the words of who failed; may be empty.
    bool is_grave = false;
};

struct StatusReport {
    UnixTime at;
    std::shared_ptr<const Standing> server;
    std::optional<DatabaseReport> database;
    std::string database_error;
    std::vector<FeedReport> feeds;           ///< The sickest first, then the oldest.
    std::vector<RequestReport> open, filed;  ///< The oldest ones of each, oldest first.
    std::uint64_t open_count = 0, filed_count = 0;
    std::vector<Warning> warnings;  ///< The gravest first.
};

/// Requests of each sort that are shown.
inline constexpr std::size_t kRequestsShownMax = 40;

/// Gathers it, at most once in two seconds; in between it is the same.
std::shared_ptr<const StatusReport> status_report(const Visit& visit);

/// What a report gives reason to warn of; its own warnings are not looked at.
std::vector<Warning> warnings_of(const StatusReport& report);

}  // namespace ostrakon::web
