// The sockets that queries arrive on: one for UDP and one for TCP per listening address and worker.
//
// All are bound before root is given up. Reading them is udp_batch.hpp's and tcp_server.hpp's.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/base/result.hpp"
#include "ostrakon/config/settings.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace ostrakon::server {

/// Bytes that a UDP socket is asked to hold while its worker is busy. With the system's default
/// (208 KiB) bursts are lost.
inline constexpr int kReceiveBufferBytes = 4 << 20;
/// Connections that may wait to be accepted, per TCP socket.
inline constexpr int kTcpBacklog = 256;

/// The sockets of one listening address in one worker.
struct ListenerSockets {
    FileDescriptor udp;
    FileDescriptor tcp;        ///< Already listening.
    bool is_wildcard = false;  ///< Answers must be sent from the address that was asked.
};

struct Listeners {
    std::vector<config::Endpoint> endpoints;            ///< With the ports that port 0 became.
    std::vector<std::vector<ListenerSockets>> workers;  ///< For each worker one entry per endpoint.
    int receive_buffer_bytes = 0;  ///< What the system gave of kReceiveBufferBytes.
    std::vector<std::string> warnings;
};

/// Binds every endpoint for `worker_count` workers, which share them by SO_REUSEPORT. An address
/// that another process uses is an error, also where that process shares it. IPv6 endpoints are
/// left out, with a warning, on a machine without IPv6, where another endpoint remains. Port 0
/// becomes a free port, the same for UDP and TCP.
Result<Listeners> bind_listeners(std::span<const config::Endpoint> endpoints,
                                 std::size_t worker_count);

}  // namespace ostrakon::server
