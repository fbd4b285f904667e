// One feed on its way in: fetched in a child, read in a child, judged, swapped in or held. Included
// by this module's sources only.
#pragma once

#include "fetch_process.hpp"
#include "ostrakon/feed/confined_reading.hpp"
#include "ostrakon/pull/body_store.hpp"
#include "ostrakon/pull/pull.hpp"
#include "ostrakon/pull/schedule.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace ostrakon::pull {

/// Draws where within its jitter a time falls.
using DrawChance = std::function<Chance()>;

class FeedJob {
public:
    /// `state` is as the database has it, the try that begins now noted in it. All references
    /// outlive the job.
    FeedJob(const PullSite& site, const config::FeedSettings& feed, policy::PullState state,
            bool dry_run, DrawChance draw);

    const config::FeedSettings& feed() const { return feed_; }

    /// Begins to fetch; a feed for which that cannot be done is done at once.
    Result<Done> start();
    bool is_done() const { return stage_ == Stage::Done; }
    /// Readable for poll() when there is news.
    int descriptor() const;
    /// Takes what news are there and does what they make possible. Error: Store.
    Result<Done> advance();
    FeedReport take_report() { return std::move(report_); }

private:
    enum class Stage : std::uint8_t { Fetching, Reading, Done };

    Result<Done> fetched(Expected<fetch::Fetched, fetch::Failure>&& outcome);
    Result<Done> start_reading();
    Result<Done> read(Result<feed::ReadOutcome>&& outcome);
    Result<Done> failed(const FailedFetch& failure);
    Result<Done> not_new();
    Result<Done> hold(std::string why, bool is_unreadable);
    Result<Done> finish(FeedResult result, std::string message);
    const policy::PulledVersion* newest() const;
    bool is_same(const policy::PulledVersion* known) const;
    policy::Author author() const;
    Result<Done> record(bool is_refreshed);

    const PullSite& site_;
    const config::FeedSettings& feed_;
    const policy::PullState before_;
    policy::PullState state_;
    bool dry_run_;
    DrawChance draw_;
    BodyStore bodies_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    Stage stage_ = Stage::Fetching;
    std::optional<FetchProcess> fetching_;
    std::optional<feed::ConfinedReading> reading_;
    std::optional<UnixTime> fresh_until_;
    policy::PulledVersion version_;  // that has come in
    FeedReport report_;
};

}  // namespace ostrakon::pull
