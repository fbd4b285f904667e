#include "progress_board.hpp"

#include "output.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <cstdio>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kBoardBarWidth = 30;
constexpr std::size_t kNameWidth = 24;
constexpr std::chrono::milliseconds kBoardFirstAfter{300};
constexpr std::chrono::milliseconds kBoardEvery{100};

std::string bar(std::uint64_t done, std::uint64_t total) {
    if (total == 0) {
        return done == 0 ? "…" : bytes_text(done);
    }
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    return fmt::format(
        "[{:<{}}] {:3.0f} %",
        std::string(static_cast<std::size_t>(share * static_cast<double>(kBoardBarWidth)), '#'),
        kBoardBarWidth, share * 100);
}

}  // namespace

ProgressBoard::ProgressBoard(bool quiet)
    : is_on_(!quiet && isatty(STDERR_FILENO) == 1),
      next_(std::chrono::steady_clock::now() + kBoardFirstAfter) {}

void ProgressBoard::show(const std::string& name, std::string_view stage, std::uint64_t done,
                         std::uint64_t total) {
    if (!is_on_) {
        return;
    }
    auto line = std::find_if(lines_.begin(), lines_.end(),
                             [&name](const Line& known) { return known.name == name; });
    if (line == lines_.end()) {
        line = lines_.insert(line, {name, {}, 0, 0});
    }
    line->stage = stage;
    line->done = done;
    line->total = total;
    if (const auto at = std::chrono::steady_clock::now(); at >= next_) {
        next_ = at + kBoardEvery;
        draw();
    }
}

void ProgressBoard::remove(const std::string& name) {
    std::erase_if(lines_, [&name](const Line& line) { return line.name == name; });
    if (drawn_ > 0) {
        draw();
    }
}

void ProgressBoard::wipe() {
    for (; drawn_ > 0; --drawn_) {
        fmt::print(stderr, "\x1B[1A\r\x1B[K");  // one line up, and empty
    }
}

void ProgressBoard::draw() {
    wipe();
    for (const Line& line : lines_) {
        fmt::print(stderr, "{:<{}} {:<10} {}\n", shortened(line.name, kNameWidth), kNameWidth,
                   line.stage, bar(line.done, line.total));
    }
    drawn_ = lines_.size();
    std::fflush(stderr);
}

void ProgressBoard::clear() {
    if (is_on_) {
        wipe();
        std::fflush(stderr);
    }
    lines_.clear();
}

}  // namespace ostrakon::tool
