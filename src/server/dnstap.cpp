#include "ostrakon/server/dnstap.hpp"

#include "blocked_signals.hpp"
#include "dnstap_stream.hpp"
#include "ostrakon/server/log.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace ostrakon::server {
namespace {

using TapClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kTapPeriod{20};
constexpr std::chrono::seconds kTapAgain{5};        // between two tries to open it
constexpr std::chrono::seconds kTapLossPeriod{60};  // between two lines about what is missing
constexpr int kTapRecordsAtOnceMax = 16384;         // of one ring before the next has its turn

}  // namespace

std::string dnstap_identity(const std::string& nsid) {
    std::array<char, 256> name{};
    if (!nsid.empty() || ::gethostname(name.data(), name.size() - 1) != 0) {
        return nsid;
    }
    return name.data();
}

struct Dnstap::State {
    void run();
    void look_for_target();
    void try_to_open();
    bool drain();
    void drop_all();
    void tell_of_losses();
    std::uint64_t lost() const noexcept;

    std::vector<std::unique_ptr<QueryRing>> rings;
    std::thread thread;
    std::shared_ptr<const FstrmLibrary> library;
    std::atomic<bool> is_ending = false;
    std::atomic<std::uint64_t> dropped{0};  // while nobody took them

    std::mutex mutex;  // of the next two
    std::condition_variable changed;
    std::optional<Target> next;

    // The thread's own.
    Target target;
    std::unique_ptr<DnstapStream> stream;
    TapClock::time_point tried{}, told{};
    std::uint64_t lost_told = 0;
    std::string last_problem;
    DnstapRecordBuffer record = DnstapRecordBuffer(kDnstapRecordMax);
};

std::uint64_t Dnstap::State::lost() const noexcept {
    std::uint64_t lost = dropped.load(std::memory_order_relaxed);
    for (const auto& ring : rings) {
        lost += ring->lost();
    }
    return lost;
}

void Dnstap::State::look_for_target() {
    std::optional<Target> newest;
    {
        std::unique_lock lock{mutex};
        changed.wait_for(lock, kTapPeriod, [this] { return is_ending.load() || next; });
        newest = std::exchange(next, std::nullopt);
    }
    if (newest) {
        drain();  // into the last one
        stream.reset();
        target = std::move(*newest);
        tried = {};
    }
}

void Dnstap::State::try_to_open() {
    if (stream || (tried != TapClock::time_point{} && TapClock::now() - tried < kTapAgain)) {
        return;
    }
    tried = TapClock::now();
    auto opened = DnstapStream::open(library, target.place, is_ending);
    if (opened) {
        stream = std::move(*opened);
        if (!std::exchange(last_problem, {}).empty()) {
            log(LogLevel::Info, "dnstap goes to " + target.place.path + " again", "dnstap-kept");
        }
        return;
    }
    const std::string problem = message(opened.error());
    if (std::exchange(last_problem, problem) != problem) {
        log(LogLevel::Warn, problem + "; trying again every 5 s", "dnstap-failed",
            {{"file", target.place.path}});
    }
}

void Dnstap::State::drop_all() {
    for (const auto& ring : rings) {
        while (ring->take(record) != 0) {
            dropped.fetch_add(1, std::memory_order_relaxed);
        }
    }
}

// False: the stream broke.
bool Dnstap::State::drain() {
    if (!stream) {
        drop_all();
        return true;
    }
    for (const auto& ring : rings) {
        for (int i = 0; i < kTapRecordsAtOnceMax; ++i) {
            const std::size_t size = ring->take(record);
            if (size == 0) {
                break;
            }
            const DnstapFrames frames =
                dnstap_frames(std::span{record}.first(size), target.client, target.server);
            if (!stream->write(frames.query) ||
                (!frames.response.empty() && !stream->write(frames.response))) {
                return false;
            }
        }
    }
    return stream->flush();
}

void Dnstap::State::tell_of_losses() {
    if (TapClock::now() - told < kTapLossPeriod) {
        return;
    }
    const std::uint64_t now_lost = lost();
    if (const std::uint64_t more = now_lost - std::exchange(lost_told, now_lost); more > 0) {
        told = TapClock::now();
        log(LogLevel::Warn,
            fmt::format("dnstap {}: {} questions are missing: nobody took them, or not as fast as "
                        "they came",
                        target.place.path, more),
            "dnstap-lost", {{"lost", std::to_string(more)}});
    }
}

void Dnstap::State::run() {
    for (bool is_last = false; !is_last;) {
        look_for_target();
        is_last = is_ending.load();
        try_to_open();
        if (!drain()) {
            stream.reset();
            log(LogLevel::Warn, "dnstap " + target.place.path + " was closed by the other side",
                "dnstap-failed", {{"file", target.place.path}});
            last_problem = "closed";
        }
        tell_of_losses();
    }
    stream.reset();
}

Dnstap::Dnstap(std::size_t workers) : state_(std::make_unique<State>()) {
    for (std::size_t i = 0; i < workers; ++i) {
        state_->rings.push_back(std::make_unique<QueryRing>(kDnstapRecordMax));
    }
}

Dnstap::~Dnstap() {
    stop();
}

Result<Done> Dnstap::start(Target target) {
    if (!state_->library) {
        auto library = load_fstrm_library();
        if (!library) {
            return Unexpected{std::move(library.error())};
        }
        state_->library = std::move(*library);
    }
    {
        const std::lock_guard lock{state_->mutex};
        state_->next = std::move(target);
    }
    state_->changed.notify_one();
    if (state_->thread.joinable()) {
        return Done{};
    }
    state_->is_ending = false;
    const BlockedSignals signals;
    Result<Done> result = Done{};
    try {
        state_->thread = std::thread([state = state_.get()] { state->run(); });
    } catch (const std::system_error& problem) {
        result =
            Unexpected{Error{ErrorCode::System, "start the thread of dnstap", problem.what(), ""}};
    }
    return result;
}

void Dnstap::stop() {
    if (!state_->thread.joinable()) {
        return;
    }
    {
        const std::lock_guard lock{state_->mutex};
        state_->is_ending = true;
    }
    state_->changed.notify_one();
    state_->thread.join();
}

QueryRing& Dnstap::ring(std::size_t worker) {
    return *state_->rings[worker];
}

std::uint64_t Dnstap::lost() const noexcept {
    return state_->lost();
}

}  // namespace ostrakon::server
