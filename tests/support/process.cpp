#include "support/process.hpp"

#include "ostrakon/base/file_descriptor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

namespace ostrakon::test {
namespace {

struct Pipe {
    int read_end = -1;
    int write_end = -1;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error(std::string("pipe: ") + std::strerror(errno));
    }
    return {ends[0], ends[1]};
}

std::vector<std::string> environment_of(const ProcessOptions& options) {
    std::vector<std::string> result;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        if (!options.environment.contains(std::string(text.substr(0, text.find('='))))) {
            result.emplace_back(text);
        }
    }
    for (const auto& [name, value] : options.environment) {
        result.push_back(name + "=" + value);
    }
    return result;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> result;
    for (std::string& string : strings) {
        result.push_back(string.data());
    }
    result.push_back(nullptr);
    return result;
}

struct ChildPlan {
    std::vector<char*> arguments;
    std::vector<char*> environment;
    const char* directory;
    int input, output, errors;
    pid_t parent;
};

// Runs between fork and exec, where only async-signal-safe calls are allowed.
[[noreturn]] void become(const ChildPlan& plan) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::signal(SIGPIPE, SIG_DFL);
    if (::getppid() != plan.parent || ::dup2(plan.input, STDIN_FILENO) < 0 ||
        ::dup2(plan.output, STDOUT_FILENO) < 0 || ::dup2(plan.errors, STDERR_FILENO) < 0 ||
        (plan.directory != nullptr && ::chdir(plan.directory) != 0)) {
        ::_exit(127);
    }
    ::execvpe(plan.arguments[0], plan.arguments.data(), plan.environment.data());
    ::_exit(127);
}

}  // namespace

struct Process::State {
    pid_t pid = -1;
    std::optional<int> status;
    mutable std::mutex mutex;
    std::condition_variable changed;
    std::string output, errors;
    int open_streams = 2;
    std::vector<std::thread> threads;

    void collect(int fd, std::string& into) {
        std::array<char, 16384> buffer{};
        for (;;) {
            const ssize_t size = ::read(fd, buffer.data(), buffer.size());
            if (size < 0 && errno == EINTR) {
                continue;
            }
            const std::lock_guard lock(mutex);
            if (size <= 0) {
                --open_streams;
                changed.notify_all();
                break;
            }
            into.append(buffer.data(), static_cast<std::size_t>(size));
            changed.notify_all();
        }
        ::close(fd);
    }

    // The process stays waitable (a zombie) until reap(), so its id cannot be given to another one
    // meanwhile.
    bool has_ended() const {
        siginfo_t info{};
        return status ||
               (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT | WNOHANG) == 0 &&
                info.si_pid == pid);
    }

    void reap() {
        if (status) {
            return;
        }
        int raw = 0;
        while (::waitpid(pid, &raw, 0) < 0 && errno == EINTR) {
        }
        status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
        for (std::thread& thread : threads) {
            thread.join();
        }
        threads.clear();
    }
};

Process::Process(const ProcessOptions& options) : state_(std::make_unique<State>()) {
    std::vector<std::string> arguments = options.arguments;
    std::vector<std::string> environment = environment_of(options);
    const std::string directory = options.directory.string();
    const Pipe in = make_pipe();
    const Pipe out = make_pipe();
    const Pipe err = make_pipe();
    const int file =
        options.output_file.empty()
            ? -1
            : ::open(options.output_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    const ChildPlan plan{pointers(arguments),
                         pointers(environment),
                         directory.empty() ? nullptr : directory.c_str(),
                         in.read_end,
                         file < 0 ? out.write_end : file,
                         err.write_end,
                         ::getpid()};
    state_->pid = ::fork();
    if (state_->pid == 0) {
        become(plan);
    }
    for (const int fd : {in.read_end, out.write_end, err.write_end, file}) {
        if (fd >= 0) {
            ::close(fd);
        }
    }
    if (state_->pid < 0) {
        throw std::runtime_error(std::string("fork: ") + std::strerror(errno));
    }
    ::signal(SIGPIPE, SIG_IGN);  // a child may end without reading all of its input
    State& state = *state_;
    state.threads.emplace_back([&state, fd = out.read_end] { state.collect(fd, state.output); });
    state.threads.emplace_back([&state, fd = err.read_end] { state.collect(fd, state.errors); });
    state.threads.emplace_back([input = options.input, fd = in.write_end] {
        for (std::size_t done = 0; done < input.size();) {
            const ssize_t size = ::write(fd, input.data() + done, input.size() - done);
            if (size <= 0) {
                break;
            }
            done += static_cast<std::size_t>(size);
        }
        ::close(fd);
    });
}

Process::~Process() {
    if (state_ && !state_->status) {
        ::kill(state_->pid, SIGKILL);
        state_->reap();
    }
}

Process::Process(Process&&) noexcept = default;

Process& Process::operator=(Process&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}

pid_t Process::pid() const {
    return state_->pid;
}

bool Process::is_running() {
    return !state_->has_ended();
}

void Process::signal(int number) {
    if (!state_->status) {
        ::kill(state_->pid, number);
    }
}

ProcessResult Process::wait(std::chrono::milliseconds patience) {
    if (!state_->status) {
        const FileDescriptor process(static_cast<int>(::syscall(SYS_pidfd_open, state_->pid, 0)));
        pollfd ended{process.get(), POLLIN, 0};
        if (::poll(&ended, 1, static_cast<int>(patience.count())) == 0) {
            ::kill(state_->pid, SIGKILL);
        }
    }
    state_->reap();
    return {*state_->status, output(), errors()};
}

std::string Process::output() const {
    const std::lock_guard lock(state_->mutex);
    return state_->output;
}

std::string Process::errors() const {
    const std::lock_guard lock(state_->mutex);
    return state_->errors;
}

bool Process::wait_for_errors(std::string_view text, std::size_t from,
                              std::chrono::milliseconds patience) {
    std::unique_lock lock(state_->mutex);
    const auto found = [&] { return state_->errors.find(text, from) != std::string::npos; };
    state_->changed.wait_for(lock, patience, [&] { return found() || state_->open_streams == 0; });
    return found();
}

ProcessResult run(const ProcessOptions& options, std::chrono::milliseconds patience) {
    Process process(options);
    return process.wait(patience);
}

ProcessResult run(std::vector<std::string> arguments, std::string input) {
    ProcessOptions options;
    options.arguments = std::move(arguments);
    options.input = std::move(input);
    return run(options);
}

}  // namespace ostrakon::test
