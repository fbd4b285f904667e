// Addresses between the operating system's structures and our values.
#pragma once

#include "ostrakon/config/settings.hpp"
#include "ostrakon/net/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstring>
#include <optional>

namespace ostrakon::server {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

inline SocketAddress socket_address(const config::Endpoint& endpoint) {
    SocketAddress result;
    if (const auto* ipv4 = std::get_if<net::Ipv4>(&endpoint.address)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(endpoint.port);
        address.sin_addr.s_addr = htonl(ipv4->bits);
        std::memcpy(&result.storage, &address, sizeof address);
        result.size = sizeof address;
    } else {
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_port = htons(endpoint.port);
        const auto bytes = net::to_bytes(std::get<net::Ipv6>(endpoint.address));
        std::memcpy(&address.sin6_addr, bytes.data(), bytes.size());
        std::memcpy(&result.storage, &address, sizeof address);
        result.size = sizeof address;
    }
    return result;
}

/// Reads what the kernel says about a peer: IPv4 as IPv4, also where it came mapped. Nothing for
/// another family.
inline std::optional<config::Endpoint> endpoint_of(const sockaddr_storage& storage) noexcept {
    if (storage.ss_family == AF_INET) {
        sockaddr_in address;
        std::memcpy(&address, &storage, sizeof address);
        return config::Endpoint{net::Ipv4{ntohl(address.sin_addr.s_addr)}, ntohs(address.sin_port)};
    }
    if (storage.ss_family == AF_INET6) {
        sockaddr_in6 address;
        std::memcpy(&address, &storage, sizeof address);
        const net::Ipv6 ipv6 = net::ipv6_from_bytes(address.sin6_addr.s6_addr);
        const auto mapped = net::mapped_ipv4(ipv6);
        const net::Address value = mapped ? net::Address{*mapped} : net::Address{ipv6};
        return config::Endpoint{value, ntohs(address.sin6_port)};
    }
    return std::nullopt;
}

}  // namespace ostrakon::server
