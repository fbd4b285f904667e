#include "support/http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace ostrakon::test {
namespace {

constexpr int kPatienceMs = 10000;

sockaddr_in loopback(const std::string& address, std::uint16_t port) {
    sockaddr_in made{};
    made.sin_family = AF_INET;
    made.sin_port = htons(port);
    ::inet_pton(AF_INET, address.c_str(), &made.sin_addr);
    return made;
}

std::string in_lower_case(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

HttpReply head_of(std::string_view text) {
    HttpReply reply;
    reply.status = std::atoi(std::string(text.substr(text.find(' ') + 1, 3)).c_str());
    for (std::size_t at = text.find("\r\n"); at != std::string_view::npos;) {
        const std::size_t end = std::min(text.find("\r\n", at + 2), text.size());
        const std::string_view line = text.substr(at + 2, end - at - 2);
        const std::size_t colon = line.find(": ");
        if (colon != std::string_view::npos) {
            reply.headers[in_lower_case(std::string(line.substr(0, colon)))] =
                line.substr(colon + 2);
        }
        at = end == text.size() ? std::string_view::npos : end;
    }
    return reply;
}

HttpReply ask(std::uint16_t port, const std::string& request) {
    HttpConnection connection(port);
    connection.send(request);
    return connection.read();
}

}  // namespace

HttpConnection::HttpConnection(std::uint16_t port, const std::string& from)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_in own = loopback(from, 0);
    const sockaddr_in other = loopback("127.0.0.1", port);
    if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 ||
        ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&other), sizeof other) != 0) {
        throw std::runtime_error("connect: " + std::string(std::strerror(errno)));
    }
}

HttpConnection::HttpConnection(const std::filesystem::path& path)
    : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::strncpy(name.sun_path, path.c_str(), sizeof name.sun_path - 1);
    if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) {
        throw std::runtime_error("connect: " + std::string(std::strerror(errno)));
    }
}

bool HttpConnection::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool HttpConnection::fill() {
    pollfd watched{socket_.get(), POLLIN, 0};
    if (::poll(&watched, 1, kPatienceMs) <= 0) {
        return false;
    }
    char bytes[16384];
    const ssize_t size = ::recv(socket_.get(), bytes, sizeof bytes, 0);
    if (size <= 0) {
        return false;
    }
    buffer_.append(bytes, static_cast<std::size_t>(size));
    return true;
}

HttpReply HttpConnection::read() {
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill()) {
            return {};
        }
    }
    HttpReply reply = head_of(std::string_view(buffer_).substr(0, end));
    buffer_.erase(0, end + 4);
    const std::size_t size = std::strtoul(reply.headers["content-length"].c_str(), nullptr, 10);
    while (buffer_.size() < size && fill()) {
    }
    reply.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return reply;
}

bool HttpConnection::is_closed() {
    pollfd watched{socket_.get(), POLLIN, 0};
    char byte = 0;
    return ::poll(&watched, 1, kPatienceMs) > 0 && ::recv(socket_.get(), &byte, 1, 0) <= 0;
}

HttpReply http_get(std::uint16_t port, std::string_view target, std::string_view head) {
    return ask(port, "GET " + std::string(target) +
                         " HTTP/1.1\r\nHost: bl.example.org\r\nConnection: close\r\n" +
                         std::string(head) + "\r\n");
}

HttpReply http_get(const std::filesystem::path& socket, std::string_view target) {
    HttpConnection connection(socket);
    connection.send("GET " + std::string(target) +
                    " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    return connection.read();
}

HttpReply http_post(std::uint16_t port, std::string_view target, std::string_view body,
                    std::string_view head) {
    return ask(port, "POST " + std::string(target) +
                         " HTTP/1.1\r\nHost: bl.example.org\r\nConnection: close\r\n"
                         "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
                         std::to_string(body.size()) + "\r\n" + std::string(head) + "\r\n" +
                         std::string(body));
}

}  // namespace ostrakon::test
