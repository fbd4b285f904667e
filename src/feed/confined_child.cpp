#include "confined_child.hpp"

#include "confinement.hpp"
#include "system_call_filter.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <utility>

namespace ostrakon::feed {
namespace {

constexpr int kExitNoMemory = 11;
constexpr int kExitNoRoom = 12;
constexpr int kExitThrown = 13;
// The child ends by itself when its time is over; the parent waits a little longer before it acts.
constexpr std::chrono::seconds kGrace{2};

// What a child tells of its progress.
struct News {
    std::uint64_t done = 0;
    std::uint64_t total = 0;
};

Unexpected<Error> cannot_start(std::string_view what) {
    const int error = errno;
    return Unexpected{Error{ErrorCode::System, "start a reader",
                            fmt::format("{}: {}", what, strerror(error)), ""}};
}

[[noreturn]] void run_child(const ReaderLimits& limits, const KeptDescriptors& kept, pid_t parent,
                            const std::function<void(ChildDesk&)>& work) {
    constexpr KeptDescriptors kPlaces;
    const bool is_filtered = confine(limits, kept, parent);
    ChildDesk desk{kPlaces.list, kPlaces.result, kPlaces.news};
    try {
        desk.write_result(std::string_view{is_filtered ? "\1" : "\0", ConfinedChild::kResultAt});
        work(desk);
    } catch (const std::bad_alloc&) {
        _exit(kExitNoMemory);
    } catch (const std::length_error&) {
        _exit(kExitNoMemory);
    } catch (...) {
        _exit(kExitThrown);
    }
    _exit(0);
}

void end_of_exit(int status, ConfinedChild::Outcome& outcome) {
    outcome.number = status;
    switch (status) {
        case 0:
            outcome.end = ChildEnd::Done;
            break;
        case kExitNoMemory:
            outcome.end = ChildEnd::NoMemory;
            break;
        case kExitNoRoom:
            outcome.end = ChildEnd::NoRoom;
            break;
        case kExitUnconfined:
            outcome.end = ChildEnd::Unconfined;
            break;
        default:
            outcome.end = ChildEnd::Failed;
    }
}

void end_of_signal(int signal, ConfinedChild::Outcome& outcome) {
    outcome.number = signal;
    switch (signal) {
        case SIGXCPU:
        case SIGALRM:
            outcome.end = ChildEnd::NoTime;
            break;
        case SIGXFSZ:
            outcome.end = ChildEnd::NoRoom;
            break;
        case SIGSYS:
            outcome.end = ChildEnd::Forbidden;
            break;
        default:
            outcome.end = ChildEnd::Killed;
    }
}

}  // namespace

std::string ChildDesk::read_input(std::size_t size) const {
    std::string bytes(size, '\0');
    std::size_t done = 0;
    while (done < size) {
        const ssize_t got =
            pread(input_, bytes.data() + done, size - done, static_cast<off_t>(done));
        if (got <= 0) {
            break;
        }
        done += static_cast<std::size_t>(got);
    }
    bytes.resize(done);
    return bytes;
}

void ChildDesk::write_result(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t written = write(result_, bytes.data(), bytes.size());
        if (written <= 0) {
            _exit(kExitNoRoom);
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void ChildDesk::tell(std::uint64_t done, std::uint64_t total) const {
    const News news{done, total};
    [[maybe_unused]] const ssize_t written = write(news_, &news, sizeof news);
}

Result<ConfinedChild> ConfinedChild::start(const ReaderLimits& limits, int input,
                                           const std::function<void(ChildDesk&)>& work) {
    prepare_system_call_filter();
    ConfinedChild child;
    child.result_ = FileDescriptor{memfd_create("ostrakon result", MFD_CLOEXEC)};
    if (!child.result_.is_open()) {
        return cannot_start("memory for its result");
    }
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
        return cannot_start("a pipe");
    }
    child.news_ = FileDescriptor{ends[0]};
    const FileDescriptor to_parent{ends[1]};
    child.deadline_ = std::chrono::steady_clock::now() + limits.wall_time + kGrace;
    const pid_t parent = getpid();
    child.pid_ = fork();
    if (child.pid_ < 0) {
        return cannot_start("a process");
    }
    if (child.pid_ == 0) {
        run_child(limits, {input, child.result_.get(), to_parent.get()}, parent, work);
    }
    return child;
}

ConfinedChild::ConfinedChild(ConfinedChild&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      has_ended_(other.has_ended_),
      was_late_(other.was_late_),
      news_(std::move(other.news_)),
      result_(std::move(other.result_)),
      deadline_(other.deadline_) {}

ConfinedChild& ConfinedChild::operator=(ConfinedChild&& other) noexcept {
    if (this != &other) {
        kill();
        pid_ = std::exchange(other.pid_, -1);
        has_ended_ = other.has_ended_;
        was_late_ = other.was_late_;
        news_ = std::move(other.news_);
        result_ = std::move(other.result_);
        deadline_ = other.deadline_;
    }
    return *this;
}

ConfinedChild::~ConfinedChild() {
    kill();
}

void ConfinedChild::kill() noexcept {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
    }
}

// The child holds the only other end of the pipe, and closes it by ending.
bool ConfinedChild::advance(const ConfinedReading::Progress& progress) {
    constexpr int kReadsMax = 16;  // of a child that tells more than can be read
    if (has_ended_) {
        return false;
    }
    if (is_late()) {
        was_late_ = has_ended_ = true;
        return false;
    }
    std::array<News, 256> news{};
    for (int reads = 0; reads < kReadsMax; ++reads) {
        const ssize_t size = read(news_.get(), news.data(), sizeof news);
        if (size < 0) {
            return errno == EAGAIN || errno == EINTR || !(has_ended_ = true);
        }
        if (size == 0) {
            has_ended_ = true;
            return false;
        }
        const std::size_t count = static_cast<std::size_t>(size) / sizeof(News);
        if (progress && count > 0) {
            const News& last = news[count - 1];
            progress(std::min(last.done, last.total), last.total);
        }
    }
    return true;
}

ConfinedChild::Outcome ConfinedChild::finish() {
    while (advance({})) {
        pollfd ready{news_.get(), POLLIN, 0};
        constexpr std::int64_t kWaitMaxMs = 60'000;
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline_ - std::chrono::steady_clock::now());
        poll(&ready, 1,
             static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, kWaitMaxMs)) + 1);
    }
    // One that has ended is not changed by this; one that only closed its pipe, or is late, ends.
    ::kill(pid_, SIGKILL);
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    Outcome outcome;
    if (WIFEXITED(status)) {
        end_of_exit(WEXITSTATUS(status), outcome);
    } else {
        end_of_signal(WTERMSIG(status), outcome);
    }
    if (was_late_) {
        outcome.end = ChildEnd::NoTime;
    }
    struct stat file {};
    char is_filtered = 0;
    if (fstat(result_.get(), &file) == 0 &&
        pread(result_.get(), &is_filtered, kResultAt, 0) == kResultAt) {
        outcome.size = static_cast<std::size_t>(file.st_size);
        outcome.is_filtered = is_filtered != 0;
    }
    outcome.result = std::move(result_);
    news_.reset();
    return outcome;
}

}  // namespace ostrakon::feed
