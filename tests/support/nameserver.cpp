#include "support/nameserver.hpp"

#include "support/free_port.hpp"
#include "support/knot_settings.hpp"

#include <sys/socket.h>

#include <fmt/format.h>
#include <csignal>
#include <stdexcept>

namespace ostrakon::test {
namespace {

constexpr int kStartsMax = 3;

}  // namespace

Nameserver::Nameserver(const std::vector<std::string>& records) {
    address_ = {"127.0.0.1", free_port(SOCK_STREAM)};
    serve(records);
}

std::string Nameserver::endpoint() const {
    return fmt::format("{}:{}", address_.address, address_.port);
}

void Nameserver::serve(const std::vector<std::string>& records) {
    std::string zone = "$ORIGIN .\n$TTL 60\n@ SOA ns.example. hostmaster.example. 1 60 60 60 60\n";
    zone += "@ NS ns.example.\nns.example A 127.0.0.1\n";
    for (const std::string& record : records) {
        zone += record + "\n";
    }
    directory_.write("root.zone", zone);
    const auto configuration =
        directory_.write("knot.conf", knot_settings(directory_.path().string(), address_.port) +
                                          "zone:\n  - domain: .\n    file: root.zone\n");
    for (int start = 1;; ++start) {
        if (process_) {
            process_->signal(SIGTERM);
            process_->wait();
        }
        process_ = std::make_unique<Process>(
            ProcessOptions{.arguments = {"/usr/sbin/knotd", "--config", configuration.string()}});
        if (process_->wait_for_errors("server started")) {
            return;
        }
        // Somebody may have taken the port meanwhile, where a test may still choose another.
        if (start == kStartsMax) {
            throw std::runtime_error("knotd did not start: " + process_->errors());
        }
    }
}

}  // namespace ostrakon::test
