// Long runs: the same tests with the counts and times that nobody waits for every day.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>

namespace ostrakon::test {

/// Whether OSTRAKON_TEST_CAMPAIGN is set, as tools/test --campaign does.
inline bool is_campaign() {
    return std::getenv("OSTRAKON_TEST_CAMPAIGN") != nullptr;
}

/// How many kill points: OSTRAKON_CRASH_POINTS, else 500 in a campaign, else `otherwise`.
inline unsigned crash_points(unsigned otherwise) {
    constexpr unsigned kOfACampaign = 500;
    const char* const text = std::getenv("OSTRAKON_CRASH_POINTS");
    return text != nullptr ? static_cast<unsigned>(std::strtoul(text, nullptr, 10))
           : is_campaign() ? kOfACampaign
                           : otherwise;
}

/// OSTRAKON_CRASH_SEED, else one that differs each time.
inline std::uint32_t crash_seed() {
    const char* const text = std::getenv("OSTRAKON_CRASH_SEED");
    return text == nullptr ? std::random_device{}()
                           : static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10));
}

}  // namespace ostrakon::test
