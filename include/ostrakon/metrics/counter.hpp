// Figures of what a thread does: written by that thread alone, read by any.
//
// No locked instruction is needed for that, so that the hot path can have them. Who reads sees each
// figure as it was a moment ago, and not all of them as of the same moment.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace ostrakon::metrics {

/// Only grows, from 0 at the start of the process.
class Counter {
public:
    void add(std::uint64_t count = 1) noexcept {
        value_.store(value() + count, std::memory_order_relaxed);
    }
    std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// How often a value was at most 1, 2, 4, … 2^(kBounds - 1), and how often it was more.
template <std::size_t kBounds>
class Histogram {
public:
    static constexpr std::size_t kBuckets = kBounds + 1;

    void note(std::uint64_t value, std::uint64_t times = 1) noexcept {
        const std::size_t bucket =
            value <= 1 ? 0 : std::min<std::size_t>(std::bit_width(value - 1), kBounds);
        counts_[bucket].add(times);
        sum_.add(value * times);
    }

    /// Those of one bucket alone; the last one has no bound.
    std::uint64_t count(std::size_t bucket) const noexcept { return counts_[bucket].value(); }
    std::uint64_t sum() const noexcept { return sum_.value(); }

private:
    std::array<Counter, kBuckets> counts_;
    Counter sum_;
};

}  // namespace ostrakon::metrics
