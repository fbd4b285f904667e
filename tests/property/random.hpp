// Chance with a seed: the same seed makes the same choices.
#pragma once

#include <algorithm>
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
    /// Leaves at most `max` of them, which ones is chance; the order too where some go.
    template <class T>
    void keep_some(std::vector<T>& list, std::size_t max) {
        if (list.size() > max) {
            std::shuffle(list.begin(), list.end(), engine_);
            list.resize(max);
        }
    }
    std::uint64_t bits() { return engine_(); }

private:
    std::mt19937_64 engine_;
};

}  // namespace ostrakon::property
