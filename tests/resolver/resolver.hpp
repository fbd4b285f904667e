// Debian's resolvers, each with a configuration and a directory of its own, asking one server for
// bl.example.org.
#pragma once

#include "support/dns_client.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <memory>
#include <string>

namespace ostrakon::test {

class Resolver {
public:
    /// unbound with qname-minimisation-strict and use-caps-for-id, asking `server`.
    static Resolver unbound(const ServerAddress& server);
    /// BIND with qname-minimization strict, asking 127.0.0.1 port 53: a static-stub zone has no
    /// other port.
    static Resolver bind();

    const ServerAddress& address() const { return address_; }
    std::string log() const { return process_->errors(); }

private:
    Resolver() = default;
    /// Starts `program`, installed as `installed_as`, and waits until it says `ready_line`.
    void start(const std::string& installed_as, std::vector<std::string> arguments,
               const std::string& ready_line);

    std::unique_ptr<TemporaryDirectory> directory_ = std::make_unique<TemporaryDirectory>();
    ServerAddress address_;
    std::unique_ptr<Process> process_;
};

}  // namespace ostrakon::test
