#include "system_call_filter.hpp"

#include "build_kind.hpp"
#include "seccomp_library.hpp"

#include <linux/futex.h>
#include <sys/mman.h>
#include <unistd.h>
#include <array>
#include <csignal>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>

namespace ostrakon::feed {
namespace {

using Condition = scmp_arg_cmp;

// Descriptors and flags are ints: what stands above them in a register is nobody's.
constexpr std::uint64_t kLowHalf = 0xFFFF'FFFF;

Condition is_int(unsigned argument, int value) {
    return {argument, SCMP_CMP_MASKED_EQ, kLowHalf,
            static_cast<std::uint64_t>(static_cast<std::uint32_t>(value))};
}
Condition lacks(unsigned argument, std::uint64_t bits) {
    return {argument, SCMP_CMP_MASKED_EQ, bits, 0};
}

// Rules on their way into the kernel; a failure of one is remembered.
class SystemCallRules {
public:
    explicit SystemCallRules(const SeccompLibrary& library)
        : library_(library), context_(library.init(SCMP_ACT_KILL_PROCESS), library.release) {
        is_sound_ =
            context_ != nullptr &&
            library_.attr_set(context_.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0;
    }

    void allow(int call, std::initializer_list<Condition> conditions = {}) {
        is_sound_ = is_sound_ && library_.rule_add(context_.get(), SCMP_ACT_ALLOW, call,
                                                   static_cast<unsigned>(conditions.size()),
                                                   conditions.begin()) == 0;
    }
    bool load() { return is_sound_ && library_.load(context_.get()) == 0; }

private:
    const SeccompLibrary& library_;
    std::unique_ptr<void, decltype(&seccomp_release)> context_;
    bool is_sound_ = false;
};

// What sanitizers do besides: they look after memory in ways of their own, and want to report.
void allow_sanitizer(SystemCallRules& rules) {
    for (const int call :
         {SCMP_SYS(futex), SCMP_SYS(sched_yield), SCMP_SYS(rt_sigaction), SCMP_SYS(sigaltstack),
          SCMP_SYS(prctl), SCMP_SYS(readlink), SCMP_SYS(sched_getaffinity), SCMP_SYS(nanosleep),
          SCMP_SYS(clock_nanosleep), SCMP_SYS(rt_sigprocmask)}) {
        rules.allow(call);
    }
}

void allow_memory(SystemCallRules& rules) {
    // No file, and nothing that can be run.
    rules.allow(SCMP_SYS(mmap), {lacks(2, PROT_EXEC), is_int(4, -1)});
    rules.allow(SCMP_SYS(mprotect), {lacks(2, PROT_EXEC)});
    for (const int call : {SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk)}) {
        rules.allow(call);
    }
}

// Ends, by itself or by abort(), which signals nobody else.
void allow_end(SystemCallRules& rules) {
    for (const int call : {SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn),
                           SCMP_SYS(rt_sigprocmask), SCMP_SYS(getpid), SCMP_SYS(gettid)}) {
        rules.allow(call);
    }
    rules.allow(SCMP_SYS(tgkill), {is_int(0, getpid()), is_int(2, SIGABRT)});
}

const std::optional<SeccompLibrary>& loaded_seccomp() {
    static const std::optional<SeccompLibrary> library = [] {
        auto loaded = load_seccomp_library();
        return loaded ? std::optional{*loaded} : std::nullopt;
    }();
    return library;
}

}  // namespace

bool prepare_system_call_filter() {
    return loaded_seccomp().has_value();
}

bool filter_system_calls(int list, int result, int news) {
    if (!loaded_seccomp()) {
        return false;
    }
    SystemCallRules rules{*loaded_seccomp()};
    rules.allow(SCMP_SYS(pread64), {is_int(0, list)});
    rules.allow(SCMP_SYS(write), {is_int(0, result)});
    rules.allow(SCMP_SYS(write), {is_int(0, news)});
    rules.allow(SCMP_SYS(futex), {is_int(1, FUTEX_WAKE_PRIVATE)});  // pthread_once, when it is done
    rules.allow(SCMP_SYS(clock_gettime));
    rules.allow(SCMP_SYS(gettimeofday));
    allow_memory(rules);
    allow_end(rules);
    if (kIsSanitizedBuild) {
        allow_sanitizer(rules);
    }
    return rules.load();
}

}  // namespace ostrakon::feed
