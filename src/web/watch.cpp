#include "watch.hpp"

#include "ostrakon/hits/history_file.hpp"

#include <cmath>
#include <numeric>

namespace ostrakon::web {
namespace {

constexpr std::int64_t kSaveSeconds = 600;
constexpr std::int64_t kLookSeconds = 2;
// Shorter ones say little about rates.
constexpr double kRateSecondsMin = 5;
constexpr double kMilliseconds = 1000;

std::uint64_t sum(const std::map<std::string, std::uint64_t>& counts) {
    return std::accumulate(
        counts.begin(), counts.end(), std::uint64_t{0},
        [](std::uint64_t total, const auto& each) { return total + each.second; });
}

// All that is counted, by its name in the history.
hits::NamedCounts counts_of(const figures::ServerFigures& figures) {
    hits::NamedCounts counts;
    const auto name = [](const char* kind, const std::string& of) {
        return std::string(kind) + "/" + of;
    };
    for (const auto& [zone, outcomes] : figures.outcomes) {
        counts[name(counted::kZone, zone)] = sum(outcomes);
        counts[counted::kQueries] += sum(outcomes);
        for (const auto& [outcome, count] : outcomes) {
            counts[name(counted::kOutcome, outcome)] += count;
        }
    }
    for (const auto& [transport, count] : figures.transports) {
        counts[name(counted::kTransport, transport)] = count;
    }
    for (const auto& [listing_class, count] : figures.listed) {
        counts[name(counted::kClass, listing_class)] = count;
    }
    return counts;
}

}  // namespace

std::optional<hits::Growth> growth_between(const std::optional<figures::ServerFigures>& before,
                                           const figures::ServerFigures& after) {
    const bool is_same = before && figures::is_same_run(*before, after);
    const double seconds = after.uptime_seconds - (is_same ? before->uptime_seconds : 0);
    // A server that was started since counts from its start; of one that was never seen before, it
    // is not known what it has counted when.
    if (!before || seconds <= 0 || seconds > static_cast<double>(Watch::kGrowthSecondsMax)) {
        return std::nullopt;
    }
    hits::Growth growth{after.at, std::llround(seconds * kMilliseconds), counts_of(after)};
    if (is_same) {
        const auto old = counts_of(*before);
        for (auto& [name, count] : growth.counts) {
            const auto found = old.find(name);
            const std::uint64_t past = found == old.end() ? 0 : found->second;
            count = count > past ? count - past : 0;
        }
    }
    return growth;
}

Watch::Watch(WatchOptions options) : options_(std::move(options)) {
    is_kept_ = !options_.file.empty();
    saved_ = options_.now();
    if (!is_kept_) {
        return;
    }
    auto kept = hits::read_history(options_.file);
    if (!kept) {
        options_.say(message(kept.error()));
    } else if (*kept) {
        history_ = std::move(**kept);
    }
}

Watch::~Watch() {
    {
        const std::scoped_lock lock(mutex_);
        is_ending_ = true;
    }
    is_ending_changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
        save();
    }
}

void Watch::start() {
    thread_ = std::thread([this] { run(); });
}

void Watch::run() {
    save();  // so that it is known at once whether that can be done
    for (;;) {
        sample();
        if (options_.now().seconds - saved_.seconds >= kSaveSeconds) {
            save();
        }
        const auto until_minute =
            std::chrono::seconds(kSampleSeconds - options_.now().seconds % kSampleSeconds);
        std::unique_lock lock(mutex_);
        if (is_ending_changed_.wait_for(lock, until_minute, [this] { return is_ending_; })) {
            return;
        }
    }
}

void Watch::sample() {
    auto answer = options_.ask();
    tell(answer);
    if (!answer) {
        return;
    }
    const std::scoped_lock lock(mutex_);
    if (const auto growth = growth_between(last_, *answer)) {
        history_.add(*growth);
    }
    before_ = std::exchange(last_, std::move(*answer));
}

// Once, when it begins or ends.
void Watch::tell(const Result<figures::ServerFigures>& answer) {
    if (answer.has_value() != is_answering_) {
        options_.say(answer ? "ostrakond answers again"
                            : message(answer.error()) + " (the operator's page has a gap)");
        is_answering_ = answer.has_value();
    }
}

void Watch::save() {
    saved_ = options_.now();
    if (options_.file.empty()) {
        return;
    }
    hits::History copy;
    {
        const std::scoped_lock lock(mutex_);
        copy = history_;
    }
    const auto written = hits::write_history(options_.file, copy);
    const std::scoped_lock lock(mutex_);
    if (!written && is_kept_) {
        options_.say(message(written.error()) + " (the history is kept in memory alone)");
    }
    is_kept_ = written.has_value();
}

std::shared_ptr<const Standing> Watch::look() {
    const std::scoped_lock looking(looking_);
    const UnixTime at = options_.now();
    if (standing_ && std::abs(at.seconds - standing_->at.seconds) < kLookSeconds) {
        return standing_;
    }
    auto standing = std::make_shared<Standing>();
    auto answer = options_.ask();
    standing->at = options_.now();
    if (!answer) {
        standing->error = std::move(answer.error());
    } else {
        const std::scoped_lock lock(mutex_);
        for (const auto* past : {&last_, &before_}) {
            if (*past && !standing->rates && figures::is_same_run(**past, *answer) &&
                answer->uptime_seconds - (*past)->uptime_seconds >= kRateSecondsMin) {
                standing->rates = figures::rates_between(**past, *answer);
            }
        }
        standing->figures = std::move(*answer);
    }
    standing_ = std::move(standing);
    return standing_;
}

std::vector<hits::Bucket> Watch::read(const hits::Window& window,
                                      const std::vector<std::string>& names) const {
    const std::scoped_lock lock(mutex_);
    return history_.read(window, names);
}

std::vector<std::string> Watch::names(std::string_view kind) const {
    const std::scoped_lock lock(mutex_);
    return history_.names(kind);
}

std::optional<UnixTime> Watch::since() const {
    const std::scoped_lock lock(mutex_);
    return history_.since();
}

bool Watch::is_kept() const {
    const std::scoped_lock lock(mutex_);
    return is_kept_;
}

}  // namespace ostrakon::web
