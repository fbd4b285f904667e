#include "time_slice.hpp"

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
constexpr std::int32_t kLowestNice = 19;

}  // namespace

void ask_for_lowest_priority() noexcept {
    SchedulerAttributes attributes{};
    attributes.size = sizeof attributes;
    attributes.policy = kBatchPolicy;
    attributes.nice = kLowestNice;
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
