// Name servers that take a zone from the server under test and serve it: NSD, Knot DNS and BIND, as
// Debian has them, on a port and in a directory of their own.
#pragma once

#include "support/dns_client.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ostrakon::test {

enum class SecondaryKind : std::uint8_t { Nsd, Knot, Bind };
std::string to_string(SecondaryKind kind);

inline constexpr const char* kTransferKey = "partner";
inline constexpr const char* kTransferSecret =
    "YSBzZWNyZXQgb2YgdGhlIHRlc3RzLCBub3QgYSBiaXQgbGVzcy4=";

class Secondary {
public:
    static bool is_installed(SecondaryKind kind);

    /// It will listen on this port of 127.0.0.1.
    Secondary(SecondaryKind kind, std::uint16_t port) : kind_(kind), port_(port) {}
    ~Secondary();
    Secondary(const Secondary&) = delete;
    Secondary& operator=(const Secondary&) = delete;

    /// Takes the zone from the primary, with kTransferKey. Throws std::runtime_error where it does
    /// not start.
    void start(const ServerAddress& primary, const std::string& zone);
    /// Ends it at once, whatever it is doing; start() goes on with the files that it left.
    void kill();

    SecondaryKind kind() const { return kind_; }
    ServerAddress address() const { return {"127.0.0.1", port_}; }
    /// What it has logged.
    std::string log() const { return process_ ? process_->errors() : ""; }

private:
    std::string configuration(const ServerAddress& primary, const std::string& zone) const;
    std::vector<std::string> command(const std::string& file) const;

    SecondaryKind kind_;
    std::uint16_t port_;
    TemporaryDirectory directory_;
    std::unique_ptr<Process> process_;
};

}  // namespace ostrakon::test
