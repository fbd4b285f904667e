#include "support/free_port.hpp"

#include "ostrakon/base/file_descriptor.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

namespace ostrakon::test {

std::uint16_t free_port(int type) {
    const FileDescriptor socket{::socket(AF_INET, type | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket.get(), generic, size) != 0 ||
        ::getsockname(socket.get(), generic, &size) != 0) {
        throw std::runtime_error(std::string("find a free port: ") + std::strerror(errno));
    }
    return ntohs(address.sin_port);
}

}  // namespace ostrakon::test
