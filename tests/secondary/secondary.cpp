#include "secondary/secondary.hpp"

#include "support/knot_settings.hpp"
#include "support/nsd_settings.hpp"

#include <fmt/format.h>
#include <csignal>
#include <filesystem>
#include <stdexcept>

namespace ostrakon::test {
namespace {

struct Program {
    const char* path;
    const char* name;
    const char* started;  // what it says then
};

const Program& program_of(SecondaryKind kind) {
    static const Program nsd{"/usr/sbin/nsd", "NSD", "nsd started"};
    static const Program knot{"/usr/sbin/knotd", "Knot", "server started"};
    static const Program bind{"/usr/sbin/named", "BIND", "running"};
    switch (kind) {
        case SecondaryKind::Nsd:
            return nsd;
        case SecondaryKind::Knot:
            return knot;
        case SecondaryKind::Bind:
            break;
    }
    return bind;
}

// {0} directory, {1} own port, {2} primary's port, {3} zone, {4} key, {5} secret
// Behind what nsd_settings() and knot_settings() say.
constexpr const char* kNsdConfiguration = R"(
key:
    name: {4}
    algorithm: hmac-sha256
    secret: "{5}"
zone:
    name: {3}
    zonefile: zone
    allow-notify: 127.0.0.1 {4}
    request-xfr: 127.0.0.1@{2} {4}
)";

constexpr const char* kKnotConfiguration = R"(
key:
  - id: {4}
    algorithm: hmac-sha256
    secret: {5}
remote:
  - id: primary
    address: 127.0.0.1@{2}
    key: {4}
acl:
  - id: notified
    address: 127.0.0.1
    key: {4}
    action: notify
zone:
  - domain: {3}
    file: zone
    master: primary
    acl: notified
    zonemd-verify: on
)";

constexpr const char* kBindConfiguration = R"(
options {{
    directory "{0}";
    pid-file "{0}/named.pid";
    session-keyfile "{0}/session.key";
    listen-on port {1} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }};
    recursion no;
    notify no;
    minimal-responses yes;
}};
controls {{ }};
key "{4}" {{ algorithm hmac-sha256; secret "{5}"; }};
zone "{3}" {{
    type secondary;
    primaries {{ 127.0.0.1 port {2} key {4}; }};
    allow-notify {{ key {4}; }};
    file "{0}/zone";
}};
)";

}  // namespace

std::string to_string(SecondaryKind kind) {
    return program_of(kind).name;
}

bool Secondary::is_installed(SecondaryKind kind) {
    return std::filesystem::exists(program_of(kind).path);
}

Secondary::~Secondary() {
    if (process_) {
        process_->signal(SIGTERM);
        process_->wait();
    }
}

std::string Secondary::configuration(const ServerAddress& primary, const std::string& zone) const {
    const std::string directory = directory_.path().string();
    const char* const form = kind_ == SecondaryKind::Nsd    ? kNsdConfiguration
                             : kind_ == SecondaryKind::Knot ? kKnotConfiguration
                                                            : kBindConfiguration;
    const std::string head = kind_ == SecondaryKind::Nsd    ? nsd_settings(directory, port_)
                             : kind_ == SecondaryKind::Knot ? knot_settings(directory, port_)
                                                            : std::string{};
    return head + fmt::format(fmt::runtime(form), directory, port_, primary.port, zone,
                              kTransferKey, kTransferSecret);
}

std::vector<std::string> Secondary::command(const std::string& file) const {
    const char* const path = program_of(kind_).path;
    switch (kind_) {
        case SecondaryKind::Nsd:
            return {path, "-d", "-c", file};
        case SecondaryKind::Knot:
            return {path, "--config", file};
        case SecondaryKind::Bind:
            break;
    }
    return {path, "-g", "-n", "1", "-c", file};
}

void Secondary::start(const ServerAddress& primary, const std::string& zone) {
    const std::string file = directory_.write("server.conf", configuration(primary, zone)).string();
    process_ = std::make_unique<Process>(ProcessOptions{.arguments = command(file)});
    if (!process_->wait_for_errors(program_of(kind_).started)) {
        throw std::runtime_error(to_string(kind_) + " did not start: " + process_->errors());
    }
}

void Secondary::kill() {
    process_->signal(SIGKILL);
    process_->wait();
    process_.reset();
}

}  // namespace ostrakon::test
