// Stops the process where one of its own invariants is broken. Never for input: input gets an Error.
#pragma once

namespace ostrakon {

/// Writes the broken condition and its place to stderr and aborts.
[[noreturn]] void invariant_broken(const char* condition, const char* file, int line) noexcept;

}  // namespace ostrakon

#define OSTRAKON_ASSERT(condition) \
    ((condition) ? static_cast<void>(0) : ::ostrakon::invariant_broken(#condition, __FILE__, __LINE__))
