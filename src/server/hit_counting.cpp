#include "ostrakon/server/hit_counting.hpp"

#include "blocked_signals.hpp"
#include "hit_counters.hpp"
#include "hit_question.hpp"
#include "ostrakon/server/log.hpp"
#include "ostrakon/server/time_slice.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ostrakon::server {
namespace {

using Clock = std::chrono::steady_clock;

// Between two looks into the rings: the longer the less there was last time. A full ring is 30,000
// addresses.
constexpr std::chrono::milliseconds kDrainPeriodMin{20};
constexpr std::chrono::milliseconds kDrainPeriodMax{160};
constexpr std::size_t kBusyHits = HitRing::kSlots / 32;
// How long what was asked is put together before listings are looked up for it.
constexpr std::chrono::seconds kSettlePeriod{1};
// Different questions within that time; with more it is over sooner.
constexpr std::size_t kQuestionsMax = std::size_t{1} << 16;
// Of one ring before the next has its turn.
constexpr int kHitsAtOnceMax = static_cast<int>(HitRing::kSlots);
constexpr std::chrono::seconds kDropPeriod{3600};
constexpr std::chrono::seconds kHitLossPeriod{60};

}  // namespace

struct HitCounting::State {
    struct Source {
        HitRing ring;
        std::optional<Hit> held;  // of a generation that is not there yet
    };

    void run();
    std::size_t drain();
    std::size_t drain(Source& source);
    void note(const Hit& hit);
    void settle();
    void count_own(const HitQuestion& question, UnixTime at);
    void drain_all();
    void follow_rulebooks();
    void take_next_rulebook();
    void tell_of_losses();
    std::uint64_t lost_hits() const noexcept;

    std::vector<std::unique_ptr<Source>> sources;
    std::atomic<std::uint64_t> counted{0};
    std::thread thread;

    std::mutex mutex;  // of all below, and held while the judge is asked
    std::condition_variable changed;
    bool is_to_stop = false;
    bool is_save_wanted = false;
    std::shared_ptr<const verdict::Rulebook> rulebook;  // that is judged by
    std::deque<std::shared_ptr<const verdict::Rulebook>> next_rulebooks;
    store::Environment* environment = nullptr;
    std::optional<verdict::Judge> judge;
    bool is_database_new = false;

    // The thread's own.
    std::optional<HitCounters> counters;
    std::uint8_t generation = 0;
    std::unordered_map<std::string, HitQuestion> questions;
    Clock::time_point settled{}, saved{}, dropped_old{}, told_losses{};
    std::uint64_t lost_told = 0;
};

void HitCounting::State::note(const Hit& hit) {
    HitQuestion& question = questions[key_of(hit)];
    question.subject = hit.subject;
    question.zone = hit.zone;
    question.bytes = hit.view();
    ++question.count;
}

// Returns how many were taken. What was asked under a configuration that is not known here yet
// waits.
std::size_t HitCounting::State::drain(Source& source) {
    std::size_t count = 0;
    Hit hit;
    for (int i = 0; i < kHitsAtOnceMax && questions.size() < kQuestionsMax; ++i) {
        if (source.held) {
            hit = *source.held;
        } else if (!source.ring.take(hit)) {
            break;
        }
        if (hit.generation != generation) {
            source.held = hit;
            break;
        }
        ++count;
        source.held.reset();
        note(hit);
    }
    return count;
}

std::size_t HitCounting::State::drain() {
    std::size_t most = 0;
    for (const auto& source : sources) {
        most = std::max(most, drain(*source));
    }
    return most;
}

void HitCounting::State::count_own(const HitQuestion& question, UnixTime at) {
    dns::KeyBuffer key;
    const verdict::Subject subject = subject_of(question, key);
    for (const store::ListingId listing : judge->own_listings(question.zone, subject, at)) {
        counters->add(listing, question.count, at, judge->snapshot());
        counted.fetch_add(question.count, std::memory_order_relaxed);
    }
}

// Looks the listings up that answered what was asked since the last time.
void HitCounting::State::settle() {
    const UnixTime at = now();
    const std::lock_guard lock(mutex);
    const bool is_drop_due = is_database_new || Clock::now() - dropped_old >= kDropPeriod;
    if ((is_drop_due || !questions.empty()) && judge && judge->renew()) {
        if (is_drop_due) {
            is_database_new = false;
            dropped_old = Clock::now();
            counters->drop_old(judge->snapshot());
        }
        for (const auto& [key, question] : questions) {
            if (question.zone < judge->rulebook().zones.size()) {
                count_own(question, at);
            }
        }
        judge->reset();
    }
    questions.clear();
}

void HitCounting::State::drain_all() {
    while (drain() > 0) {
        settle();
    }
    settle();
}

// All workers have the next configuration, so that what is asked from now on bears its number.
void HitCounting::State::follow_rulebooks() {
    for (std::unique_lock lock{mutex}; !next_rulebooks.empty();) {
        lock.unlock();
        drain_all();
        lock.lock();
        take_next_rulebook();
    }
}

// Under the mutex, or before the thread runs.
void HitCounting::State::take_next_rulebook() {
    rulebook = std::move(next_rulebooks.front());
    next_rulebooks.pop_front();
    ++generation;
    if (judge) {
        judge->adopt(rulebook);
    }
}

std::uint64_t HitCounting::State::lost_hits() const noexcept {
    std::uint64_t lost = 0;
    for (const auto& source : sources) {
        lost += source->ring.lost();
    }
    return lost;
}

void HitCounting::State::tell_of_losses() {
    const auto time = Clock::now();
    if (time - told_losses < kHitLossPeriod) {
        return;
    }
    const std::uint64_t lost = lost_hits();
    if (const std::uint64_t more = lost - std::exchange(lost_told, lost); more > 0) {
        told_losses = time;
        log(LogLevel::Info,
            fmt::format("{} hits of listings came faster than they could be counted", more));
    }
}

void HitCounting::State::run() {
    ask_for_low_priority();
    std::chrono::milliseconds period = kDrainPeriodMin;
    saved = Clock::now();
    counters->save(now());  // says at once what cannot be read or written
    for (bool is_last = false; !is_last;) {
        bool is_saved_now = false;
        {
            std::unique_lock lock{mutex};
            changed.wait_for(lock, period, [this] { return is_to_stop; });
            is_last = is_to_stop;
            is_saved_now = std::exchange(is_save_wanted, false) || is_last;
        }
        const bool is_busy = drain() > kBusyHits;
        period = is_busy ? kDrainPeriodMin : std::min(period * 2, kDrainPeriodMax);
        follow_rulebooks();
        if (is_saved_now) {
            drain_all();
        } else if (questions.size() >= kQuestionsMax || Clock::now() - settled >= kSettlePeriod) {
            settled = Clock::now();
            settle();
        }
        if (is_saved_now || Clock::now() - saved >= kHitSavePeriod) {
            saved = Clock::now();
            counters->save(now());
        }
        tell_of_losses();
    }
}

HitCounting::HitCounting(std::size_t workers) : state_(std::make_unique<State>()) {
    for (std::size_t i = 0; i < workers; ++i) {
        state_->sources.push_back(std::make_unique<State::Source>());
    }
}

HitCounting::~HitCounting() {
    stop();
}

Result<Done> HitCounting::start(std::filesystem::path file) {
    if (state_->thread.joinable()) {
        const std::lock_guard lock{state_->mutex};
        state_->is_save_wanted = true;
        return Done{};
    }
    state_->counters.emplace(std::move(file));
    state_->is_to_stop = false;
    const BlockedSignals signals;
    Result<Done> result = Done{};
    try {
        state_->thread = std::thread([state = state_.get()] { state->run(); });
    } catch (const std::system_error& problem) {
        result = Unexpected{
            Error{ErrorCode::System, "start the thread that counts hits", problem.what(), ""}};
    }
    return result;
}

void HitCounting::stop() {
    if (!state_->thread.joinable()) {
        return;
    }
    {
        const std::lock_guard lock{state_->mutex};
        state_->is_to_stop = true;
    }
    state_->changed.notify_one();
    state_->thread.join();
    state_->counters.reset();  // and its lock on the file
}

void HitCounting::adopt(std::shared_ptr<const verdict::Rulebook> rulebook) {
    const std::lock_guard lock{state_->mutex};
    if (state_->rulebook == nullptr) {
        state_->rulebook = std::move(rulebook);
        return;
    }
    const auto& newest =
        state_->next_rulebooks.empty() ? state_->rulebook : state_->next_rulebooks.back();
    if (rulebook == newest) {
        return;
    }
    state_->next_rulebooks.push_back(std::move(rulebook));
    if (!state_->thread.joinable()) {
        state_->take_next_rulebook();
    }
}

void HitCounting::leave_database() {
    const std::lock_guard lock{state_->mutex};
    state_->environment = nullptr;
    state_->judge.reset();
}

void HitCounting::take_database(store::Environment& environment) {
    const std::lock_guard lock{state_->mutex};
    state_->environment = &environment;
    state_->judge.emplace(environment, state_->rulebook);
    state_->is_database_new = true;
}

HitRing& HitCounting::ring(std::size_t worker) {
    return state_->sources[worker]->ring;
}

std::uint64_t HitCounting::counted() const noexcept {
    return state_->counted.load(std::memory_order_relaxed);
}

std::uint64_t HitCounting::lost() const noexcept {
    return state_->lost_hits();
}

}  // namespace ostrakon::server
