#include "support/rsync_server.hpp"

#include "ostrakon/base/file_descriptor.hpp"
#include "support/free_port.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

namespace ostrakon::test {
namespace {

constexpr int kStartsMax = 3;
constexpr const char* kRsync = "/usr/bin/rsync";

// Asks again and again until it listens or has ended.
bool does_listen(Process& process, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (process.is_running() && std::chrono::steady_clock::now() < deadline) {
        const FileDescriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
            0) {
            return true;
        }
        std::this_thread::yield();
    }
    return false;
}

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
        // It says so a moment before it does.
        if (process_->wait_for_errors("listening on port") && does_listen(*process_, port_)) {
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
