// An address and a port as the operating system takes them.
#pragma once

#include "ostrakon/net/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstring>

namespace ostrakon::net {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

inline SocketAddress socket_address(const Address& address, std::uint16_t port) {
    SocketAddress result;
    if (const auto* ipv4 = std::get_if<Ipv4>(&address)) {
        sockaddr_in made{};
        made.sin_family = AF_INET;
        made.sin_port = htons(port);
        made.sin_addr.s_addr = htonl(ipv4->bits);
        std::memcpy(&result.storage, &made, sizeof made);
        result.size = sizeof made;
    } else {
        sockaddr_in6 made{};
        made.sin6_family = AF_INET6;
        made.sin6_port = htons(port);
        const auto bytes = to_bytes(std::get<Ipv6>(address));
        std::memcpy(&made.sin6_addr, bytes.data(), bytes.size());
        std::memcpy(&result.storage, &made, sizeof made);
        result.size = sizeof made;
    }
    return result;
}

}  // namespace ostrakon::net
