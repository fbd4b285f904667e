// One thread that answers: its loop, its UDP sockets, its share of the TCP connections.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/server/listeners.hpp"
#include "ostrakon/server/query_handler.hpp"
#include "ostrakon/server/tcp_admission.hpp"
#include "ostrakon/server/udp_batch.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace ostrakon::server {

/// How long answers in progress may take to go out once a worker is told to stop.
inline constexpr std::chrono::milliseconds kStopPatience{3000};

struct WorkerOptions {
    std::vector<ListenerSockets> sockets;
    std::unique_ptr<QueryHandler> handler;
    TcpAdmission* admission = nullptr;  ///< Shared by all workers, which it outlives.
    std::chrono::milliseconds tcp_idle_max{10000};
    std::chrono::milliseconds stop_patience = kStopPatience;
};

class Worker {
public:
    /// Starts the thread.
    static Result<std::unique_ptr<Worker>> start(WorkerOptions options);
    /// Stops it if that has not been done, and waits.
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Runs `task` in the worker's thread, between two batches. Not after stop().
    void post(std::function<void(QueryHandler&)> task);
    void set_tcp_idle_max(std::chrono::milliseconds idle_max);

    /// Tells it to answer what has arrived and to end; returns at once.
    void stop();
    /// Waits until it has ended, at most a little over its stop_patience after stop().
    void join();

    const UdpCounters& udp_counters() const noexcept;
    /// Queries that found no room in a socket since the start. Any thread, until stop().
    std::uint64_t udp_overflows() const noexcept;

private:
    struct State;
    explicit Worker(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace ostrakon::server
