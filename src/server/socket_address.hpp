// What the kernel says of a peer, as our values.
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
