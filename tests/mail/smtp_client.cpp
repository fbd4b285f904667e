#include "mail/smtp_client.hpp"

#include "support/process.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace ostrakon::test {
namespace {

sockaddr_storage address_of(const std::string& text, std::uint16_t port, socklen_t& size) {
    sockaddr_storage storage{};
    if (text.find(':') != std::string::npos) {
        auto* const ipv6 = reinterpret_cast<sockaddr_in6*>(&storage);
        ipv6->sin6_family = AF_INET6;
        ipv6->sin6_port = htons(port);
        ::inet_pton(AF_INET6, text.c_str(), &ipv6->sin6_addr);
        size = sizeof *ipv6;
    } else {
        auto* const ipv4 = reinterpret_cast<sockaddr_in*>(&storage);
        ipv4->sin_family = AF_INET;
        ipv4->sin_port = htons(port);
        ::inet_pton(AF_INET, text.c_str(), &ipv4->sin_addr);
        size = sizeof *ipv4;
    }
    return storage;
}

bool is_positive(const std::string& reply) {
    return !reply.empty() && (reply.front() == '2' || reply.front() == '3');
}

}  // namespace

SmtpClient::SmtpClient(std::uint16_t port, const std::string& from) {
    const bool is_ipv6 = from.find(':') != std::string::npos;
    socklen_t size = 0;
    socket_ = FileDescriptor{::socket(is_ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (!from.empty()) {
        const sockaddr_storage source = address_of(from, 0, size);
        if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&source), size) != 0) {
            throw std::runtime_error(fmt::format("come from {}: {}", from, std::strerror(errno)));
        }
    }
    const sockaddr_storage server = address_of(is_ipv6 ? "::1" : "127.0.0.1", port, size);
    if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&server), size) != 0) {
        throw std::runtime_error(fmt::format("connect to port {}: {}", port, std::strerror(errno)));
    }
    banner_ = read_reply();
}

std::string SmtpClient::say(std::string_view line) {
    const std::string bytes = std::string{line} + "\r\n";
    if (::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) {
        return {};
    }
    return read_reply();
}

std::string SmtpClient::introduce(const SmtpPeer& peer) {
    const bool is_ipv6 = peer.address.find(':') != std::string::npos;
    const auto known = [](const std::string& name) {
        return name.empty() ? std::string{"[UNAVAILABLE]"} : name;
    };
    say(fmt::format("XCLIENT ADDR={}{} NAME={} REVERSE_NAME={} HELO={}", is_ipv6 ? "IPV6:" : "",
                    peer.address, known(peer.name),
                    known(peer.forged_name.empty() ? peer.name : peer.forged_name), peer.helo));
    return say("EHLO " + peer.helo);
}

std::string SmtpClient::ask(const std::string& sender, const std::string& recipient) {
    std::string reply = say(fmt::format("MAIL FROM:<{}>", sender));
    return is_positive(reply) ? say(fmt::format("RCPT TO:<{}>", recipient)) : reply;
}

std::string SmtpClient::deliver(std::string_view message) {
    std::string reply = say("DATA");
    return is_positive(reply) ? say(std::string{message} + "\r\n.") : reply;
}

// A reply ends with a line whose fourth character is a blank (RFC 5321 §4.2).
std::string SmtpClient::read_reply() {
    std::string reply;
    while (true) {
        while (read_.find("\r\n") == std::string::npos) {
            pollfd waiting{socket_.get(), POLLIN, 0};
            const auto patience = std::chrono::milliseconds{kPatience}.count();
            std::array<char, 4096> buffer{};
            const ssize_t count = ::poll(&waiting, 1, static_cast<int>(patience)) == 1
                                      ? ::read(socket_.get(), buffer.data(), buffer.size())
                                      : 0;
            if (count <= 0) {
                return reply;
            }
            read_.append(buffer.data(), static_cast<std::size_t>(count));
        }
        const std::string line = read_.substr(0, read_.find("\r\n"));
        read_.erase(0, line.size() + 2);
        reply += (reply.empty() ? "" : "\n") + line;
        if (line.size() < 4 || line[3] != '-') {
            return reply;
        }
    }
}

}  // namespace ostrakon::test
