#include "support/unreliable_resolver.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <stdexcept>
#include <utility>

namespace ostrakon::test {
namespace {

constexpr std::size_t kHeaderSize = 12;
constexpr std::uint8_t kAnswerBit = 0x80;
constexpr std::uint8_t kServFail = 2;
constexpr std::uint8_t kRefused = 5;

FileDescriptor bound_socket(std::uint16_t& port) {
    FileDescriptor socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket.get(), generic, size) != 0 ||
        ::getsockname(socket.get(), generic, &size) != 0) {
        throw std::runtime_error("bind a socket of the unreliable resolver");
    }
    port = ntohs(address.sin_port);
    return socket;
}

std::string name_in(const Bytes& query) {
    std::string name;
    for (std::size_t at = kHeaderSize; at < query.size() && query[at] != 0;
         at += query[at] + std::size_t{1}) {
        name += name.empty() ? "" : ".";
        for (std::size_t i = 1; i <= query[at] && at + i < query.size(); ++i) {
            name += static_cast<char>(std::tolower(query[at + i]));
        }
    }
    return name;
}

Bytes with_rcode(Bytes query, std::uint8_t rcode) {
    query[2] |= kAnswerBit;
    query[3] = rcode;
    return query;
}

}  // namespace

UnreliableResolver::UnreliableResolver(ServerAddress nameserver,
                                       std::map<std::string, Fault> faults)
    : nameserver_(std::move(nameserver)), faults_(std::move(faults)) {
    socket_ = bound_socket(address_.port);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("make a pipe for the unreliable resolver");
    }
    // Programs that are started meanwhile do not have it, so that closing it is the sign to stop.
    stop_reading_ = FileDescriptor{ends[0]};
    stop_writing_ = FileDescriptor{ends[1]};
    thread_ = std::thread{[this] { run(); }};
}

UnreliableResolver::~UnreliableResolver() {
    stop_writing_.reset();
    thread_.join();
}

std::string UnreliableResolver::endpoint() const {
    return address_.address + ":" + std::to_string(address_.port);
}

std::size_t UnreliableResolver::asked(const std::string& name) const {
    const std::lock_guard lock{mutex_};
    const auto found = asked_.find(name);
    return found == asked_.end() ? 0 : found->second;
}

void UnreliableResolver::run() {
    for (;;) {
        std::array<pollfd, 2> polled{
            {{socket_.get(), POLLIN, 0}, {stop_reading_.get(), POLLIN, 0}}};
        if (::poll(polled.data(), polled.size(), -1) < 0 || polled[1].revents != 0) {
            return;
        }
        Bytes query(65535);
        sockaddr_in client{};
        socklen_t size = sizeof client;
        const ssize_t received = ::recvfrom(socket_.get(), query.data(), query.size(), 0,
                                            reinterpret_cast<sockaddr*>(&client), &size);
        if (received > static_cast<ssize_t>(kHeaderSize)) {
            query.resize(static_cast<std::size_t>(received));
            answer(std::move(query), client);
        }
    }
}

void UnreliableResolver::answer(Bytes query, const sockaddr_in& client) {
    const auto send_from = [&client](const FileDescriptor& socket, const Bytes& bytes) {
        ::sendto(socket.get(), bytes.data(), bytes.size(), 0,
                 reinterpret_cast<const sockaddr*>(&client), sizeof client);
    };
    const auto right_answer = [this](const Bytes& asked) {
        UdpClient upstream{nameserver_};
        upstream.send(asked);
        return upstream.receive();
    };
    const std::string name = name_in(query);
    {
        const std::lock_guard lock{mutex_};
        ++asked_[name];
    }
    const auto fault = faults_.find(name);
    if (fault == faults_.end()) {
        send_from(socket_, right_answer(query));
        return;
    }
    Bytes bytes = fault->second == Fault::ServFail  ? with_rcode(query, kServFail)
                  : fault->second == Fault::Refused ? with_rcode(query, kRefused)
                                                    : right_answer(query);
    std::uint16_t port = 0;
    switch (fault->second) {
        case Fault::Silence:
            return;
        case Fault::ServFail:
        case Fault::Refused:
            send_from(socket_, bytes);
            return;
        case Fault::Garbage:
            bytes.resize(query.size() - 11);  // without the OPT record
            bytes[7] = 1;                     // one answer, of which there is nothing
            send_from(socket_, bytes);
            return;
        case Fault::WrongId:
            bytes[0] = static_cast<std::uint8_t>(bytes[0] ^ 0xFF);
            send_from(socket_, bytes);
            return;
        case Fault::WrongQuestion:
            bytes[kHeaderSize + 1] = 'z';
            send_from(socket_, bytes);
            return;
        case Fault::WrongSource:
            send_from(bound_socket(port), bytes);
            return;
    }
}

}  // namespace ostrakon::test
