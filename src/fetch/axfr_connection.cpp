#include "axfr_connection.hpp"

#include "ostrakon/dns/wire.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace ostrakon::fetch {
namespace {

constexpr std::string_view kDefaultPort = "53";

bool wait_for_socket(int socket, short events, Clock::time_point deadline) {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd waiting{socket, events, 0};
        const int ready =
            left.count() <= 0
                ? 0
                : ::poll(&waiting, 1,
                         static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)));
        if (ready > 0 || left.count() <= 0) {
            return ready > 0;
        }
    }
}

FileDescriptor connect_within(const addrinfo& address, Clock::time_point deadline, int& error) {
    FileDescriptor socket{::socket(address.ai_family,
                                   address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                                   address.ai_protocol)};
    error = errno;
    if (!socket.is_open()) {
        return {};
    }
    error = ::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
        socklen_t size = sizeof error;
        if (!wait_for_socket(socket.get(), POLLOUT, deadline)) {
            error = ETIMEDOUT;
        } else if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
            error = errno;
        }
    }
    return error == 0 ? std::move(socket) : FileDescriptor{};
}

}  // namespace

std::optional<AxfrTarget> read_axfr_target(std::string_view url) {
    url.remove_prefix(url.find("://") + 3);
    const std::size_t slash = url.find('/');
    std::string_view authority = url.substr(0, slash);
    if (slash == std::string_view::npos || authority.find('@') != std::string_view::npos) {
        return std::nullopt;
    }
    AxfrTarget target;
    target.port = kDefaultPort;
    const std::size_t colon = authority.rfind(':');
    if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
        target.port = authority.substr(colon + 1);
        authority = authority.substr(0, colon);
    }
    if (authority.starts_with('[') && authority.ends_with(']')) {
        authority = authority.substr(1, authority.size() - 2);
    }
    target.host = authority;
    const auto zone = dns::parse_name(percent_decoded(url.substr(slash + 1)));
    if (!zone || target.host.empty() || target.port.empty() ||
        target.port.find_first_not_of("0123456789") != std::string::npos) {
        return std::nullopt;
    }
    target.zone = *zone;
    return target;
}

Result<AxfrConnection> AxfrConnection::open(const Attempt& attempt, const AxfrTarget& target) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* raw = nullptr;
    const std::string attempted = "connect to " + target.host;
    if (const int failed = ::getaddrinfo(target.host.c_str(), target.port.c_str(), &hints, &raw);
        failed != 0) {
        return Unexpected{Error{ErrorCode::System, attempted, ::gai_strerror(failed), ""}};
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses{raw, ::freeaddrinfo};
    const auto deadline =
        std::min(attempt.deadline,
                 Clock::now() + std::chrono::seconds{attempt.request.limits.connect.seconds});
    int error = 0;
    for (const addrinfo* address = raw; address != nullptr; address = address->ai_next) {
        if (FileDescriptor socket = connect_within(*address, deadline, error); socket.is_open()) {
            return AxfrConnection{std::move(socket), attempt.deadline};
        }
    }
    return Unexpected{Error{ErrorCode::System, attempted, std::strerror(error), ""}};
}

bool AxfrConnection::send(const Bytes& message) {
    Bytes bytes(2);
    dns::store_u16(bytes.data(), static_cast<std::uint16_t>(message.size()));
    bytes.insert(bytes.end(), message.begin(), message.end());
    // Far smaller than the socket's buffer: taken whole, or something is wrong.
    return wait_for_socket(socket_.get(), POLLOUT, deadline_) &&
           ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
               static_cast<ssize_t>(bytes.size());
}

bool AxfrConnection::read_all(std::span<std::uint8_t> bytes) {
    while (!bytes.empty()) {
        if (!wait_for_socket(socket_.get(), POLLIN, deadline_)) {
            return false;
        }
        const ssize_t size = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
        if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) {
            return false;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(std::max<ssize_t>(0, size)));
    }
    return true;
}

Bytes AxfrConnection::receive() {
    Bytes length(2);
    if (!read_all(length)) {
        return {};
    }
    Bytes message(dns::load_u16(length.data()));
    return read_all(message) ? message : Bytes{};
}

}  // namespace ostrakon::fetch
