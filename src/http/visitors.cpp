#include "visitors.hpp"

#include <sys/socket.h>

namespace ostrakon::http {
namespace {

constexpr int kIpv6VisitorLength = 64;
constexpr net::Ipv4Range kLoopback = {{0x7F000000}, {0x7FFFFFFF}};

}  // namespace

std::optional<net::Address> network_of(const std::optional<net::Address>& client) {
    if (!client) {
        return std::nullopt;
    }
    if (const auto* ipv4 = std::get_if<net::Ipv4>(&*client)) {
        return kLoopback.contains(*ipv4) ? std::nullopt : client;
    }
    const auto ipv6 = std::get<net::Ipv6>(*client);
    if (ipv6 == net::Ipv6{1}) {
        return std::nullopt;
    }
    return net::prefix(ipv6, kIpv6VisitorLength).first;
}

Visitors::Admission Visitors::admit(const std::optional<net::Address>& client) {
    const auto network = network_of(client);
    if (network) {
        const auto count = counts_.find(*network);
        if (count != counts_.end() && count->second >= limits_.connections_per_network_max) {
            counters_.refused.fetch_add(1, std::memory_order_relaxed);
            return Admission::Refused;
        }
    }
    if (visitors_.size() < limits_.connections_max) {
        return Admission::Come;
    }
    displace_one();
    return Admission::Later;
}

void Visitors::enter(int socket, const std::optional<net::Address>& client) {
    const auto network = network_of(client);
    if (network) {
        ++counts_[*network];
    }
    visitors_[socket] = Visitor{network, Visitor::State::Asking, Clock::now()};
    counters_.accepted.fetch_add(1, std::memory_order_relaxed);
}

void Visitors::leave(int socket) {
    const auto found = visitors_.find(socket);
    if (found == visitors_.end()) {
        return;
    }
    if (found->second.network) {
        const auto count = counts_.find(*found->second.network);
        if (count != counts_.end() && --count->second == 0) {
            counts_.erase(count);
        }
    }
    visitors_.erase(found);
}

void Visitors::change(int socket, Visitor::State state) {
    const auto found = visitors_.find(socket);
    if (found != visitors_.end()) {
        found->second.state = state;
        found->second.since = Clock::now();
    }
}

void Visitors::expire() {
    const auto now = Clock::now();
    for (const auto& [socket, visitor] : visitors_) {
        const bool is_late = (visitor.state == Visitor::State::Asking &&
                              now - visitor.since > limits_.arrival_max) ||
                             (visitor.state == Visitor::State::Taking &&
                              now - visitor.since > limits_.departure_max);
        if (is_late) {
            counters_.expired.fetch_add(1,
                                        std::memory_order_relaxed);  // who is shut down may read it
            ::shutdown(socket, SHUT_RDWR);
        }
    }
}

void Visitors::dismiss() {
    for (const auto& [socket, visitor] : visitors_) {
        ::shutdown(socket, SHUT_RDWR);
    }
}

std::size_t Visitors::places_of(const Visitor& visitor) const {
    const auto count = visitor.network ? counts_.find(*visitor.network) : counts_.end();
    return count == counts_.end() ? 0 : count->second;
}

void Visitors::displace_one() {
    // Who has one place alone keeps it as long as anybody has several.
    auto chosen = visitors_.end();
    std::size_t most = 0;
    for (auto visitor = visitors_.begin(); visitor != visitors_.end(); ++visitor) {
        if (visitor->second.state == Visitor::State::Waiting) {
            continue;
        }
        const std::size_t places = places_of(visitor->second);
        if (chosen == visitors_.end() || places > most ||
            (places == most && visitor->second.since < chosen->second.since)) {
            chosen = visitor;
            most = places;
        }
    }
    if (chosen != visitors_.end()) {
        counters_.displaced.fetch_add(1, std::memory_order_relaxed);
        ::shutdown(chosen->first, SHUT_RDWR);
    }
}

}  // namespace ostrakon::http
