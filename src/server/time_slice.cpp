#include "ostrakon/server/time_slice.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace ostrakon::server {
namespace {

constexpr std::uint64_t kTimeSliceNs = 100'000;  // the shortest that there is

// sched_attr of sched_setattr(2), in its first version. glibc has none, and the kernel's header
// cannot be included beside glibc's <sched.h>.
struct SchedulerAttributes {
    std::uint32_t size;
    std::uint32_t policy;
    std::uint64_t flags;
    std::int32_t nice;
    std::uint32_t priority;
    std::uint64_t runtime_ns;
    std::uint64_t deadline_ns;
    std::uint64_t period_ns;
};
static_assert(sizeof(SchedulerAttributes) == 48);

constexpr std::uint32_t kBatchPolicy = 3;  // SCHED_BATCH
// A third of the share of others. Less would starve transfers on a machine that is busy: at 19 one
// of a large zone did not end within minutes beside eight compilers.
constexpr std::int32_t kLowNice = 5;

}  // namespace

void ask_for_low_priority() noexcept {
    SchedulerAttributes attributes{};
    attributes.size = sizeof attributes;
    attributes.policy = kBatchPolicy;
    attributes.nice = kLowNice;
    ::syscall(SYS_sched_setattr, 0, &attributes, 0);
}

void ask_for_short_slices() noexcept {
    SchedulerAttributes attributes{};
    if (::syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) == 0) {
        attributes.runtime_ns = kTimeSliceNs;
        ::syscall(SYS_sched_setattr, 0, &attributes, 0);
    }
}

}  // namespace ostrakon::server
