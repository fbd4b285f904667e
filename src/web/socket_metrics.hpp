// What the sockets of the page are asked, for Prometheus.
#pragma once

#include "ostrakon/http/server.hpp"

#include <string>

namespace ostrakon::web {

/// Null: there is no such socket.
struct SocketCounters {
    const http::ServerCounters* visitors = nullptr;
    const http::ServerCounters* operators = nullptr;
};
std::string socket_metrics(const SocketCounters& sockets);

}  // namespace ostrakon::web
