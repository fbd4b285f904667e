#include "socket_metrics.hpp"

#include "ostrakon/metrics/prometheus_text.hpp"

#include <array>

namespace ostrakon::web {
namespace {

struct SocketFamily {
    std::string_view name, help;
    std::atomic<std::uint64_t> http::ServerCounters::*counter;
};
constexpr std::array<SocketFamily, 6> kFamilies{{
    {"ostrakon_web_connections_total", "Connections that were accepted.",
     &http::ServerCounters::accepted},
    {"ostrakon_web_requests_total", "Requests that arrived whole.",
     &http::ServerCounters::requests},
    {"ostrakon_web_refused_total", "Connections beyond those of one network.",
     &http::ServerCounters::refused},
    {"ostrakon_web_displaced_total", "Connections that gave their places to others.",
     &http::ServerCounters::displaced},
    {"ostrakon_web_expired_total", "Connections that took too long.",
     &http::ServerCounters::expired},
    {"ostrakon_web_too_busy_total", "Requests that got status 503, as too many waited.",
     &http::ServerCounters::too_busy},
}};

}  // namespace

std::string socket_metrics(const SocketCounters& sockets) {
    metrics::PrometheusText text;
    for (const SocketFamily& family : kFamilies) {
        text.family(family.name, metrics::Kind::Counter, family.help);
        if (sockets.visitors != nullptr) {
            text.sample({{"socket", "visitors"}}, (sockets.visitors->*family.counter).load());
        }
        if (sockets.operators != nullptr) {
            text.sample({{"socket", "operator"}}, (sockets.operators->*family.counter).load());
        }
    }
    return text.text();
}

}  // namespace ostrakon::web
