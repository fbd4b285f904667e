// How often something may be done a second. Included by this module's sources only.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <thread>

namespace ostrakon::compare {

using Clock = std::chrono::steady_clock;

/// Spreads packets evenly; what was missed is made up for within kBurst alone.
class Pace {
public:
    explicit Pace(std::uint64_t per_second)
        : interval_(std::chrono::nanoseconds{std::chrono::seconds{1}} /
                    static_cast<std::int64_t>(per_second)) {}

    bool lets_send(Clock::time_point now) const { return next_ <= now; }
    Clock::time_point next() const { return next_; }
    void sent(Clock::time_point now) { next_ = std::max(next_, now - kBurst) + interval_; }
    /// Waits until it lets send, and takes it for sent.
    void wait() {
        std::this_thread::sleep_until(next_);
        sent(Clock::now());
    }

private:
    static constexpr std::chrono::milliseconds kBurst{10};
    std::chrono::nanoseconds interval_;
    Clock::time_point next_ = Clock::now();
};

}  // namespace ostrakon::compare
