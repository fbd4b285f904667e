#include "feed_job.hpp"

#include "acceptance.hpp"
#include "ostrakon/policy/feed_refresh.hpp"
#include "versions.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace ostrakon::pull {
namespace {

FailedFetch failed_fetch(const fetch::Failure& failure) {
    FailedFetch failed;
    failed.why = message(failure.error);
    failed.is_final =
        failure.kind == fetch::FailureKind::Refused || failure.kind == fetch::FailureKind::Ended;
    failed.is_gone = failure.kind == fetch::FailureKind::Gone;
    failed.retry_after = failure.retry_after;
    return failed;
}

std::optional<std::string> small_file(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        return std::nullopt;
    }
    return std::string{std::istreambuf_iterator<char>{file}, {}};  // its size was limited
}

}  // namespace

FeedJob::FeedJob(const PullSite& site, const config::FeedSettings& feed, policy::PullState state,
                 bool dry_run, DrawChance draw)
    : site_(site),
      feed_(feed),
      before_(state),
      state_(std::move(state)),
      dry_run_(dry_run),
      draw_(std::move(draw)),
      bodies_(site.environment.directory(), feed.name) {
    report_.name = feed.name;
}

policy::Author FeedJob::author() const {
    policy::Author author = site_.author;
    author.command = "pull " + feed_.name;
    author.at = now();
    return author;
}

const policy::PulledVersion* FeedJob::newest() const {
    return state_.held ? &state_.held->version : state_.served();
}

Result<Done> FeedJob::start() {
    const auto key = site_.keys.find(feed_.name);
    if (key != site_.keys.end() && !key->second) {
        return failed({message(key->second.error()), false, false, std::nullopt});
    }
    if (auto prepared = bodies_.prepare(state_); !prepared) {
        return Unexpected{std::move(prepared.error())};
    }
    FetchJob job;
    job.request.url = feed_.url;
    job.request.key_header = feed_.key_header;
    job.request.user_agent = site_.user_agent;
    job.request.ca_file = feed_.ca_file;
    job.request.limits.size_max = feed_.size_max;
    job.request.body = bodies_.incoming();
    if (const policy::PulledVersion* have = newest()) {
        job.request.validators = {state_.etag, state_.last_modified};
        job.request.previous = bodies_.body(have->number);
    }
    if (key != site_.keys.end()) {
        job.key = &*key->second;
    }
    if (feed_.format == "rir") {
        job.md5_url = feed_.url + ".md5";
        job.md5_body = bodies_.incoming_md5();
    }
    auto process = FetchProcess::start(job);
    if (!process) {
        return Unexpected{std::move(process.error())};
    }
    fetching_ = std::move(*process);
    return Done{};
}

int FeedJob::descriptor() const {
    return stage_ == Stage::Fetching ? fetching_->descriptor() : reading_->descriptor();
}

Result<Done> FeedJob::advance() {
    const auto progress = [this](std::string_view stage) {
        return [this, stage](std::uint64_t done, std::uint64_t total) {
            if (site_.progress) {
                site_.progress(feed_.name, stage, done, total);
            }
        };
    };
    if (stage_ == Stage::Fetching) {
        return fetching_->advance(progress("fetching")) ? Result<Done>{Done{}}
                                                        : fetched(fetching_->finish());
    }
    return reading_->advance(progress("reading")) ? Result<Done>{Done{}} : read(reading_->finish());
}

Result<Done> FeedJob::fetched(Expected<fetch::Fetched, fetch::Failure>&& outcome) {
    fetching_.reset();
    if (!outcome) {
        return failed(failed_fetch(outcome.error()));
    }
    fresh_until_ = outcome->fresh_until;
    state_.etag = outcome->validators.etag;
    state_.last_modified = outcome->validators.last_modified;
    if (outcome->is_unchanged) {
        return not_new();
    }
    const auto digest = digest_of(bodies_.incoming());
    if (!digest) {
        return Unexpected{Error{ErrorCode::System, "read " + bodies_.incoming().string(),
                                "it is no longer there", "is the disk full?"}};
    }
    version_ = {.number = state_.next_version,
                .at = now(),
                .digest = *digest,
                .format = feed_.format,
                .size = outcome->size,
                .entries = 0,
                .rejected = 0};
    if (is_same(newest())) {
        return not_new();
    }
    if (!state_.is_rolled_back && is_same(state_.served())) {
        state_.held.reset();  // its publisher has thought better of it
        return not_new();
    }
    return start_reading();
}

bool FeedJob::is_same(const policy::PulledVersion* known) const {
    return known != nullptr && known->digest == version_.digest && known->format == version_.format;
}

Result<Done> FeedJob::start_reading() {
    const FileDescriptor body{::open(bodies_.incoming().c_str(), O_RDONLY | O_CLOEXEC)};
    feed::ConfinedRequest request;
    request.file = feed_.name;
    request.body = body.get();
    request.format = feed_.format;
    request.now = version_.at;
    request.size_max = feed_.size_max;
    request.md5 = small_file(bodies_.incoming_md5());
    auto reading = feed::ConfinedReading::start(request);
    if (!reading) {
        return reading.error().code == ErrorCode::Usage ? hold(reading.error().why, true)
                                                        : Unexpected{std::move(reading.error())};
    }
    reading_ = std::move(*reading);
    stage_ = Stage::Reading;
    return Done{};
}

Result<Done> FeedJob::read(Result<feed::ReadOutcome>&& outcome) {
    reading_.reset();
    if (!outcome) {
        return outcome.error().code == ErrorCode::Usage ? hold(outcome.error().why, true)
                                                        : Unexpected{std::move(outcome.error())};
    }
    report_.before = state_.served() == nullptr ? 0 : state_.served()->entries;
    if (outcome->list && outcome->list->contents.expires) {
        fresh_until_ =
            std::max(fresh_until_.value_or(UnixTime{}), *outcome->list->contents.expires);
    }
    if (state_.is_rolled_back) {
        return hold("the feed was rolled back", false);
    }
    if (!dry_run_) {
        if (auto kept = bodies_.keep(version_.number); !kept) {
            return kept;
        }
    }
    const policy::Author by = author();
    const Swap swap{.site = site_,
                    .feed = feed_,
                    .author = by,
                    .served = before_.served(),
                    .is_accepted = false,
                    .dry_run = dry_run_,
                    .along = [this, &by](store::WriteTransaction& transaction) {
                        take_version(state_, version_);
                        state_.last_success = by.at;
                        note_fetched(state_, feed_, by.at, fresh_until_, draw_());
                        policy::write_pull_state(transaction, feed_.name, state_);
                    }};
    auto swapped = swap_in(swap, std::move(*outcome), version_, report_);
    if (!swapped) {
        return Unexpected{std::move(swapped.error())};
    }
    if (!swapped->held_because.empty()) {
        return hold(std::move(swapped->held_because), false);
    }
    return finish(FeedResult::Updated,
                  fmt::format("{} entries, {} added, {} changed, {} removed{}", report_.after,
                              report_.added, report_.changed, report_.removed,
                              dry_run_ ? "; dry run, nothing has changed" : ""));
}

// Its publisher has nothing newer than what is there: that is served, or still held.
Result<Done> FeedJob::not_new() {
    if (dry_run_) {
        return finish(state_.held ? FeedResult::Held : FeedResult::Unchanged,
                      state_.held ? state_.held->why : "");
    }
    const UnixTime at = now();
    note_fetched(state_, feed_, at, fresh_until_, draw_());
    if (!state_.held) {
        state_.last_success = at;
    }
    if (auto recorded = record(!state_.held); !recorded) {
        return recorded;
    }
    return state_.held ? finish(FeedResult::Held, held_text(*state_.held, feed_.name))
                       : finish(FeedResult::Unchanged, "");
}

Result<Done> FeedJob::hold(std::string why, bool is_unreadable) {
    policy::HeldVersion held{version_, std::move(why), is_unreadable};
    std::string told = held_text(held, feed_.name);
    if (dry_run_) {
        return finish(FeedResult::Held, std::move(told));
    }
    if (!std::filesystem::exists(bodies_.body(version_.number))) {
        if (auto kept = bodies_.keep(version_.number); !kept) {
            return kept;
        }
    }
    state_.next_version = version_.number + 1;
    state_.held = std::move(held);
    note_fetched(state_, feed_, now(), fresh_until_, draw_());
    if (auto recorded = record(false); !recorded) {
        return recorded;
    }
    return finish(FeedResult::Held, std::move(told));
}

Result<Done> FeedJob::failed(const FailedFetch& failure) {
    if (!dry_run_) {
        state_.etag = before_.etag;
        state_.last_modified = before_.last_modified;
        note_failed(state_, feed_, now(), failure, draw_());
        if (auto recorded = record(false); !recorded) {
            return recorded;
        }
    }
    std::string told = state_.failure.empty() || dry_run_ ? failure.why : state_.failure;
    if (state_.is_stopped) {
        told += fmt::format("; not tried again until `ostrakon pull --force {}`", feed_.name);
    }
    return finish(FeedResult::Failed, std::move(told));
}

Result<Done> FeedJob::record(bool is_refreshed) {
    const auto lock = site_.lock("pull " + feed_.name);
    if (!lock) {
        return Unexpected{lock.error()};
    }
    const auto write_state = [this](store::WriteTransaction& transaction) {
        policy::write_pull_state(transaction, feed_.name, state_);
    };
    if (is_refreshed) {
        return policy::note_refreshed(site_.environment, site_.settings, author(), feed_.name,
                                      write_state);
    }
    auto transaction = store::WriteTransaction::begin(site_.environment);
    if (!transaction) {
        return Unexpected{std::move(transaction.error())};
    }
    write_state(*transaction);
    return transaction->commit();
}

Result<Done> FeedJob::finish(FeedResult result, std::string text) {
    stage_ = Stage::Done;
    bodies_.tidy(dry_run_ ? before_ : state_);
    report_.result = result;
    report_.message = std::move(text);
    report_.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - started_);
    report_.next = state_.is_stopped ? std::nullopt : state_.next;
    if (report_.before == 0 && before_.served() != nullptr) {
        report_.before = before_.served()->entries;
    }
    if (result != FeedResult::Updated) {
        report_.after = report_.before;
    }
    if (site_.tell) {
        site_.tell(report_);
    }
    return Done{};
}

}  // namespace ostrakon::pull
