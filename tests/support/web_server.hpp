// A web server as publishers have it: Debian's nginx on a port of 127.0.0.1, in a directory of its
// own. What no sound server does is done by rude_web_server.hpp.
#pragma once

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace ostrakon::test {

/// A certificate with its key, as files.
struct Certificate {
    std::filesystem::path file, key;
};

/// Makes one that signs itself, with the openssl command: for `name`
/// ("DNS:localhost,IP:127.0.0.1"), valid or expired long ago. Throws std::runtime_error.
Certificate make_certificate(const std::filesystem::path& directory, const std::string& name,
                             bool is_expired = false);

class WebServer {
public:
    /// Whether nginx and openssl are there.
    static bool is_installed();

    /// `rules` stand in nginx's server block; "$root" in them is the directory of the files. It
    /// answers when this returns; with a certificate it speaks TLS alone. Throws
    /// std::runtime_error where it does not start.
    explicit WebServer(std::string_view rules, const Certificate* certificate = nullptr);
    ~WebServer();

    std::uint16_t port() const { return port_; }
    /// "http://127.0.0.1:8080" and `path`.
    std::string url(std::string_view path, std::string_view host = "127.0.0.1") const;
    /// A file that it serves.
    void serve(const std::string& name, std::string_view text) const;
    std::filesystem::path root() const { return directory_.path() / "root"; }

private:
    TemporaryDirectory directory_;
    std::uint16_t port_ = 0;
    bool is_encrypted_;
    std::unique_ptr<Process> process_;
};

}  // namespace ostrakon::test
