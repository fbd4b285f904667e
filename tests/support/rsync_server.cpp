#include "support/rsync_server.hpp"

#include "support/free_port.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <csignal>
#include <stdexcept>

namespace ostrakon::test {
namespace {

constexpr int kStartsMax = 3;
constexpr const char* kRsync = "/usr/bin/rsync";

}  // namespace

bool RsyncServer::is_installed() {
    return std::filesystem::exists(kRsync);
}

RsyncServer::RsyncServer() {
    std::filesystem::create_directories(root());
    const auto secrets = directory_.write("secrets", "feed:s3cretword\n");
    std::filesystem::permissions(secrets, std::filesystem::perms::owner_read);
    // As root it would become "nobody", who may not look into the directory.
    const char* const user = ::geteuid() == 0 ? "uid = 0\ngid = 0\n" : "";
    const auto configuration = directory_.write(
        "rsyncd.conf",
        fmt::format(
            "use chroot = no\n{0}[lists]\npath = {1}\nread only = yes\n"
            "[closed]\npath = {1}\nread only = yes\nauth users = feed\nsecrets file = {2}\n",
            user, root().string(), secrets.string()));
    for (int start = 1;; ++start) {
        port_ = free_port(SOCK_STREAM);
        process_ = std::make_unique<Process>(ProcessOptions{
            .arguments = {kRsync, "--daemon", "--no-detach", "--config", configuration.string(),
                          "--address=127.0.0.1", fmt::format("--port={}", port_),
                          "--log-file=/dev/stderr"}});
        if (process_->wait_for_errors("listening on port")) {
            return;
        }
        // Somebody may have taken the port meanwhile.
        if (start == kStartsMax) {
            throw std::runtime_error("rsync did not start: " + process_->errors());
        }
    }
}

RsyncServer::~RsyncServer() {
    process_->signal(SIGTERM);
    process_->wait();
}

std::filesystem::path RsyncServer::serve(const std::string& name, std::string_view text) const {
    return directory_.write(std::filesystem::path{"root"} / name, text);
}

std::string RsyncServer::host() const {
    return fmt::format("127.0.0.1:{}", port_);
}

}  // namespace ostrakon::test
