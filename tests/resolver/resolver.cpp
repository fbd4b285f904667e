#include "resolver/resolver.hpp"

#include "ostrakon/base/file_descriptor.hpp"
#include "support/free_port.hpp"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

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

Resolver Resolver::unbound(const ServerAddress& server) {
    Resolver result;
    result.address_ = {"127.0.0.1", free_port(SOCK_STREAM)};
    const std::string directory = result.directory_->path();
    const auto configuration = result.directory_->write(
        "unbound.conf", fmt::format(R"(
server:
    directory: "{0}"
    chroot: ""
    username: ""
    pidfile: ""
    use-syslog: no
    do-daemonize: no
    verbosity: 1
    num-threads: 1
    interface: 127.0.0.1
    port: {1}
    do-ip6: no
    module-config: "iterator"
    do-not-query-localhost: no
    qname-minimisation: yes
    qname-minimisation-strict: yes
    use-caps-for-id: yes
remote-control:
    control-enable: no
stub-zone:
    name: "bl.example.org"
    stub-addr: {2}@{3}
)",
                                    directory, result.address_.port, server.address, server.port));
    result.start("/usr/sbin/unbound", {"-d", "-c", configuration}, "start of service");
    return result;
}

Resolver Resolver::bind() {
    Resolver result;
    result.address_ = {"127.0.0.1", free_port(SOCK_STREAM)};
    const std::string directory = result.directory_->path();
    const auto configuration =
        result.directory_->write("named.conf", fmt::format(R"(
options {{
    directory "{0}";
    managed-keys-directory "{0}";
    pid-file none;
    session-keyfile none;
    lock-file none;
    listen-on port {1} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }};
    allow-query {{ any; }};
    recursion yes;
    dnssec-validation no;
    qname-minimization strict;
}};
controls {{ }};
zone "bl.example.org" {{ type static-stub; server-addresses {{ 127.0.0.1; }}; }};
)",
                                                           directory, result.address_.port));
    result.start("/usr/sbin/named", {"-g", "-n", "1", "-c", configuration}, "all zones loaded");
    return result;
}

void Resolver::start(const std::string& installed_as, std::vector<std::string> arguments,
                     const std::string& ready_line) {
    // A copy: AppArmor lets the installed program read its configuration only under /etc.
    const auto copy = directory_->path() / std::filesystem::path(installed_as).filename();
    std::error_code error;
    std::filesystem::copy_file(installed_as, copy, error);
    if (error) {
        throw std::runtime_error(
            fmt::format("{} is needed, and not there: tools/test installs it", installed_as));
    }
    arguments.insert(arguments.begin(), copy);
    process_ = std::make_unique<Process>(ProcessOptions{.arguments = std::move(arguments)});
    if (!process_->wait_for_errors(ready_line)) {
        throw std::runtime_error(
            fmt::format("{} did not start: {}", installed_as, process_->errors()));
    }
}

std::string enter_own_network() {
    static bool has_entered = false;
    if (has_entered) {
        return {};
    }
    const std::string uid_map = fmt::format("0 {} 1", ::geteuid());
    const std::string gid_map = fmt::format("0 {} 1", ::getegid());
    const bool is_root = ::geteuid() == 0;
    if (::unshare(CLONE_NEWNET | (is_root ? 0 : CLONE_NEWUSER)) != 0) {
        return fmt::format("no network namespace can be made here ({})", std::strerror(errno));
    }
    if (!is_root &&
        !(write_text("/proc/self/setgroups", "deny") && write_text("/proc/self/uid_map", uid_map) &&
          write_text("/proc/self/gid_map", gid_map))) {
        return "no user namespace with a root of its own can be made here";
    }
    if (!bring_up_loopback()) {
        return fmt::format("the loopback interface of a new network cannot be used ({})",
                           std::strerror(errno));
    }
    has_entered = true;
    return {};
}

}  // namespace ostrakon::test
