#include "figure_gathering.hpp"
#include "running_daemon.hpp"

#include <chrono>
#include <mutex>

namespace ostrakon::server {

// Everything is either this thread's or may be read by any; only who asks most is the workers'.
Figures Daemon::figures() {
    Figures all;
    all.at = now();
    all.started = started_;
    all.uptime_seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
    all.workers = workers_.size();
    all.is_configuration_current = is_configuration_current_;
    all.configured = configured_;
    for (const zone::Zone& zone : generation_->zones()) {
        all.zones.push_back(zone.name);
    }
    // First, since it waits for the batches under way: who has an answer finds it counted.
    if (figures_.has_control()) {
        TopGathering top(generation_->settings.log, all.at);
        std::mutex mutex;
        in_every_worker([&](SiteHandler& handler) {
            const std::lock_guard lock{mutex};
            top.add(handler);
        });
        top.put_into(all);
    }
    for (const SiteHandler* const handler : handlers_) {
        add_counts(*handler, all);
    }
    for (const auto& worker : workers_) {
        all.udp.add(*worker);
    }
    all.tcp = {admission_->counters(), admission_->open_count(),
               generation_->settings.server.tcp_connections_max};
    const TransferCounters& transfers = secondaries_.transfer_counters();
    all.transfers = {{transfers.axfr.sent, transfers.axfr.unfinished},
                     {transfers.ixfr.sent, transfers.ixfr.unfinished},
                     transfers.refused,
                     transfers.bytes,
                     secondaries_.notify_counters()};
    add_partners(keys_.counters(), all);
    if (database_->environment() != nullptr) {
        all.database = database_figures(*database_->environment(), all.at);
    }
    all.process = process_figures();
    return all;
}

}  // namespace ostrakon::server
