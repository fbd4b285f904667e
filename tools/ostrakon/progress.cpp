#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <cstdio>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kBarWidth = 40;
constexpr std::chrono::milliseconds kFirstAfter{300};  // what is quick needs no bar
constexpr std::chrono::milliseconds kEvery{100};

}  // namespace

Progress::Progress(bool quiet)
    : is_on_(!quiet && isatty(STDERR_FILENO) == 1),
      next_(std::chrono::steady_clock::now() + kFirstAfter) {}

void Progress::show(std::string_view stage, std::uint64_t done, std::uint64_t total) {
    const auto at = std::chrono::steady_clock::now();
    const bool is_measured = total != 0;
    if (!is_on_ || (is_measured && at < next_) || (!is_measured && !is_drawn_)) {
        return;
    }
    next_ = at + kEvery;
    if (!is_measured) {
        fmt::print(stderr, "\r\x1B[K{} …", stage);
        std::fflush(stderr);
        return;
    }
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    const auto filled = static_cast<std::size_t>(share * kBarWidth);
    fmt::print(stderr, "\r\x1B[K{:<10} [{:<{}}] {:3.0f} %", stage, std::string(filled, '#'),
               kBarWidth, share * 100);
    std::fflush(stderr);
    is_drawn_ = true;
}

void Progress::clear() {
    if (is_drawn_) {
        fmt::print(stderr, "\r\x1B[K");
        std::fflush(stderr);
        is_drawn_ = false;
    }
}

}  // namespace ostrakon::tool
