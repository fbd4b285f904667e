#include "number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace ostrakon::web {
namespace {

constexpr std::string_view kNarrowBlank = "\u202F";
constexpr std::size_t kGroupDigits = 3;

std::string without_last_zeros(std::string digits) {
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.ends_with('.')) {
        digits.pop_back();
    }
    return digits;
}

}  // namespace

std::string count_text(std::uint64_t count) {
    std::string text = std::to_string(count);
    for (std::size_t at = text.size(); at > kGroupDigits;) {
        at -= kGroupDigits;
        text.insert(at, kNarrowBlank);
    }
    return text;
}

std::string rate_text(double rate) {
    constexpr double kCountMax = 1e18;
    if (!(rate > 0)) {
        return "0";
    }
    if (rate >= 99.5) {
        return count_text(static_cast<std::uint64_t>(std::llround(std::min(rate, kCountMax))));
    }
    const int decimals = rate >= 9.95 ? 1 : 2;
    return rate < 0.005 ? "< 0.01" : without_last_zeros(fmt::format("{:.{}f}", rate, decimals));
}

std::string bytes_text(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 6> kUnits{"B", "kB", "MB", "GB", "TB", "PB"};
    constexpr double kStep = 1000;
    auto size = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (size >= kStep - 0.5 && unit + 1 < kUnits.size()) {
        size /= kStep;
        ++unit;
    }
    return fmt::format("{}{}{}",
                       unit == 0 || size >= 99.5 ? fmt::format("{:.0f}", size)
                                                 : without_last_zeros(fmt::format("{:.1f}", size)),
                       kNarrowBlank, kUnits[unit]);
}

std::string age_text(std::int64_t seconds) {
    constexpr std::int64_t kMinute = 60;
    constexpr std::int64_t kHour = 60 * kMinute;
    constexpr std::int64_t kDay = 24 * kHour;
    const std::int64_t age = std::max<std::int64_t>(0, seconds);
    const auto in = [age](std::int64_t unit, std::string_view name) {
        return fmt::format("{}{}{}", age / unit, kNarrowBlank, name);
    };
    return age >= 2 * kDay      ? in(kDay, "d")
           : age >= 2 * kHour   ? in(kHour, "h")
           : age >= 2 * kMinute ? in(kMinute, "min")
                                : in(1, "s");
}

}  // namespace ostrakon::web
