// Which TCP connections are taken: a bound for all of them together, and one for each client.
#pragma once

#include "ostrakon/net/address.hpp"

#include <cstddef>
#include <map>
#include <mutex>

namespace ostrakon::server {

/// Connections that one client may have open, so that a single one cannot use up those of
/// everybody.
inline constexpr std::size_t kTcpConnectionsPerClientMax = 128;
/// IPv6 clients are counted by network, which a single machine usually has to itself.
inline constexpr int kTcpClientPrefixIpv6 = 64;

/// Counts the open connections of all workers. Taken and left once a connection, never once a
/// query.
class TcpAdmission {
public:
    explicit TcpAdmission(std::size_t total_max,
                          std::size_t per_client_max = kTcpConnectionsPerClientMax);

    /// Counts a connection, or returns false when there are too many.
    bool enter(const net::Address& client);
    /// To be called once for each successful enter().
    void leave(const net::Address& client);

    /// Changes the bound; connections that are open stay.
    void set_total_max(std::size_t total_max);
    std::size_t open_count() const;

private:
    mutable std::mutex mutex_;
    std::size_t total_max_;
    const std::size_t per_client_max_;
    std::size_t total_ = 0;
    std::map<net::Address, std::size_t> clients_;  // only those with open connections
};

}  // namespace ostrakon::server
