// A listening socket: hands over the connections that come, and bears having no descriptor left.
//
// libuv's own listening does not: with two loops in one process, the descriptor that it keeps in
// reserve can go to the other one, and from then on its accept loop never ends.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/server/event_loop.hpp"

#include <sys/socket.h>

#include <chrono>
#include <functional>
#include <optional>

namespace ostrakon::server {

/// Connections taken in one turn of the loop, so that UDP keeps its turn.
inline constexpr int kAcceptsPerTurn = 128;
/// How long nothing is accepted after descriptors or memory have run out. Who connects meanwhile
/// waits in the backlog.
inline constexpr std::chrono::milliseconds kAcceptPause{100};

class TcpListener {
public:
    using OnConnection = std::function<void(FileDescriptor, const sockaddr_storage& peer)>;

    /// Takes connections from a socket that is listening and does not block.
    TcpListener(EventLoop& loop, FileDescriptor socket, OnConnection on_connection);

private:
    void watch();
    void accept_some();

    EventLoop& loop_;
    FileDescriptor socket_;
    OnConnection on_connection_;
    std::optional<ReadableWatch> watch_;
    Timer pause_;
};

}  // namespace ostrakon::server
