// Long runs: the same tests with the counts and times that nobody waits for every day.
#pragma once

#include <cstdlib>

namespace ostrakon::test {

/// Whether OSTRAKON_TEST_CAMPAIGN is set, as tools/test --campaign does.
inline bool is_campaign() {
    return std::getenv("OSTRAKON_TEST_CAMPAIGN") != nullptr;
}

}  // namespace ostrakon::test
