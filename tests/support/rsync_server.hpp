// rsync as publishers run it: Debian's, as a daemon on a port of 127.0.0.1.
#pragma once

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace ostrakon::test {

class RsyncServer {
public:
    static bool is_installed();

    /// Serves one directory as the module "lists", and as "closed" to the user "feed" with the
    /// password "s3cretword". Throws std::runtime_error where it does not start.
    RsyncServer();
    ~RsyncServer();

    std::filesystem::path root() const { return directory_.path() / "root"; }
    std::filesystem::path serve(const std::string& name, std::string_view text) const;
    /// "127.0.0.1:873"
    std::string host() const;
    /// What it has logged.
    std::string log() const { return process_->errors(); }

private:
    TemporaryDirectory directory_;
    std::uint16_t port_ = 0;
    std::unique_ptr<Process> process_;
};

}  // namespace ostrakon::test
