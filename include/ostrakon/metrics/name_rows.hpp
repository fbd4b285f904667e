// Numbers for names that figures are kept by: zones, sources, classes.
//
// A name keeps its number for as long as the process lives, also when nobody uses it any more, so
// that figures only grow. There is a bound; what comes after it shares a number.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::metrics {

/// One thread gives numbers, any may read.
class NameRows {
public:
    /// What the names beyond the bound are called together, number 0.
    static constexpr std::string_view kRest = "(others)";

    /// `size_max` counts number 0.
    explicit NameRows(std::size_t size_max) : names_(size_max) { names_.front() = kRest; }

    /// The number of a name, a new one where it has none; 0 where there is no room. Allocates for a
    /// new one.
    std::size_t number_of(std::string_view name) {
        const std::size_t count = size();
        const auto end = names_.begin() + static_cast<std::ptrdiff_t>(count);
        const auto found = std::find(names_.begin() + 1, end, name);
        if (found != end) {
            return static_cast<std::size_t>(found - names_.begin());
        }
        if (count == names_.size()) {
            return 0;
        }
        names_[count] = name;
        size_.store(count + 1, std::memory_order_release);
        return count;
    }

    /// Numbers that are given. Names up to here do not change any more.
    std::size_t size() const noexcept { return size_.load(std::memory_order_acquire); }
    const std::string& name(std::size_t number) const noexcept { return names_[number]; }
    std::size_t size_max() const noexcept { return names_.size(); }

private:
    std::vector<std::string> names_;
    std::atomic<std::size_t> size_{1};
};

}  // namespace ostrakon::metrics
