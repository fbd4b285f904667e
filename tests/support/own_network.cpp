#include "support/own_network.hpp"

#include "ostrakon/base/file_descriptor.hpp"

#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace ostrakon::test {
namespace {

bool write_text(const char* file, const std::string& text) {
    std::ofstream stream{file};
    stream << text;
    stream.close();
    return !stream.fail();
}

bool bring_up_loopback() {
    const FileDescriptor socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    ifreq request{};
    std::strncpy(request.ifr_name, "lo", sizeof request.ifr_name - 1);
    if (::ioctl(socket.get(), SIOCGIFFLAGS, &request) != 0) {
        return false;
    }
    request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
    return ::ioctl(socket.get(), SIOCSIFFLAGS, &request) == 0;
}

}  // namespace

std::string enter_own_network() {
    static bool has_entered = false;
    if (has_entered) {
        return {};
    }
    const std::string uid_map = "0 " + std::to_string(::geteuid()) + " 1";
    const std::string gid_map = "0 " + std::to_string(::getegid()) + " 1";
    const bool is_root = ::geteuid() == 0;
    if (::unshare(CLONE_NEWNET | (is_root ? 0 : CLONE_NEWUSER)) != 0) {
        return std::string("no network namespace can be made here: ") + std::strerror(errno);
    }
    if (!is_root &&
        !(write_text("/proc/self/setgroups", "deny") && write_text("/proc/self/uid_map", uid_map) &&
          write_text("/proc/self/gid_map", gid_map))) {
        return "no user namespace with a root of its own can be made here";
    }
    if (!bring_up_loopback()) {
        return std::string("the loopback interface of a new network cannot be used: ") +
               std::strerror(errno);
    }
    has_entered = true;
    return {};
}

}  // namespace ostrakon::test
