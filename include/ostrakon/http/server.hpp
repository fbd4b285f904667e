// A small HTTP server for pages, figures and JSON: one thread for the sockets, a few for the work.
//
// It speaks HTTP/1.0 and 1.1 without TLS: a proxy before it does that. Whoever asks is expected to
// be hostile: connections, their life without a whole request, sizes and waiting work are bounded.
// When all places are taken, whoever has kept one longest without a request gives it up: of the
// network that has most of them. A head that a proxy may have read another way is refused.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/base/result.hpp"
#include "ostrakon/http/message.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace ostrakon::http {

struct Limits {
    std::size_t connections_max = 64;
    /// Of one IPv4 address or IPv6 /64; none for loopback and UNIX sockets, where proxies are.
    std::size_t connections_per_network_max = 16;
    std::size_t head_size_max = 16 << 10;  ///< Bytes of request line and headers.
    std::size_t body_size_max = 0;         ///< A longer body gets status 413.
    /// Of all bodies that have arrived and all answers that go out, together; more get 503.
    std::size_t held_size_max = std::size_t{64} << 20;
    std::size_t waiting_max = 64;  ///< Requests that wait for a thread; more get 503.
    std::chrono::milliseconds arrival_max{10000};    ///< From connecting or the answer before to a
                                                     ///< whole request.
    std::chrono::milliseconds departure_max{30000};  ///< For an answer to be taken.
};

struct ServerOptions {
    FileDescriptor socket;  ///< Already listening.
    Handler handler;
    Limits limits = {};
    std::size_t threads = 1;                  ///< That call `handler`.
    std::function<void()> begin_thread = {};  ///< Called first in each thread: its priority.
};

/// Any thread may read.
struct ServerCounters {
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::uint64_t> refused{0};    ///< One network has too many connections.
    std::atomic<std::uint64_t> displaced{0};  ///< Gave their places to others.
    std::atomic<std::uint64_t> expired{0};    ///< Took too long.
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> too_busy{0};  ///< Got 503.
};

class Server {
public:
    /// Starts its threads. Error: System, where libmicrohttpd is missing or does not start.
    static Result<std::unique_ptr<Server>> start(ServerOptions options);
    /// Ends the connections and waits for the handlers that are running.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    const ServerCounters& counters() const noexcept;

private:
    struct State;
    explicit Server(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace ostrakon::http
