// Who is connected: how many of one network, until when each has time, and who gives up a place
// when all are taken.
//
// One thread. The sockets are closed by libmicrohttpd; here they are at most shut down.
#pragma once

#include "ostrakon/http/server.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>

namespace ostrakon::http {

using Clock = std::chrono::steady_clock;

/// What counts as one visitor: an IPv4 address, an IPv6 /64 by its first address.
std::optional<net::Address> network_of(const std::optional<net::Address>& client);

struct Visitor {
    enum class State : std::uint8_t { Asking, Waiting, Taking };
    std::optional<net::Address> network;
    State state = State::Asking;
    Clock::time_point since;  ///< When the state began.
};

class Visitors {
public:
    Visitors(const Limits& limits, ServerCounters& counters)
        : limits_(limits), counters_(counters) {}

    /// Whether one more of this network may come. Where all places are taken, of the network
    /// that has most whoever has been asking longest is shut down, which frees the place in a
    /// moment: ask again then.
    enum class Admission : std::uint8_t { Come, Later, Refused };
    Admission admit(const std::optional<net::Address>& client);

    void enter(int socket, const std::optional<net::Address>& client);
    void leave(int socket);
    void change(int socket, Visitor::State state);

    /// Shuts down who has taken too long.
    void expire();
    /// Shuts down all.
    void dismiss();

private:
    void displace_one();
    /// That its network has; 0 for those that are not counted.
    std::size_t places_of(const Visitor& visitor) const;

    Limits limits_;
    ServerCounters& counters_;
    std::unordered_map<int, Visitor> visitors_;
    std::map<net::Address, std::size_t> counts_;
};

}  // namespace ostrakon::http
