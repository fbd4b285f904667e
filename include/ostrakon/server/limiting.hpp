// The main thread's side of limits: gives them to the workers, and tells the operator what they do.
#pragma once

#include "ostrakon/server/limit_tally.hpp"
#include "ostrakon/server/rate_limits.hpp"
#include "ostrakon/server/rate_table.hpp"
#include "ostrakon/server/site_handler.hpp"
#include "ostrakon/server/tcp_admission.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace ostrakon::server {

/// How often there is news of a kind at most.
inline constexpr std::chrono::seconds kLimitNewsPeriod{60};

class Limiting {
public:
    using Clock = std::chrono::steady_clock;
    /// Runs a task for every handler in its worker's thread, and waits for all.
    using InEveryWorker = std::function<void(const std::function<void(SiteHandler&)>&)>;

    /// Takes other limits; apply() is to follow for each handler.
    void configure(const config::LimitSettings& settings);
    /// In the handler's thread, or before that runs. The handler must not outlive this.
    void apply(SiteHandler& handler) const;

    /// Logs what there is news of. Called every second or so.
    void tell(std::span<SiteHandler* const> handlers, const InEveryWorker& in_every_worker,
              const TcpCounters& tcp);

    /// What rate limiting has done since the last news, in words; nothing where it has done nothing
    /// or the last news is not old enough.
    std::optional<std::string> rate_news(std::span<SiteHandler* const> handlers,
                                         const InEveryWorker& in_every_worker,
                                         Clock::time_point now);
    /// The same for TCP connections that were refused or had to go.
    std::optional<std::string> tcp_news(const TcpCounters& counters, Clock::time_point now);

private:
    std::shared_ptr<const RateLimits> limits_;
    std::unique_ptr<RateTable> table_;  // made when there are limits, and kept
    std::uint64_t told_dropped_ = 0;
    std::uint64_t told_in_brief_ = 0;
    std::optional<Clock::time_point> rates_told_at_;
    TcpCounters told_tcp_;
    std::optional<Clock::time_point> tcp_told_at_;
};

}  // namespace ostrakon::server
