// The running server: what it consists of, and in which order that begins and ends. How it starts
// is daemon_start.cpp's, what it then does daemon.cpp's, what it says of itself
// daemon_figures.cpp's, which alone include this.
#pragma once

#include "ostrakon/server/database.hpp"
#include "ostrakon/server/dnstap.hpp"
#include "ostrakon/server/event_loop.hpp"
#include "ostrakon/server/feed_watch.hpp"
#include "ostrakon/server/figure_service.hpp"
#include "ostrakon/server/generation.hpp"
#include "ostrakon/server/hit_counting.hpp"
#include "ostrakon/server/key_watch.hpp"
#include "ostrakon/server/limiting.hpp"
#include "ostrakon/server/listeners.hpp"
#include "ostrakon/server/query_log.hpp"
#include "ostrakon/server/secondaries.hpp"
#include "ostrakon/server/site_handler.hpp"
#include "ostrakon/server/worker.hpp"

#include <chrono>
#include <filesystem>
#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ostrakon::server {

// [server] tcp_idle as workers take it.
std::chrono::milliseconds idle_max_of(const Duration& duration);

class Daemon {
public:
    explicit Daemon(std::filesystem::path configuration)
        : configuration_(std::move(configuration)) {}

    Result<Done> start();
    void run();

private:
    Result<Done> catch_signals();
    Result<Done> bind_sockets();
    Result<Done> start_workers();
    std::string zone_count() const;
    void report_start() const;
    void report_ready() const;
    void reload();
    Result<Done> take_over(Generation generation);
    void adopt(Generation generation);
    void tick();
    void look_at_keys();
    void look_at_feeds();
    Figures figures();
    Result<Done> count_hits();
    Result<Done> tap_queries();
    Result<Done> log_queries(std::optional<QueryLog::Target> target);
    void reopen_database();
    void stop();
    template <class Task>
    void in_every_worker(const Task& task);

    const std::filesystem::path configuration_;
    std::optional<Generation> generation_;
    config::Settings started_with_;
    std::unique_ptr<EventLoop> loop_;
    std::vector<std::unique_ptr<SignalWatch>> signals_;
    std::optional<Timer> ticker_;
    Listeners listeners_;
    std::optional<Database> database_;
    std::optional<TcpAdmission> admission_;
    Secondaries secondaries_;             // before the workers, which hand connections over
    Limiting limiting_;                   // before the workers, which have its table
    std::optional<HitCounting> hits_;     // before the workers, which put into it
    std::optional<Dnstap> tap_;           // before the workers, which put into it
    std::optional<QueryLog> queries_;     // before the workers, which put into it
    std::vector<SiteHandler*> handlers_;  // one per worker, which owns it
    std::vector<std::unique_ptr<Worker>> workers_;
    // Behind the workers, whose figures it shows.
    FigureService figures_{[this] { loop_->post([this] { figures_.board().put(figures()); }); }};
    KeyWatch keys_;
    FeedWatch feeds_;
    const UnixTime started_ = now();
    const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
    UnixTime configured_ = started_;
    bool is_configuration_current_ = true;
    std::uint64_t ticks_ = 0;
    bool has_missed_file_ = false;
    std::string reopen_problem_;  // told once, not every second
};

// Runs a task in every worker's thread and waits until all have.
template <class Task>
void Daemon::in_every_worker(const Task& task) {
    // Shared, since the last worker may still be in count_down() when we go on.
    const auto done = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(workers_.size()));
    for (std::size_t i = 0; i < workers_.size(); ++i) {
        workers_[i]->post([&task, done, handler = handlers_[i]](QueryHandler&) {
            task(*handler);
            done->count_down();
        });
    }
    done->wait();
}

}  // namespace ostrakon::server
