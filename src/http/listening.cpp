#include "ostrakon/http/listening.hpp"

#include "ostrakon/net/socket_address.hpp"

#include <sys/stat.h>
#include <sys/un.h>

#include <fmt/format.h>
#include <cerrno>
#include <cstring>

namespace ostrakon::http {
namespace {

constexpr int kSocketMode = 0660;

Error failure(std::string attempt, int number, std::string remedy = {}) {
    return {ErrorCode::System, std::move(attempt), std::strerror(number), std::move(remedy)};
}

std::string endpoint_text(const net::Address& address, std::uint16_t port) {
    const bool is_ipv6 = std::holds_alternative<net::Ipv6>(address);
    return fmt::format("{}{}{}:{}", is_ipv6 ? "[" : "", net::to_string(address), is_ipv6 ? "]" : "",
                       port);
}

Result<std::uint16_t> port_of(int socket) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &size) != 0) {
        return Unexpected{failure("ask for the port of a socket", errno)};
    }
    return ntohs(storage.ss_family == AF_INET
                     ? reinterpret_cast<const sockaddr_in*>(&storage)->sin_port
                     : reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port);
}

FileDescriptor stream_socket(int family) {
    return FileDescriptor(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

// Whether somebody accepts connections there.
bool is_in_use(const sockaddr_un& name) {
    const FileDescriptor probe = stream_socket(AF_UNIX);
    const int connected =
        ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name);
    return connected == 0 || errno == EAGAIN;
}

}  // namespace

Result<Listening> listen_on(const net::Address& address, std::uint16_t port) {
    const std::string attempt = "listen on " + endpoint_text(address, port) + " for HTTP";
    const net::SocketAddress name = net::socket_address(address, port);
    Listening listening{stream_socket(name.storage.ss_family), 0};
    const int socket = listening.socket.get();
    const int on = 1;
    if (socket < 0 || ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        (name.storage.ss_family == AF_INET6 &&
         ::setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0) ||
        ::bind(socket, name.get(), name.size) != 0 || ::listen(socket, kBacklog) != 0) {
        const int number = errno;
        return Unexpected{failure(
            attempt, number,
            number == EADDRINUSE ? "another program has this port: stop it or name another" : "")};
    }
    const auto bound = port_of(socket);
    if (!bound) {
        return Unexpected{bound.error()};
    }
    listening.port = *bound;
    return listening;
}

Result<Listening> listen_on(const std::string& path) {
    const std::string attempt = "listen on " + path;
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    if (path.size() >= sizeof name.sun_path) {
        return Unexpected{Error{
            ErrorCode::System, attempt,
            fmt::format("the path of a socket has at most {} bytes", sizeof name.sun_path - 1),
            "name a shorter one"}};
    }
    std::memcpy(name.sun_path, path.data(), path.size());
    struct stat found {};
    if (::lstat(path.c_str(), &found) == 0) {
        if (!S_ISSOCK(found.st_mode)) {
            return Unexpected{Error{ErrorCode::System, attempt, "this file is no socket",
                                    "move it away or name another path"}};
        }
        if (is_in_use(name)) {
            return Unexpected{Error{ErrorCode::System, attempt, "another process listens there",
                                    "stop it or name another path"}};
        }
        ::unlink(path.c_str());
    }
    Listening listening{stream_socket(AF_UNIX), 0};
    const int socket = listening.socket.get();
    if (socket < 0 || ::bind(socket, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0 ||
        ::chmod(path.c_str(), kSocketMode) != 0 || ::listen(socket, kBacklog) != 0) {
        const int number = errno;
        return Unexpected{
            failure(attempt, number, number == ENOENT ? "its directory must exist" : "")};
    }
    return listening;
}

}  // namespace ostrakon::http
