#include "ostrakon/server/transfer_service.hpp"

#include "blocked_signals.hpp"
#include "ostrakon/responder/prepared.hpp"
#include "ostrakon/server/log.hpp"
#include "ostrakon/server/time_slice.hpp"
#include "transfer_sending.hpp"

#include <signal.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace ostrakon::server {
namespace {

// The zones that others take from here; all, where only the catalog is taken.
std::vector<std::size_t> followed_zones(const responder::Site& site) {
    std::vector<std::size_t> numbers;
    const std::vector<zone::Zone>& zones = site.rulebook().zones;
    for (std::size_t number = 0; number < zones.size(); ++number) {
        const zone::Secondaries& secondaries = zones[number].secondaries;
        if (!secondaries.transfer.empty() || !secondaries.notify.empty()) {
            numbers.push_back(number);
        }
    }
    if (numbers.empty() && site.prepared().catalog && !zones.empty()) {
        numbers.push_back(0);
    }
    return numbers;
}

}  // namespace

struct TransferService::State {
    State(TcpAdmission& open, std::function<void(std::uint32_t)> tell)
        : admission(open), on_serial(std::move(tell)) {}

    void send_until_end();
    void follow_until_end();
    void send(TransferJob job);
    void finish(TransferJob job, bool is_of_use);
    template <class Work>
    void begin_thread(Work work);

    TcpAdmission& admission;
    const std::function<void(std::uint32_t)> on_serial;
    TransferCounters counters;
    std::vector<std::thread> threads;
    std::atomic<bool> is_ending = false;  // of what runs

    std::mutex mutex;  // of all below
    std::condition_variable changed;
    std::deque<TransferJob> waiting;
    store::Environment* environment = nullptr;
    std::shared_ptr<const verdict::Rulebook> rulebook;  // of the history
    std::shared_ptr<transfer::ZoneHistory> history;
    // The first serial that was seen with this rulebook: who has a newer one has the catalog of it.
    std::optional<std::uint32_t> catalog_since;
    std::size_t busy = 0;  // threads that read from the environment
    bool is_look_wanted = false;
    bool is_stopping = false;
};

template <class Work>
void TransferService::State::begin_thread(Work work) {
    threads.emplace_back([work] {
        ask_for_low_priority();
        work();
    });
}

void TransferService::State::send_until_end() {
    std::unique_lock lock{mutex};
    while (true) {
        changed.wait(lock,
                     [&] { return is_stopping || (environment != nullptr && !waiting.empty()); });
        if (is_stopping) {
            return;
        }
        TransferJob job = std::move(waiting.front());
        waiting.pop_front();
        const bool is_of_history = job.site->shared_rulebook() == rulebook;
        auto kept = is_of_history ? history : nullptr;
        const auto since = is_of_history ? catalog_since : std::nullopt;
        store::Environment& read = *environment;
        ++busy;
        lock.unlock();
        const bool is_of_use = send_transfer(job, {read, kept.get(), since, is_ending, counters});
        kept.reset();  // an old history reads from the environment, too
        lock.lock();
        --busy;
        changed.notify_all();
        lock.unlock();
        finish(std::move(job), is_of_use);
        lock.lock();
    }
}

void TransferService::State::follow_until_end() {
    std::string last_problem;
    std::unique_lock lock{mutex};
    while (true) {
        changed.wait(lock, [&] {
            return is_stopping || (environment != nullptr && is_look_wanted && history);
        });
        if (is_stopping) {
            return;
        }
        is_look_wanted = false;
        auto followed = history;
        store::Environment& read = *environment;
        ++busy;
        lock.unlock();
        const auto is_new = followed->follow(read);
        const auto serial = followed->serial();
        lock.lock();
        if (followed == history && !catalog_since) {
            catalog_since = serial;
        }
        followed.reset();
        --busy;
        changed.notify_all();
        lock.unlock();
        const std::string problem = is_new ? std::string{} : message(is_new.error());
        if (!problem.empty() && problem != last_problem) {
            log(LogLevel::Error, "follow the zones that are transferred: " + problem);
        }
        last_problem = problem;
        if (is_new && *is_new && serial) {
            on_serial(*serial);
        }
        lock.lock();
    }
}

void TransferService::State::finish(TransferJob job, bool is_of_use) {
    if (is_of_use && job.connection.give_back) {
        auto give_back = std::move(job.connection.give_back);
        give_back(std::move(job.connection));
    } else {
        admission.leave(job.connection.client.address);
    }
}

TransferService::TransferService(TcpAdmission& admission,
                                 std::function<void(std::uint32_t)> on_serial)
    : state_(std::make_unique<State>(admission, std::move(on_serial))) {}

TransferService::~TransferService() {
    stop();
}

Result<Done> TransferService::start() {
    const BlockedSignals signals;
    Result<Done> result = Done{};
    try {
        for (std::size_t i = 0; i < kTransfersMax; ++i) {
            state_->begin_thread([state = state_.get()] { state->send_until_end(); });
        }
        state_->begin_thread([state = state_.get()] { state->follow_until_end(); });
    } catch (const std::system_error& problem) {
        result = Unexpected{Error{ErrorCode::System, "start a thread for transfers", problem.what(),
                                  "raise the limit on tasks"}};
    }
    return result;
}

void TransferService::stop() {
    state_->is_ending = true;
    {
        const std::lock_guard lock{state_->mutex};
        state_->is_stopping = true;
        state_->waiting.clear();
    }
    state_->changed.notify_all();
    for (std::thread& thread : state_->threads) {
        thread.join();
    }
    state_->threads.clear();
    state_->history.reset();
    state_->environment = nullptr;
}

void TransferService::adopt(const std::shared_ptr<const responder::Site>& site) {
    {
        const std::lock_guard lock{state_->mutex};
        if (state_->rulebook == site->shared_rulebook()) {
            return;
        }
        state_->rulebook = site->shared_rulebook();
        const auto zones = followed_zones(*site);
        state_->history = zones.empty()
                              ? nullptr
                              : std::make_shared<transfer::ZoneHistory>(state_->rulebook, zones);
        state_->catalog_since.reset();
        state_->is_look_wanted = true;
    }
    state_->changed.notify_all();
}

void TransferService::leave_database() {
    state_->is_ending = true;
    std::unique_lock lock{state_->mutex};
    state_->environment = nullptr;
    state_->changed.wait(lock, [&] { return state_->busy == 0; });
    if (state_->history) {
        state_->history->leave();
    }
    state_->catalog_since.reset();
    state_->is_ending = false;
}

void TransferService::take_database(store::Environment& environment) {
    {
        const std::lock_guard lock{state_->mutex};
        state_->environment = &environment;
        state_->is_look_wanted = true;
    }
    state_->changed.notify_all();
}

void TransferService::look() {
    std::vector<TransferJob> late;
    {
        const std::lock_guard lock{state_->mutex};
        state_->is_look_wanted = true;
        while (!state_->waiting.empty() &&
               now().seconds - state_->waiting.front().received.seconds > kTransferWaitSeconds) {
            late.push_back(std::move(state_->waiting.front()));
            state_->waiting.pop_front();
        }
    }
    state_->changed.notify_all();
    for (TransferJob& job : late) {
        log(LogLevel::Warn, "a transfer to " + net::to_string(job.connection.client.address) +
                                " has waited too long for others to end: told SERVFAIL");
        ++state_->counters.refused;
        const bool is_of_use = send_refusal(job);
        state_->finish(std::move(job), is_of_use);
    }
}

bool TransferService::take(HandedOver& connection, std::shared_ptr<const responder::Site> site,
                           UnixTime now) {
    {
        const std::lock_guard lock{state_->mutex};
        if (state_->is_stopping || state_->waiting.size() >= kTransfersWaitingMax) {
            ++state_->counters.refused;
            return false;
        }
        state_->waiting.push_back({std::move(connection), std::move(site), now});
    }
    state_->changed.notify_all();
    return true;
}

const TransferCounters& TransferService::counters() const noexcept {
    return state_->counters;
}

}  // namespace ostrakon::server
