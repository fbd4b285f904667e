#include "resolver/resolver.hpp"

#include "support/free_port.hpp"

#include <sys/socket.h>

#include <fmt/format.h>
#include <filesystem>
#include <stdexcept>

namespace ostrakon::test {

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

}  // namespace ostrakon::test
