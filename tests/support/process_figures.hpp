// What a running process takes of the machine, as the kernel counts it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>

namespace ostrakon::test {

struct ProcessFigures {
    std::size_t descriptors = 0;    ///< Open ones.
    std::size_t anonymous_kib = 0;  ///< Resident memory that is no file's: what could leak.
    std::chrono::milliseconds cpu{0};
};

/// Throws std::runtime_error where there is no such process.
ProcessFigures figures_of(pid_t process);

/// By how much a server's memory may differ after a storm and still count as flat: what allocators
/// keep. Sanitizers keep more.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr std::size_t kFlatKib = 192 * 1024;
#else
inline constexpr std::size_t kFlatKib = 8 * 1024;
#endif

/// Lets this process, and those it starts, have so many descriptors open if that is allowed;
/// returns how many are.
std::size_t raise_descriptor_limit(std::size_t count);

}  // namespace ostrakon::test
