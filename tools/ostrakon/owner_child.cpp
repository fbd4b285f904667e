#include "owner_child.hpp"

#include "ostrakon/store/codec.hpp"
#include "privileges.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <utility>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kResultSizeMax = 65536;

std::string encode(const Result<std::string>& result) {
    store::Encoder encoder;
    encoder.flag(result.has_value());
    if (result) {
        encoder.text(*result);
    } else {
        const Error& error = result.error();
        encoder.number(static_cast<std::uint64_t>(error.code))
            .text(error.attempt)
            .text(error.why)
            .text(error.remedy);
    }
    return encoder.take();
}

Result<std::string> decode(std::string_view bytes) {
    const Error ended{ErrorCode::System, "read the database", "the process that does so has ended",
                      ""};
    if (bytes.empty()) {
        return Unexpected{ended};
    }
    store::Decoder decoder{bytes};
    if (decoder.flag()) {
        std::string text{decoder.text()};
        return decoder.is_damaged() ? Result<std::string>{Unexpected{ended}} : text;
    }
    Error error;
    error.code = static_cast<ErrorCode>(decoder.number());
    error.attempt = decoder.text();
    error.why = decoder.text();
    error.remedy = decoder.text();
    return Unexpected{decoder.is_damaged() ? ended : error};
}

Result<std::string> carry_out(pid_t parent, const std::filesystem::path& database,
                              const OwnerChild::Task& task) {
    if (auto owner = become_owner_of(database); !owner) {
        return Unexpected{std::move(owner.error())};
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // becoming another user would have cleared it
    if (getppid() != parent) {
        _exit(1);
    }
    try {
        return task();
    } catch (const std::exception& problem) {
        return Unexpected{Error{ErrorCode::System, "", problem.what(), ""}};
    }
}

[[noreturn]] void run_child(pid_t parent, int result, const std::filesystem::path& database,
                            const OwnerChild::Task& task) {
    signal(SIGPIPE, SIG_IGN);
    const std::string text = encode(carry_out(parent, database, task));
    const bool is_said = text.size() <= kResultSizeMax && write(result, text.data(), text.size()) ==
                                                              static_cast<ssize_t>(text.size());
    _exit(is_said ? 0 : 1);
}

Unexpected<Error> cannot_start() {
    return Unexpected{Error{ErrorCode::System, "start a process", std::strerror(errno), ""}};
}

}  // namespace

Result<OwnerChild> OwnerChild::start(const std::filesystem::path& database, const Task& task) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        return cannot_start();
    }
    FileDescriptor read_end{ends[0]};
    const FileDescriptor write_end{ends[1]};
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid < 0) {
        return cannot_start();
    }
    if (pid == 0) {
        read_end.reset();
        run_child(parent, write_end.get(), database, task);
    }
    return OwnerChild{pid, std::move(read_end)};
}

OwnerChild::OwnerChild(OwnerChild&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), result_(std::move(other.result_)) {}

OwnerChild::~OwnerChild() {
    if (pid_ > 0) {
        kill(pid_, SIGKILL);
        while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
        }
    }
}

Result<std::string> OwnerChild::finish() {
    std::string bytes;
    std::array<char, 4096> buffer{};
    while (bytes.size() <= kResultSizeMax) {
        const ssize_t got = read(result_.get(), buffer.data(), buffer.size());
        if (got == 0 || (got < 0 && errno != EINTR)) {
            break;
        }
        bytes.append(buffer.data(), static_cast<std::size_t>(got < 0 ? 0 : got));
    }
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return decode(bytes);
}

}  // namespace ostrakon::tool
