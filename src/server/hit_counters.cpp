#include "hit_counters.hpp"

#include "ostrakon/policy/listings.hpp"
#include "ostrakon/server/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace ostrakon::server {
namespace {

// A file that says when it was written lately, though nobody has asked anything.
constexpr std::int64_t kSavedAnewSeconds = 600;

}  // namespace

void HitCounters::add(store::ListingId listing, std::uint64_t hits, UnixTime at,
                      const store::Transaction& snapshot) {
    auto found = counters_.find(listing);
    if (found == counters_.end()) {
        const auto view = policy::view_own_listing(snapshot, listing);
        if (!view) {
            return;
        }
        if (is_full()) {
            if (!std::exchange(has_told_full_, true)) {
                log(LogLevel::Warn, fmt::format("hits of {} listings are counted, and there is no "
                                                "room for those of more",
                                                counters_.size()));
            }
            return;
        }
        found = counters_.emplace(listing, Counter{hits::mark_of(view->subject), 0, {}}).first;
    }
    found->second.hits += hits;
    found->second.last = at;
    has_changed_ = true;
}

void HitCounters::drop_old(const store::Transaction& snapshot) {
    const auto dropped = std::erase_if(counters_, [&snapshot](const auto& each) {
        const auto view = policy::view_own_listing(snapshot, each.first);
        return !view || view->state != store::ListingState::Active ||
               hits::mark_of(view->subject) != each.second.mark;
    });
    has_changed_ = has_changed_ || dropped > 0;
}

void HitCounters::complain(const std::string& problem) {
    if (std::exchange(last_problem_, problem) != problem) {
        log(LogLevel::Warn, problem + "; hits of listings are counted, but not kept",
            "hits-failed");
    }
}

// The first time: takes the lock, and adds what was counted before.
bool HitCounters::take_file() {
    if (lock_) {
        return true;
    }
    auto lock = store::WriterLock::take({.directory = file_.parent_path(),
                                         .file = file_.filename().string() + ".lock",
                                         .attempt = "keep counts of hits beside",
                                         .command = "ostrakond",
                                         .wait = Duration{0},
                                         .tell = {}});
    if (!lock) {
        complain(message(lock.error()));
        return false;
    }
    lock_ = std::move(*lock);
    const auto before = hits::read_counts(file_);
    if (!before) {
        log(LogLevel::Warn, message(before.error()), "hits-damaged");
    } else if (*before) {
        since_ = std::min(since_, (*before)->since);
        for (const hits::Counter& counter : (*before)->counters) {
            Counter& ours = counters_[counter.listing];
            if (ours.hits == 0 || ours.mark == counter.mark) {
                ours = {counter.mark, ours.hits + counter.hits, std::max(ours.last, counter.last)};
            }
        }
    }
    return true;
}

void HitCounters::save(UnixTime at) {
    const bool is_due =
        has_changed_ || at.seconds - saved_.seconds >= kSavedAnewSeconds || at < saved_;
    if (!is_due || !take_file()) {
        return;
    }
    hits::Counts counts;
    counts.since = since_;
    counts.saved = at;
    counts.counters.reserve(counters_.size());
    for (const auto& [listing, counter] : counters_) {
        counts.counters.push_back({listing, counter.mark, counter.hits, counter.last});
    }
    std::sort(counts.counters.begin(), counts.counters.end(),
              [](const auto& a, const auto& b) { return a.listing < b.listing; });
    counts.counters.resize(std::min(counts.counters.size(), hits::kCountersMax));
    if (const auto written = hits::write_counts(file_, counts); !written) {
        complain(message(written.error()));
        return;
    }
    saved_ = at;
    has_changed_ = false;
    if (!std::exchange(last_problem_, {}).empty()) {
        log(LogLevel::Info, "hits of listings are kept in " + file_.string() + " again",
            "hits-kept");
    }
}

}  // namespace ostrakon::server
