#include "ostrakon/diagnose/exchange.hpp"

#include "ostrakon/base/file_descriptor.hpp"
#include "ostrakon/dns/name.hpp"
#include "ostrakon/net/socket_address.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ostrakon::diagnose {
namespace {

constexpr std::size_t kHeaderSize = 12;
constexpr std::size_t kMessageSizeMax = 65535;
constexpr std::uint8_t kAnswerBit = 0x80;
constexpr std::uint8_t kTruncatedBit = 0x02;

// Waits until the socket is ready; false at the deadline.
bool wait_for(int socket, short events, Deadline deadline) {
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd polled{socket, events, 0};
        const int ready = ::poll(&polled, 1,
                                 static_cast<int>(std::max<std::int64_t>(
                                     0, std::min<std::int64_t>(left.count(), 60'000))));
        if (ready > 0) {
            return true;
        }
        if (ready == 0 && std::chrono::steady_clock::now() >= deadline) {
            return false;
        }
        if (ready < 0 && errno != EINTR) {
            return false;
        }
    }
}

// A socket that takes packets of this server alone.
FileDescriptor connect_to(const config::Endpoint& server, int type, Deadline deadline) {
    const net::SocketAddress address = net::socket_address(server.address, server.port);
    FileDescriptor socket{
        ::socket(address.storage.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!socket.is_open()) {
        return {};
    }
    if (::connect(socket.get(), address.get(), address.size) == 0) {
        return socket;
    }
    int error = errno;
    if (error == EINPROGRESS && wait_for(socket.get(), POLLOUT, deadline)) {
        socklen_t size = sizeof error;
        ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    }
    return error == 0 ? std::move(socket) : FileDescriptor{};
}

std::string no_answer(const config::Endpoint& server) {
    return "no answer from " + config::to_string(server);
}

Exchanged over_udp(const config::Endpoint& server, std::span<const std::uint8_t> query,
                   Deadline deadline) {
    const FileDescriptor socket = connect_to(server, SOCK_DGRAM, deadline);
    if (!socket.is_open() || ::send(socket.get(), query.data(), query.size(), MSG_NOSIGNAL) < 0) {
        return {{}, config::to_string(server) + " cannot be reached"};
    }
    Bytes buffer(kMessageSizeMax);
    while (wait_for(socket.get(), POLLIN, deadline)) {
        const ssize_t size = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
        if (size < 0 && errno != EAGAIN && errno != EINTR) {
            return {{}, config::to_string(server) + " refuses questions: " + std::strerror(errno)};
        }
        if (size > 0 && is_answer_to(query, {buffer.data(), static_cast<std::size_t>(size)})) {
            buffer.resize(static_cast<std::size_t>(size));
            return {std::move(buffer), {}};
        }
    }
    return {{}, no_answer(server)};
}

bool write_all(int socket, std::span<const std::uint8_t> bytes, Deadline deadline) {
    while (!bytes.empty()) {
        if (!wait_for(socket, POLLOUT, deadline)) {
            return false;
        }
        const ssize_t size = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (size < 0 && errno != EAGAIN && errno != EINTR) {
            return false;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(std::max<ssize_t>(0, size)));
    }
    return true;
}

bool read_all(int socket, std::span<std::uint8_t> bytes, Deadline deadline) {
    while (!bytes.empty()) {
        if (!wait_for(socket, POLLIN, deadline)) {
            return false;
        }
        const ssize_t size = ::recv(socket, bytes.data(), bytes.size(), 0);
        if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) {
            return false;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(std::max<ssize_t>(0, size)));
    }
    return true;
}

// The size of header and question, or 0 where the question does not end within the bytes.
std::size_t question_end(std::span<const std::uint8_t> message) noexcept {
    std::size_t at = kHeaderSize;
    while (at < message.size() && message[at] != 0) {
        if (message[at] > dns::kLabelSizeMax) {  // a pointer: none of ours has one here
            return 0;
        }
        at += message[at] + std::size_t{1};
    }
    constexpr std::size_t kRestSize = 5;  // the root, type, class
    return at + kRestSize <= message.size() ? at + kRestSize : 0;
}

}  // namespace

bool is_answer_to(std::span<const std::uint8_t> query,
                  std::span<const std::uint8_t> answer) noexcept {
    if (query.size() < kHeaderSize || answer.size() < kHeaderSize || answer[0] != query[0] ||
        answer[1] != query[1] || (answer[2] & kAnswerBit) == 0 || answer[4] != 0 ||
        answer[5] != 1) {
        return false;
    }
    const std::size_t end = question_end(query);
    return end != 0 && question_end(answer) == end &&
           std::equal(query.begin() + kHeaderSize, query.begin() + static_cast<std::ptrdiff_t>(end),
                      answer.begin() + kHeaderSize, [](std::uint8_t asked, std::uint8_t answered) {
                          return dns::lower(asked) == dns::lower(answered);
                      });
}

Exchanged exchange_over_tcp(const config::Endpoint& server, std::span<const std::uint8_t> query,
                            Deadline deadline) {
    const FileDescriptor socket = connect_to(server, SOCK_STREAM, deadline);
    Bytes message{static_cast<std::uint8_t>(query.size() >> 8),
                  static_cast<std::uint8_t>(query.size())};
    message.insert(message.end(), query.begin(), query.end());
    Bytes length(2);
    if (!socket.is_open() || !write_all(socket.get(), message, deadline) ||
        !read_all(socket.get(), length, deadline)) {
        return {{}, no_answer(server) + " over TCP"};
    }
    Bytes answer(static_cast<std::size_t>(length[0]) << 8 | length[1]);
    if (!read_all(socket.get(), answer, deadline) || !is_answer_to(query, answer)) {
        return {{}, no_answer(server) + " over TCP"};
    }
    return {std::move(answer), {}};
}

Exchanged exchange(const config::Endpoint& server, std::span<const std::uint8_t> query,
                   Deadline deadline) {
    Exchanged exchanged = over_udp(server, query, deadline);
    if (!exchanged.answer.empty() && (exchanged.answer[2] & kTruncatedBit) != 0) {
        return exchange_over_tcp(server, query, deadline);
    }
    return exchanged;
}

}  // namespace ostrakon::diagnose
