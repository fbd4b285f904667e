// What every fuzz target shares: the entry point that libFuzzer and replay.cpp call, and how a
// broken property ends the run.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

/// Takes one input; returns 0. A property that does not hold aborts.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace ostrakon::fuzz {

/// Ends the program where the property does not hold; the fuzzer then keeps the input.
inline void require(bool holds, std::string_view what) {
    if (!holds) {
        fmt::print(stderr, "does not hold: {}\n", what);
        std::abort();
    }
}

inline std::string_view as_text(const std::uint8_t* bytes, std::size_t size) {
    return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace ostrakon::fuzz
