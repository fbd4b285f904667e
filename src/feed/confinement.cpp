#include "confinement.hpp"

#include "build_kind.hpp"
#include "system_call_filter.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <ctime>

namespace ostrakon::feed {
namespace {

constexpr int kFirstUnused = 6;  // behind the last of KeptDescriptors{}

void require_confined(bool holds) {
    if (!holds) {
        _exit(kExitUnconfined);
    }
}

// The parent's handlers are not for this process, and what it has blocked or ignored ends it here.
void reset_signals() {
    for (int number = 1; number < NSIG; ++number) {
        std::signal(number, SIG_DFL);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Above all that will be closed or taken, then down to the numbers of KeptDescriptors{}.
void keep_only(const KeptDescriptors& kept) {
    const std::array<int, 3> from{kept.list, kept.result, kept.news};
    constexpr KeptDescriptors kPlaces;
    constexpr std::array<int, 3> kTo{kPlaces.list, kPlaces.result, kPlaces.news};
    std::array<int, 3> aside{};
    for (std::size_t i = 0; i < from.size(); ++i) {
        aside[i] = fcntl(from[i], F_DUPFD_CLOEXEC, kFirstUnused);
        require_confined(aside[i] >= 0);
    }
    for (std::size_t i = 0; i < from.size(); ++i) {
        require_confined(dup2(aside[i], kTo[i]) == kTo[i]);
    }
    require_confined(close_range(0, static_cast<unsigned>(kPlaces.list) - 1, 0) == 0 &&
                     close_range(kFirstUnused, ~0U, 0) == 0);
}

// `beyond`: how much later than the signal that says so the end comes that says nothing.
void set_limit(__rlimit_resource_t resource, rlim_t limit, rlim_t beyond = 0) {
    rlimit now{};
    require_confined(getrlimit(resource, &now) == 0);
    const rlimit wanted{std::min(limit, now.rlim_max), std::min(limit + beyond, now.rlim_max)};
    require_confined(setrlimit(resource, &wanted) == 0);
}

// Bytes of address space that this process has, its parent's maps among them.
rlim_t address_space_taken() {
    std::array<char, 64> text{};
    const int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    const ssize_t size = file < 0 ? 0 : read(file, text.data(), text.size());
    if (file >= 0) {
        close(file);
    }
    rlim_t pages = 0;
    std::from_chars(text.data(), text.data() + std::max<ssize_t>(size, 0), pages);
    return pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE));
}

void set_limits(const ReaderLimits& limits, rlim_t taken) {
    if (!kIsSanitizedBuild) {
        set_limit(RLIMIT_AS, taken + limits.memory_bytes);
    }
    set_limit(RLIMIT_CPU, static_cast<rlim_t>(limits.cpu_time.count()), 1);
    set_limit(RLIMIT_FSIZE, limits.memory_bytes);
    set_limit(RLIMIT_CORE, 0);
    set_limit(RLIMIT_NPROC, 0);
    set_limit(RLIMIT_NOFILE, 0);
    set_limit(RLIMIT_MSGQUEUE, 0);
    set_limit(RLIMIT_MEMLOCK, 0);
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(limits.wall_time);
    const auto rest = std::chrono::microseconds{limits.wall_time - whole};
    const itimerval alarm{{0, 0}, {whole.count(), rest.count()}};
    require_confined(setitimer(ITIMER_REAL, &alarm, nullptr) == 0);
}

}  // namespace

bool confine(const ReaderLimits& limits, const KeptDescriptors& kept, pid_t parent) {
    require_confined(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent);
    reset_signals();
    // Dates are read as UTC, and no file says what the local time is.
    require_confined(setenv("TZ", "UTC0", 1) == 0);
    tzset();
    const rlim_t taken = address_space_taken();
    keep_only(kept);
    set_limits(limits, taken);
    require_confined(prctl(PR_SET_DUMPABLE, 0) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    constexpr KeptDescriptors kPlaces;
    return filter_system_calls(kPlaces.list, kPlaces.result, kPlaces.news);
}

}  // namespace ostrakon::feed
