#include "support/http_get.hpp"

#include "ostrakon/base/file_descriptor.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <array>
#include <cstdlib>
#include <cstring>

namespace ostrakon::test {
namespace {

HttpAnswer exchange(const FileDescriptor& socket, const sockaddr* to, socklen_t size,
                    const std::string& path, const std::string& method) {
    const timeval patience{kAnswerPatience.count(), 0};
    ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (::connect(socket.get(), to, size) != 0) {
        return {};
    }
    const std::string request = method + " " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n";
    ::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL);
    std::string all;
    std::array<char, 65536> buffer{};
    for (ssize_t got = 1; got > 0;) {
        got = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
        all.append(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    }
    const std::size_t end = all.find("\r\n\r\n");
    constexpr std::size_t kStatusAt = 9;  // behind "HTTP/1.x "
    if (end == std::string::npos || end < kStatusAt) {
        return {};
    }
    return {std::atoi(all.c_str() + kStatusAt), all.substr(0, end), all.substr(end + 4)};
}

}  // namespace

HttpAnswer http_get(const ServerAddress& server, const std::string& path,
                    const std::string& method) {
    const FileDescriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(server.port);
    ::inet_pton(AF_INET, server.address.c_str(), &to.sin_addr);
    return exchange(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to, path, method);
}

HttpAnswer http_get(const std::filesystem::path& file, const std::string& path,
                    const std::string& method) {
    const FileDescriptor socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::strncpy(to.sun_path, file.c_str(), sizeof to.sun_path - 1);
    return exchange(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to, path, method);
}

}  // namespace ostrakon::test
