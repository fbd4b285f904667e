// Chance with a seed: the same seed makes the same choices.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace ostrakon::property {

class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    /// 0 to bound - 1; bound is at least 1.
    std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
    bool chance(unsigned percent) { return below(100) < percent; }
    template <class T>
    const T& pick(const std::vector<T>& from) {
        return from[below(from.size())];
    }
    std::uint64_t bits() { return engine_(); }

private:
    std::mt19937_64 engine_;
};

}  // namespace ostrakon::property
