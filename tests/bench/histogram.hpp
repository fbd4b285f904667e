// Times of answers, counted in bins that are at most 2 % wide.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace ostrakon::bench {

class Histogram {
public:
    void add(std::uint64_t value) {
        ++bins_[bin_of(value)];
        ++count_;
        longest_ = value > longest_ ? value : longest_;
    }
    std::uint64_t longest() const { return longest_; }

    /// The start of the bin of the value that `share` (0 to 1) of all do not exceed; 0 of none.
    std::uint64_t quantile(double share) const {
        const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(count_));
        std::uint64_t passed = 0;
        for (std::size_t bin = 0; bin < bins_.size(); ++bin) {
            passed += bins_[bin];
            if (passed > wanted) {
                return start_of(bin);
            }
        }
        return longest_;
    }

private:
    // A power of two is cut into so many bins; below it each value has its own.
    static constexpr unsigned kCutsLog = 6;
    static constexpr std::uint64_t kCuts = 1U << kCutsLog;

    static std::size_t bin_of(std::uint64_t value) {
        if (value < kCuts) {
            return value;
        }
        const auto shift = static_cast<unsigned>(std::bit_width(value)) - 1 - kCutsLog;
        return (shift + 1) * kCuts + ((value >> shift) & (kCuts - 1));
    }
    static std::uint64_t start_of(std::size_t bin) {
        if (bin < kCuts) {
            return bin;
        }
        return (kCuts + bin % kCuts) << (bin / kCuts - 1);
    }

    std::array<std::uint64_t, (64 - kCutsLog + 1) * kCuts> bins_{};
    std::uint64_t count_ = 0;
    std::uint64_t longest_ = 0;
};

}  // namespace ostrakon::bench
