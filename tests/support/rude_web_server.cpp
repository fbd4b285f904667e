#include "support/rude_web_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
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

constexpr std::size_t kHeadSizeMax = 64 * 1024;

// Whether `socket` is ready before somebody wants the server to stop.
bool wait_until(int socket, short events, int stop) {
    std::array<pollfd, 2> waiting{{{socket, events, 0}, {stop, POLLIN, 0}}};
    while (::poll(waiting.data(), waiting.size(), -1) < 0 && errno == EINTR) {
    }
    return waiting[1].revents == 0;
}

std::string read_head(int socket, int stop) {
    std::string head;
    std::array<char, 4096> buffer{};
    while (head.find("\r\n\r\n") == std::string::npos && head.size() < kHeadSizeMax &&
           wait_until(socket, POLLIN, stop)) {
        const ssize_t size = ::recv(socket, buffer.data(), buffer.size(), 0);
        if (size <= 0) {
            break;
        }
        head.append(buffer.data(), static_cast<std::size_t>(size));
    }
    return head;
}

}  // namespace

bool RudeWebServer::Client::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        if (!wait_until(socket_, POLLOUT, stop_)) {
            return false;
        }
        const ssize_t size =
            ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (size < 0 && errno != EAGAIN && errno != EINTR) {
            return false;
        }
        bytes.remove_prefix(size < 0 ? 0 : static_cast<std::size_t>(size));
    }
    return true;
}

void RudeWebServer::Client::wait() const {
    wait_until(socket_, POLLRDHUP, stop_);
}

RudeWebServer::RudeWebServer(std::function<void(const Client&)> answer)
    : answer_(std::move(answer)), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    std::array<int, 2> ends{};
    if (::bind(socket_.get(), generic, size) != 0 || ::listen(socket_.get(), 8) != 0 ||
        ::getsockname(socket_.get(), generic, &size) != 0 || ::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error(std::string("rude web server: ") + std::strerror(errno));
    }
    port_ = ntohs(address.sin_port);
    stop_reading_ = FileDescriptor{ends[0]};
    stop_writing_ = FileDescriptor{ends[1]};
    thread_ = std::thread([this] { run(); });
}

RudeWebServer::~RudeWebServer() {
    stop_writing_.reset();
    thread_.join();
}

void RudeWebServer::run() {
    const int stop = stop_reading_.get();
    while (wait_until(socket_.get(), POLLIN, stop)) {
        const FileDescriptor client{::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
        if (!client.is_open()) {
            continue;
        }
        std::string head = read_head(client.get(), stop);
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(std::move(head));
        }
        answer_(Client{client.get(), stop});
    }
}

std::string RudeWebServer::url(std::string_view path) const {
    return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

std::vector<std::string> RudeWebServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

}  // namespace ostrakon::test
