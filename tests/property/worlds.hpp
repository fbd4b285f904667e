// The worlds that tests of transferred zones go through.
#pragma once

#include "support/campaign.hpp"
#include "world.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <ostream>
#include <string>

namespace ostrakon::property {

struct Worlds {
    const char* name;
    std::uint64_t number;
    std::uint64_t steps;
    std::uint64_t steps_between;  ///< Two comparisons.
    Spread spread;

    std::uint64_t all_steps() const { return steps * (test::is_campaign() ? 20 : 1); }
};

inline void PrintTo(const Worlds& worlds, std::ostream* out) {
    *out << worlds.name;
}

inline std::string name_of_worlds(const testing::TestParamInfo<Worlds>& worlds) {
    return worlds.param.name;
}

/// OSTRAKON_PROPERTY_SEED, else that of the test.
inline std::uint64_t seed_or(std::uint64_t otherwise) {
    const char* const from = std::getenv("OSTRAKON_PROPERTY_SEED");
    return from == nullptr ? otherwise : std::strtoull(from, nullptr, 10);
}

}  // namespace ostrakon::property
