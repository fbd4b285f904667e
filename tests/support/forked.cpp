#include "support/forked.hpp"

#include "support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>

namespace ostrakon::test {

bool Pipe::say(std::string_view line) const {
    const std::string text = std::string{line} + "\n";
    return ::write(fd_.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

Forked::Forked(const std::function<void(const Pipe&)>& child) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("pipe2");
    }
    fd_ = FileDescriptor{ends[0]};
    FileDescriptor to_parent{ends[1]};
    pid_ = fork();
    if (pid_ < 0) {
        throw std::runtime_error("fork");
    }
    if (pid_ == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        fd_.reset();
        child(Pipe{std::move(to_parent)});
        _exit(0);
    }
}

Forked::~Forked() {
    kill();
}

std::optional<std::string> Forked::line() {
    while (read_.find('\n') == std::string::npos) {
        pollfd ready{fd_.get(), POLLIN, 0};
        const int patience_ms = static_cast<int>(std::chrono::milliseconds{kPatience}.count());
        std::array<char, 4096> buffer{};
        const int polled = poll(&ready, 1, patience_ms);
        if (polled < 0 && errno == EINTR) {
            continue;
        }
        const ssize_t size = polled > 0 ? ::read(fd_.get(), buffer.data(), buffer.size()) : 0;
        if (size <= 0) {
            return std::nullopt;
        }
        read_.append(buffer.data(), static_cast<std::size_t>(size));
    }
    const std::size_t end = read_.find('\n');
    std::string line = read_.substr(0, end);
    read_.erase(0, end + 1);
    return line;
}

void Forked::kill() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
    }
}

}  // namespace ostrakon::test
