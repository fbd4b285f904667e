#include "ostrakon/server/figures.hpp"

#include "ostrakon/store/meta.hpp"
#include "ostrakon/store/transaction.hpp"

#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace ostrakon::server {
namespace {

constexpr double kMicro = 1e-6;

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * kMicro;
}

FeedFigures map_figures(const policy::Map& map, const policy::PullState& state) {
    FeedFigures figures;
    figures.name = map.name;
    figures.entries = map.ranges[0] + map.ranges[1];
    figures.last_success = state.last_success;
    figures.state = state.held               ? FeedState::Held
                    : !state.failure.empty() ? FeedState::Failing
                    : state.last_success     ? FeedState::Fresh
                                             : FeedState::Never;
    return figures;
}

}  // namespace

void UdpFigures::add(const Worker& worker) {
    const UdpCounters& counters = worker.udp_counters();
    received += counters.received;
    sent += counters.sent;
    unanswerable += counters.unanswerable;
    unanswered += counters.unanswered;
    send_failed += counters.send_failed;
    send_dropped += counters.send_dropped;
    overflows += worker.udp_overflows();
    microseconds.add(counters.microseconds);
    batch_sizes.add(counters.batch_sizes);
}

FeedState feed_state(const policy::Feed& feed, const policy::PullState* state, UnixTime at) {
    if (!feed.is_configured) {
        return FeedState::Local;
    }
    if (state != nullptr && state->held) {
        return FeedState::Held;
    }
    if (feed.is_stale(at)) {
        return FeedState::Stale;
    }
    if (state != nullptr && !state->failure.empty()) {
        return FeedState::Failing;
    }
    return feed.last_success ? FeedState::Fresh : FeedState::Never;
}

std::vector<FeedFigures> feed_figures(const store::Transaction& transaction, UnixTime at) {
    const policy::Catalogue catalogue = policy::Catalogue::load(transaction);
    const auto states = policy::read_pull_states(transaction);
    std::vector<FeedFigures> all;
    for (const auto& [name, feed] : catalogue.feeds()) {
        const bool is_removed = feed.entries == 0 && !feed.last_success && !feed.is_configured;
        if (!is_removed && all.size() < kFeedFiguresMax) {
            const auto state = states.find(name);
            all.push_back({name,
                           feed_state(feed, state == states.end() ? nullptr : &state->second, at),
                           feed.entries, feed.last_success, feed.max_age_s});
        }
    }
    for (const auto& [name, map] : catalogue.maps()) {
        const auto state = states.find(name);
        if (state != states.end() && all.size() < kFeedFiguresMax) {
            all.push_back(map_figures(map, state->second));
        }
    }
    std::sort(all.begin(), all.end(),
              [](const FeedFigures& a, const FeedFigures& b) { return a.name < b.name; });
    return all;
}

std::optional<DatabaseFigures> database_figures(store::Environment& environment, UnixTime at) {
    DatabaseFigures figures;
    if (const auto oldest = environment.oldest_reader()) {
        figures.oldest_reader_changes = oldest->changes;
    }
    const auto snapshot = store::Snapshot::begin(environment);
    if (!snapshot) {
        return std::nullopt;
    }
    figures.size_bytes = environment.size_bytes();
    figures.used_bytes = environment.used_bytes();
    figures.readers = environment.reader_count();
    figures.serial =
        static_cast<std::uint32_t>(store::meta_number(*snapshot, store::meta_key::kSerial));
    figures.feeds = feed_figures(*snapshot, at);
    struct statvfs disk {};
    if (::statvfs(environment.directory().c_str(), &disk) == 0) {
        figures.disk_free_bytes = std::uint64_t{disk.f_bavail} * disk.f_frsize;
    }
    if (snapshot->is_broken()) {
        return std::nullopt;
    }
    return figures;
}

ProcessFigures process_figures() {
    ProcessFigures figures;
    rusage usage{};
    if (::getrusage(RUSAGE_SELF, &usage) == 0) {
        figures.cpu_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
    }
    std::uint64_t size_pages = 0;
    std::uint64_t resident_pages = 0;
    if (std::ifstream{"/proc/self/statm"} >> size_pages >> resident_pages) {
        figures.resident_bytes = resident_pages * static_cast<std::uint64_t>(::getpagesize());
    }
    std::error_code problem;
    const std::filesystem::directory_iterator descriptors{"/proc/self/fd", problem};
    if (!problem) {
        figures.open_descriptors = static_cast<std::uint64_t>(
            std::distance(begin(descriptors), std::filesystem::directory_iterator{}));
    }
    return figures;
}

}  // namespace ostrakon::server
