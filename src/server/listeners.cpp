#include "ostrakon/server/listeners.hpp"

#include "ostrakon/net/socket_address.hpp"
#include "socket_address.hpp"

#include <netinet/tcp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace ostrakon::server {
namespace {

// How often another free port is tried when TCP has the one that UDP got.
constexpr int kFreePortTries = 16;

enum class Protocol { Udp, Tcp };

// What went wrong with one socket; errno as it was.
struct BindFailure {
    Protocol protocol = Protocol::Udp;
    int code = 0;
};
template <class T>
using BindResult = Expected<T, BindFailure>;

bool is_ipv6(const config::Endpoint& endpoint) {
    return std::holds_alternative<net::Ipv6>(endpoint.address);
}

bool is_wildcard(const config::Endpoint& endpoint) {
    return std::visit([](auto address) { return address.bits == 0; }, endpoint.address);
}

// Whether any interface has an IPv6 address. The file is not there where the kernel has IPv6
// switched off.
bool machine_has_ipv6() {
    std::ifstream addresses("/proc/net/if_inet6");
    return addresses.peek() != std::ifstream::traits_type::eof();
}

bool set(int fd, int level, int option, int value) {
    return ::setsockopt(fd, level, option, &value, sizeof value) == 0;
}

int receive_buffer_of(int fd) {
    int bytes = 0;
    socklen_t size = sizeof bytes;
    ::getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, &size);
    return bytes / 2;  // the kernel reports twice what it takes for data (socket(7))
}

void prepare_udp(int fd, const config::Endpoint& endpoint) {
    if (!set(fd, SOL_SOCKET, SO_RCVBUFFORCE, kReceiveBufferBytes)) {  // needs CAP_NET_ADMIN
        set(fd, SOL_SOCKET, SO_RCVBUF, kReceiveBufferBytes);
    }
    // Forged "fragmentation needed" messages must not make us send fragments; answers fit the
    // smallest usual MTU.
    if (is_ipv6(endpoint)) {
        set(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_OMIT);
    } else {
        set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT);
    }
    if (is_wildcard(endpoint)) {
        if (is_ipv6(endpoint)) {
            set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
        } else {
            set(fd, IPPROTO_IP, IP_PKTINFO, 1);
        }
    }
}

void prepare_tcp(int fd) {
    set(fd, SOL_SOCKET, SO_REUSEADDR, 1);  // connections of a server before this one may linger
    set(fd, IPPROTO_TCP, TCP_NODELAY, 1);  // inherited by what is accepted
}

enum class Share { AfterBinding, BeforeBinding };

// The first socket of an address is bound unshared, so that an address in use is noticed even where
// its user shares it; then it is opened to our own other workers.
BindResult<FileDescriptor> bind_socket(const config::Endpoint& endpoint, Protocol protocol,
                                       Share share) {
    const net::SocketAddress address = net::socket_address(endpoint.address, endpoint.port);
    const int type = protocol == Protocol::Udp ? SOCK_DGRAM : SOCK_STREAM;
    FileDescriptor socket(
        ::socket(address.storage.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.is_open()) {
        return Unexpected{BindFailure{protocol, errno}};
    }
    const int fd = socket.get();
    if (is_ipv6(endpoint) && !set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1)) {
        return Unexpected{BindFailure{protocol, errno}};
    }
    if (protocol == Protocol::Udp) {
        prepare_udp(fd, endpoint);
    } else {
        prepare_tcp(fd);
    }
    if ((share == Share::BeforeBinding && !set(fd, SOL_SOCKET, SO_REUSEPORT, 1)) ||
        ::bind(fd, address.get(), address.size) != 0 ||
        (share == Share::AfterBinding && !set(fd, SOL_SOCKET, SO_REUSEPORT, 1)) ||
        (protocol == Protocol::Tcp && ::listen(fd, kTcpBacklog) != 0)) {
        return Unexpected{BindFailure{protocol, errno}};
    }
    return socket;
}

BindResult<std::uint16_t> port_of(int fd) {
    net::SocketAddress address;
    address.size = sizeof address.storage;
    if (::getsockname(fd, address.get(), &address.size) != 0) {
        return Unexpected{BindFailure{Protocol::Udp, errno}};
    }
    return endpoint_of(address.storage)->port;
}

// Binds UDP, then TCP on the same port. Port 0 in `endpoint` becomes the port.
BindResult<ListenerSockets> bind_pair(config::Endpoint& endpoint, Share share) {
    ListenerSockets sockets;
    sockets.is_wildcard = is_wildcard(endpoint);
    auto udp = bind_socket(endpoint, Protocol::Udp, share);
    if (!udp) {
        return Unexpected{udp.error()};
    }
    sockets.udp = std::move(*udp);
    config::Endpoint real = endpoint;
    const auto port = port_of(sockets.udp.get());
    if (!port) {
        return Unexpected{port.error()};
    }
    real.port = *port;
    auto tcp = bind_socket(real, Protocol::Tcp, share);
    if (!tcp) {
        return Unexpected{tcp.error()};
    }
    sockets.tcp = std::move(*tcp);
    endpoint = real;
    return sockets;
}

BindResult<ListenerSockets> bind_first(config::Endpoint& endpoint) {
    const bool any_port = endpoint.port == 0;
    for (int attempt = 1;; ++attempt) {
        auto sockets = bind_pair(endpoint, Share::AfterBinding);
        const bool again = !sockets && any_port && sockets.error().code == EADDRINUSE;
        if (!again || attempt == kFreePortTries) {
            return sockets;
        }
    }
}

Error error_of(const config::Endpoint& endpoint, const BindFailure& failure) {
    const char* protocol = failure.protocol == Protocol::Udp ? "UDP" : "TCP";
    Error error{ErrorCode::System,
                std::string("listen on ") + config::to_string(endpoint) + " (" + protocol + ")",
                std::strerror(failure.code),
                {}};
    if (failure.code == EADDRINUSE) {
        error.remedy =
            "another program has this address and port; stop it or change [server] listen";
    } else if (failure.code == EACCES) {
        error.remedy = "ports below 1024 need root or CAP_NET_BIND_SERVICE";
    } else if (failure.code == EADDRNOTAVAIL) {
        error.remedy = "no interface of this machine has this address";
    }
    return error;
}

bool lacks_ipv6(const config::Endpoint& endpoint, const BindFailure& failure) {
    return is_ipv6(endpoint) &&
           (failure.code == EAFNOSUPPORT || (failure.code == EADDRNOTAVAIL && !machine_has_ipv6()));
}

}  // namespace

Result<Listeners> bind_listeners(std::span<const config::Endpoint> endpoints,
                                 std::size_t worker_count) {
    Listeners listeners;
    listeners.workers.resize(worker_count);
    listeners.receive_buffer_bytes = kReceiveBufferBytes;
    for (const config::Endpoint& wanted : endpoints) {
        config::Endpoint endpoint = wanted;
        for (std::size_t worker = 0; worker < worker_count; ++worker) {
            auto sockets =
                worker == 0 ? bind_first(endpoint) : bind_pair(endpoint, Share::BeforeBinding);
            if (!sockets && lacks_ipv6(endpoint, sockets.error())) {
                listeners.warnings.push_back("this machine has no IPv6: not listening on " +
                                             config::to_string(endpoint));
                break;
            }
            if (!sockets) {
                return Unexpected{error_of(endpoint, sockets.error())};
            }
            listeners.receive_buffer_bytes =
                std::min(listeners.receive_buffer_bytes, receive_buffer_of(sockets->udp.get()));
            listeners.workers[worker].push_back(std::move(*sockets));
            if (worker == 0) {
                listeners.endpoints.push_back(endpoint);
            }
        }
    }
    if (listeners.endpoints.empty()) {
        return Unexpected{
            Error{ErrorCode::System, "listen", "no address to listen on is left",
                  "this machine has no IPv6; name an IPv4 address in [server] listen"}};
    }
    return listeners;
}

}  // namespace ostrakon::server
