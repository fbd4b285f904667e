// Which TCP connections are taken: a bound for all of them together, and one for each client.
#pragma once

#include "ostrakon/net/address.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>

namespace ostrakon::server {

/// Connections that one client may have open, so that a single one cannot use up those of
/// everybody.
inline constexpr std::size_t kTcpConnectionsPerClientMax = 128;
/// IPv6 clients are counted by network, which a single machine usually has to itself.
inline constexpr int kTcpClientPrefixIpv6 = 64;

/// From this share of all connections on, clients that ask are told not to keep theirs (RFC 7828
/// §3.3.2).
inline constexpr std::size_t kTcpNearlyFullPercent = 90;

enum class TcpEntry : std::uint8_t {
    Admitted,
    Full,        ///< There are as many as there may be in all.
    ClientFull,  ///< This client has as many as one may have.
};

/// What has become of connections, since the start.
struct TcpCounters {
    std::uint64_t admitted = 0;
    std::uint64_t refused_full = 0;
    std::uint64_t refused_client = 0;
    std::uint64_t displaced = 0;  ///< Closed for a new one, as the one that was idle for longest.
    std::uint64_t timed_out = 0;
};

/// Counts the open connections of all workers. Locks once a connection, never once a query.
class TcpAdmission {
public:
    explicit TcpAdmission(std::size_t total_max,
                          std::size_t per_client_max = kTcpConnectionsPerClientMax);

    /// Counts a connection where there are not too many.
    TcpEntry enter(const net::Address& client);
    /// To be called once for each that was admitted.
    void leave(const net::Address& client);

    /// Counts one that was turned away in the end.
    void note_refused(TcpEntry reason);
    void note_displaced();
    void note_timed_out();
    TcpCounters counters() const;

    /// Whether clients had better not keep their connections. Takes no lock.
    bool is_nearly_full() const noexcept {
        return open_.load(std::memory_order_relaxed) * 100 >=
               total_max_.load(std::memory_order_relaxed) * kTcpNearlyFullPercent;
    }

    /// Changes the bound; connections that are open stay.
    void set_total_max(std::size_t total_max);
    std::size_t open_count() const;

private:
    mutable std::mutex mutex_;
    std::atomic<std::size_t> total_max_;  // changed with the mutex held, as is open_
    const std::size_t per_client_max_;
    std::atomic<std::size_t> open_ = 0;
    TcpCounters counters_;
    std::map<net::Address, std::size_t> clients_;  // only those with open connections
};

}  // namespace ostrakon::server
