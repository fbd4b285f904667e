#include "ostrakon/base/child_process.hpp"

#include "ostrakon/base/file_descriptor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <thread>

namespace ostrakon {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kKeptTextMax = 4096;
constexpr std::chrono::seconds kTidyUp{2};  // between SIGTERM and SIGKILL
constexpr std::chrono::milliseconds kEndPolled{10};

struct Pipe {
    FileDescriptor read_end, write_end;
    static Pipe make() {
        std::array<int, 2> ends{-1, -1};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
            return {};
        }
        return {FileDescriptor{ends[0]}, FileDescriptor{ends[1]}};
    }
};

std::vector<char*> pointers_to(const std::vector<std::string>& strings) {
    std::vector<char*> pointers;
    pointers.reserve(strings.size() + 1);
    for (const std::string& string : strings) {
        pointers.push_back(const_cast<char*>(string.c_str()));  // execve changes none of them
    }
    pointers.push_back(nullptr);
    return pointers;
}

// Runs between fork and exec, where only async-signal-safe calls are allowed.
[[noreturn]] void become_program(char* const* arguments, char* const* environment, pid_t parent,
                                 int input, int output, int errors, rlim_t file_size_max) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::setpgid(0, 0);
    ::signal(SIGPIPE, SIG_DFL);
    ::umask(077);
    const rlimit size{file_size_max, file_size_max};
    if (::getppid() == parent && ::setrlimit(RLIMIT_FSIZE, &size) == 0 &&
        ::dup2(input, STDIN_FILENO) >= 0 && ::dup2(output, STDOUT_FILENO) >= 0 &&
        ::dup2(errors, STDERR_FILENO) >= 0) {
        ::execve(arguments[0], arguments, environment);
    }
    ::_exit(kNotStarted);
}

// A file in memory, which no reader has to wait for.
FileDescriptor file_of(const std::string& text) {
    if (text.empty()) {
        return FileDescriptor{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
    }
    FileDescriptor file{::memfd_create("input", MFD_CLOEXEC)};
    if (!file.is_open() ||
        ::pwrite(file.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
        return {};
    }
    return file;
}

// Takes what is there; false at the end.
bool take_some(int fd, std::string& into) {
    std::array<char, 4096> buffer{};
    const ssize_t size = ::read(fd, buffer.data(), buffer.size());
    if (size < 0) {
        return errno == EINTR || errno == EAGAIN;
    }
    into.append(buffer.data(),
                std::min(static_cast<std::size_t>(size), kKeptTextMax - into.size()));
    return size > 0;
}

// Reads both until they end; false where the deadline came first.
bool read_until(FileDescriptor& output, FileDescriptor& errors, ChildResult& result,
                Clock::time_point deadline) {
    while (output.is_open() || errors.is_open()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0) {
            return false;
        }
        std::array<pollfd, 2> waiting{{{output.get(), POLLIN, 0}, {errors.get(), POLLIN, 0}}};
        if (::poll(waiting.data(), waiting.size(),
                   static_cast<int>(std::min<std::int64_t>(left.count(), 60'000))) < 0 &&
            errno != EINTR) {
            return false;
        }
        if (waiting[0].revents != 0 && !take_some(output.get(), result.output)) {
            output.reset();
        }
        if (waiting[1].revents != 0 && !take_some(errors.get(), result.errors)) {
            errors.reset();
        }
    }
    return true;
}

// Whether it has ended by then. It stays a zombie, so that nobody else gets its number.
bool has_ended_by(pid_t pid, Clock::time_point deadline) {
    for (;;) {
        siginfo_t info{};
        const int waited =
            ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT);
        if (info.si_pid == pid || (waited < 0 && errno != EINTR)) {
            return true;
        }
        if (Clock::now() >= deadline) {
            return false;
        }
        std::this_thread::sleep_for(kEndPolled);
    }
}

}  // namespace

ChildResult run_child(const ChildPlan& plan) {
    ChildResult result;
    Pipe output = Pipe::make();
    Pipe errors = Pipe::make();
    const std::vector<char*> arguments = pointers_to(plan.arguments);
    const std::vector<char*> environment = pointers_to(plan.environment);
    const pid_t parent = ::getpid();
    const FileDescriptor input = file_of(plan.input);
    const bool is_prepared =
        input.is_open() && output.read_end.is_open() && errors.read_end.is_open();
    const pid_t pid = is_prepared ? ::fork() : -1;
    if (pid == 0) {
        become_program(arguments.data(), environment.data(), parent, input.get(),
                       output.write_end.get(), errors.write_end.get(),
                       plan.file_size_max.value_or(RLIM_INFINITY));
    }
    if (pid < 0) {
        result.status = kNotStarted;
        return result;
    }
    ::setpgid(pid, pid);  // both sides do it: whoever comes first
    output.write_end.reset();
    errors.write_end.reset();
    if (!read_until(output.read_end, errors.read_end, result, plan.deadline) ||
        !has_ended_by(pid, plan.deadline)) {
        result.was_killed_late = true;
        ::kill(-pid, SIGTERM);
        has_ended_by(pid, Clock::now() + kTidyUp);
    }
    if (result.was_killed_late || !plan.may_leave_children) {
        ::kill(-pid, SIGKILL);  // what it has started ends with it
    }
    int raw = 0;
    while (::waitpid(pid, &raw, 0) < 0 && errno == EINTR) {
    }
    result.status = WIFEXITED(raw) ? WEXITSTATUS(raw) : -1;
    result.signal = WIFSIGNALED(raw) ? WTERMSIG(raw) : 0;
    return result;
}

}  // namespace ostrakon
