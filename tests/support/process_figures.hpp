// What a running process takes of the machine, as the kernel counts it.
#pragma once

#include "support/sanitizer.hpp"

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
inline constexpr std::size_t kFlatKib = (kIsSanitized ? 192 : 8) * std::size_t{1024};

/// Lets this process, and those it starts, have so many descriptors open if that is allowed;
/// returns how many are.
std::size_t raise_descriptor_limit(std::size_t count);

}  // namespace ostrakon::test
