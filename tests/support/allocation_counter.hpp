// Counts what this thread allocates, so that a test can show that a piece of code allocates
// nothing.
//
// A program that calls allocation_count() has every form of operator new replaced. What C libraries
// take with malloc is not counted.
#pragma once

#include <cstddef>

namespace ostrakon::test {

/// How often the calling thread has called operator new since it started.
std::size_t allocation_count() noexcept;

}  // namespace ostrakon::test
