#include "ostrakon/server/limiting.hpp"

#include "ostrakon/server/log.hpp"

#include <fmt/format.h>
#include <mutex>

namespace ostrakon::server {
namespace {

bool is_too_soon(const std::optional<Limiting::Clock::time_point>& last,
                 Limiting::Clock::time_point now) {
    return last && now - *last < kLimitNewsPeriod;
}

const char* plural(std::uint64_t count) {
    return count == 1 ? "" : "s";
}

}  // namespace

void Limiting::configure(const config::LimitSettings& settings) {
    limits_ = rate_limits(settings);
    if (limits_ != nullptr && table_ == nullptr) {
        table_ = std::make_unique<RateTable>();
    }
}

void Limiting::apply(SiteHandler& handler) const {
    handler.limit(limits_, table_.get());
}

void Limiting::tell(std::span<SiteHandler* const> handlers, const InEveryWorker& in_every_worker,
                    const TcpCounters& tcp) {
    const auto now = Clock::now();
    for (const auto& news : {rate_news(handlers, in_every_worker, now), tcp_news(tcp, now)}) {
        if (news) {
            log(LogLevel::Warn, *news, "limited");
        }
    }
}

std::optional<std::string> Limiting::rate_news(std::span<SiteHandler* const> handlers,
                                               const InEveryWorker& in_every_worker,
                                               Clock::time_point now) {
    std::uint64_t dropped = 0;
    std::uint64_t in_brief = 0;
    for (const SiteHandler* const handler : handlers) {
        dropped += handler->limit_counters().dropped;
        in_brief += handler->limit_counters().in_brief;
    }
    const std::uint64_t new_dropped = dropped - told_dropped_;
    const std::uint64_t new_in_brief = in_brief - told_in_brief_;
    if (new_dropped + new_in_brief == 0 || is_too_soon(rates_told_at_, now)) {
        return std::nullopt;
    }
    told_dropped_ = dropped;
    told_in_brief_ = in_brief;
    rates_told_at_ = now;
    std::mutex mutex;
    FrequentNetworks networks;
    in_every_worker([&](SiteHandler& handler) {
        const FrequentNetworks of_worker = handler.take_limited_networks();
        const std::lock_guard lock(mutex);
        networks.add(of_worker);
    });
    std::string text = fmt::format(
        "rate limiting{}: {} answer{} dropped, {} sent without records",
        limits_ != nullptr && limits_->is_dry_run() ? " (a dry run: all were answered)" : "",
        new_dropped, plural(new_dropped), new_in_brief);
    const FrequentNetworks::Item most = networks.first();
    if (limits_ != nullptr && most.count > 0) {
        text += fmt::format(", most of them for {} (about {})",
                            net::to_string(limits_->range_of(most.network)), most.count);
    }
    return text;
}

std::optional<std::string> Limiting::tcp_news(const TcpCounters& counters, Clock::time_point now) {
    const std::uint64_t full = counters.refused_full - told_tcp_.refused_full;
    const std::uint64_t client = counters.refused_client - told_tcp_.refused_client;
    const std::uint64_t displaced = counters.displaced - told_tcp_.displaced;
    if (full + client + displaced == 0 || is_too_soon(tcp_told_at_, now)) {
        return std::nullopt;
    }
    told_tcp_ = counters;
    tcp_told_at_ = now;
    return fmt::format(
        "TCP: {} connection{} refused above [server] tcp_connections, {} above {} of one client; "
        "{} idle one{} closed to make room",
        full, plural(full), client, kTcpConnectionsPerClientMax, displaced, plural(displaced));
}

}  // namespace ostrakon::server
