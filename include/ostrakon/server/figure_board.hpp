// Where those who ask for figures meet the thread that gathers them.
//
// Gathering costs that thread about a millisecond, so it is done when somebody asks, and for all
// who ask within a second once.
#pragma once

#include "ostrakon/server/figures.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

namespace ostrakon::server {

/// Figures are not gathered more often than this.
inline constexpr std::chrono::milliseconds kFiguresAgeMax{1000};
/// How long who asks waits for the gathering thread.
inline constexpr std::chrono::milliseconds kFiguresPatience{5000};

/// Any thread.
class FigureBoard {
public:
    /// `gather` has another thread call put(); it returns at once.
    explicit FigureBoard(std::function<void()> gather) : gather_(std::move(gather)) {}

    /// Figures that are at most about a second old; null where nobody has gathered any in time.
    std::shared_ptr<const Figures> get();
    void put(Figures figures);
    /// From now on nobody waits for anything.
    void close();

private:
    using Clock = std::chrono::steady_clock;
    const std::function<void()> gather_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::shared_ptr<const Figures> latest_;
    Clock::time_point gathered_{};
    bool is_wanted_ = false;
    bool is_closed_ = false;
};

}  // namespace ostrakon::server
