// Queries over TCP in one worker (RFC 7766): pipelined, bounded in every direction, fair to UDP.
//
// The answers to what one read has brought go out in one write. A client that does not take its
// answers is not read from until it does. Which connections are taken at all is
// tcp_admission.hpp's.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/server/event_loop.hpp"
#include "ostrakon/server/query_handler.hpp"
#include "ostrakon/server/tcp_admission.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace ostrakon::server {

/// Bytes read from a connection at once.
inline constexpr std::size_t kTcpReadSize = 16384;
/// Answers of one write end with the first that reaches this many bytes.
inline constexpr std::size_t kTcpWriteSize = 65536;
/// Queries that all connections of a worker are answered in one turn of its loop, so that UDP keeps
/// its turn.
inline constexpr int kTcpQueriesPerTurn = 64;
/// Of these, how many one connection may take while others wait.
inline constexpr int kTcpQueriesPerSlice = 32;

/// A connection is not closed for a new one before it has been idle for so long.
inline constexpr std::chrono::milliseconds kTcpIdleBeforeDisplaced{500};

/// Everything about TCP in one worker. Lives in its loop's thread.
class TcpServer {
public:
    /// `loop`, `handler` and `admission` outlive it.
    TcpServer(EventLoop& loop, QueryHandler& handler, TcpAdmission& admission,
              std::chrono::milliseconds idle_max);
    /// Closes what is still open.
    ~TcpServer();
    TcpServer(const TcpServer&) = delete;
    TcpServer& operator=(const TcpServer&) = delete;

    /// Takes connections from a listening socket that does not block, and owns it from here on.
    void add_listener(FileDescriptor socket);

    /// A connection is closed when it has completed no query and taken no answer for so long.
    void set_idle_max(std::chrono::milliseconds idle_max);

    /// To be called once a turn of the loop: allows another kTcpQueriesPerTurn.
    void begin_turn() noexcept;

    /// Takes no further connections, closes each that is open when what has arrived on it is
    /// answered, and calls back when none is left.
    void finish(std::function<void()> when_done);

    std::size_t connection_count() const noexcept;

    struct State;

private:
    std::unique_ptr<State> state_;
};

}  // namespace ostrakon::server
