#include "support/zone_server.hpp"

#include "support/free_port.hpp"
#include "support/knot_settings.hpp"
#include "support/nsd_settings.hpp"

#include <sys/socket.h>

#include <fmt/format.h>
#include <csignal>
#include <stdexcept>

namespace ostrakon::test {
namespace {

constexpr int kStartsMax = 3;
constexpr const char* kKnot = "/usr/sbin/knotd";
constexpr const char* kNsd = "/usr/sbin/nsd";
constexpr const char* kKeyName = "transfer.example.org";

std::string secret() {
    const std::string key = ZoneServer::kKey;
    return key.substr(key.rfind(':') + 1);
}

std::string knot_configuration(const std::string& directory, std::uint16_t port, bool needs_key) {
    return knot_settings(directory, port) +
           fmt::format(R"(
key:
  - id: {0}
    algorithm: hmac-sha256
    secret: {1}
acl:
  - id: transfers
    address: 127.0.0.1
    action: transfer
{2}
zone:
  - domain: rpz.example.org
    file: zone
    acl: transfers
)",
                       kKeyName, secret(), needs_key ? fmt::format("    key: {}", kKeyName) : "");
}

std::string nsd_configuration(const std::string& directory, std::uint16_t port, bool needs_key) {
    return nsd_settings(directory, port) + fmt::format(R"(
key:
    name: {0}
    algorithm: hmac-sha256
    secret: "{1}"
zone:
    name: rpz.example.org
    zonefile: zone
    provide-xfr: 127.0.0.1 {2}
)",
                                                       kKeyName, secret(),
                                                       needs_key ? kKeyName : "NOKEY");
}

}  // namespace

bool ZoneServer::is_installed(ZoneServerKind kind) {
    return std::filesystem::exists(kind == ZoneServerKind::Knot ? kKnot : kNsd);
}

ZoneServer::ZoneServer(ZoneServerKind kind, std::string_view zone, bool needs_key)
    : kind_(kind), needs_key_(needs_key) {
    serve(zone);
}

ZoneServer::~ZoneServer() {
    process_->signal(SIGTERM);
    process_->wait();
}

std::string ZoneServer::endpoint() const {
    return fmt::format("127.0.0.1:{}", port_);
}

std::string ZoneServer::configuration() const {
    const std::string directory = directory_.path().string();
    return kind_ == ZoneServerKind::Knot ? knot_configuration(directory, port_, needs_key_)
                                         : nsd_configuration(directory, port_, needs_key_);
}

void ZoneServer::serve(std::string_view zone) {
    directory_.write("zone", zone);
    for (int start = 1;; ++start) {
        if (process_) {
            process_->signal(SIGTERM);
            process_->wait();
        }
        port_ = port_ == 0 || start > 1 ? free_port(SOCK_STREAM) : port_;
        const std::string file = directory_.write("server.conf", configuration()).string();
        std::vector<std::string> arguments{kKnot, "--config", file};
        if (kind_ == ZoneServerKind::Nsd) {
            arguments = {kNsd, "-d", "-c", file};
        }
        process_ = std::make_unique<Process>(ProcessOptions{.arguments = arguments});
        if (process_->wait_for_errors(kind_ == ZoneServerKind::Knot ? "server started"
                                                                    : "nsd started")) {
            return;
        }
        // Somebody may have taken the port meanwhile.
        if (start == kStartsMax) {
            throw std::runtime_error("the name server did not start: " + process_->errors());
        }
    }
}

}  // namespace ostrakon::test
