#include "ostrakon/server/daemon.hpp"

#include "ostrakon/server/database.hpp"
#include "ostrakon/server/event_loop.hpp"
#include "ostrakon/server/feed_watch.hpp"
#include "ostrakon/server/generation.hpp"
#include "ostrakon/server/key_watch.hpp"
#include "ostrakon/server/limiting.hpp"
#include "ostrakon/server/listeners.hpp"
#include "ostrakon/server/log.hpp"
#include "ostrakon/server/privileges.hpp"
#include "ostrakon/server/query_log.hpp"
#include "ostrakon/server/readiness.hpp"
#include "ostrakon/server/secondaries.hpp"
#include "ostrakon/server/site_handler.hpp"
#include "ostrakon/server/worker.hpp"

#include <fmt/format.h>

#include <signal.h>

#include <algorithm>
#include <functional>
#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace ostrakon::server {
namespace {

// How often the files of the database and of partner keys are looked at and the slots of dead
// readers are freed.
constexpr std::chrono::milliseconds kTickPeriod{1000};
// Every how many of these the age of feeds is looked at.
constexpr std::uint64_t kTicksOfFeeds = 60;
// Workers at most: each needs a reader slot of the database, of which there are 1022 for all
// programs.
constexpr unsigned kThreadsMax = 256;
// Descriptors besides those of TCP connections: sockets, loops, the database, the log.
constexpr std::size_t kDescriptorsBeside = 256;
constexpr std::size_t kDescriptorsPerWorker = 64;
// The longest idle time that is counted; "forever" is this.
constexpr std::int64_t kTcpIdleMaxSeconds = 86400;

std::chrono::milliseconds idle_max_of(const Duration& duration) {
    const std::int64_t seconds =
        duration.forever ? kTcpIdleMaxSeconds : std::min(duration.seconds, kTcpIdleMaxSeconds);
    return std::chrono::seconds(seconds);
}

unsigned thread_count_of(const config::ServerSettings& settings) {
    const unsigned wanted =
        settings.threads != 0 ? settings.threads : std::thread::hardware_concurrency();
    return std::clamp(wanted, 1U, kThreadsMax);
}

std::string list_of(const std::vector<config::Endpoint>& endpoints) {
    std::string text;
    for (const config::Endpoint& endpoint : endpoints) {
        text += (text.empty() ? "" : ", ") + config::to_string(endpoint);
    }
    return text;
}

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
    std::optional<QueryLog> queries_;     // before the workers, which put into it
    std::vector<SiteHandler*> handlers_;  // one per worker, which owns it
    std::vector<std::unique_ptr<Worker>> workers_;
    KeyWatch keys_;
    FeedWatch feeds_;
    std::uint64_t ticks_ = 0;
    bool has_missed_file_ = false;
    std::string reopen_problem_;  // told once, not every second
};

Result<Done> Daemon::start() {
    auto generation = read_generation(configuration_);
    if (!generation) {
        return Unexpected{generation.error()};
    }
    generation_ = std::move(*generation);
    started_with_ = generation_->settings;
    const config::ServerSettings& server = started_with_.server;
    if (const auto level = parse_log_level(started_with_.log.level)) {
        set_log_level(*level);
    }
    const auto identity = identity_to_become(server.user);
    if (!identity) {
        return Unexpected{identity.error()};
    }
    if (auto done = catch_signals(); !done) {
        return done;
    }
    if (auto done = bind_sockets(); !done) {
        return done;
    }
    if (auto done = give_up_privileges(*identity); !done) {
        return done;
    }
    if (auto done = keys_.take(generation_->zones()); !done) {
        return done;
    }
    generation_->take_keys(keys_.keys());
    database_.emplace(started_with_.database);
    if (auto done = database_->open(); !done) {
        return done;
    }
    admission_.emplace(server.tcp_connections_max);
    if (auto done = secondaries_.start(*loop_, *admission_, listeners_.endpoints); !done) {
        return done;
    }
    secondaries_.adopt(generation_->site);
    secondaries_.take_database(database_->environment());
    if (auto done = start_workers(); !done) {
        return done;
    }
    report_start();
    return Done{};
}

// Workers put nothing in while the thread is ended.
Result<Done> Daemon::log_queries(std::optional<QueryLog::Target> target) {
    if (!target) {
        if (queries_) {
            in_every_worker([](SiteHandler& handler) { handler.log_queries(nullptr); });
            queries_->stop();
        }
        return Done{};
    }
    if (!queries_) {
        queries_.emplace(workers_.size());
    }
    if (auto done = queries_->take(std::move(*target)); !done) {
        return done;
    }
    for (std::size_t i = 0; i < handlers_.size(); ++i) {
        workers_[i]->post([ring = &queries_->ring(i), handler = handlers_[i]](QueryHandler&) {
            handler->log_queries(ring);
        });
    }
    return Done{};
}

Result<Done> Daemon::catch_signals() {
    ::signal(SIGPIPE, SIG_IGN);  // a TCP client that has gone is an error of the write
    auto loop = EventLoop::create();
    if (!loop) {
        return Unexpected{loop.error()};
    }
    loop_ = std::move(*loop);
    const auto watch = [&](int number, std::function<void()> task) {
        signals_.push_back(std::make_unique<SignalWatch>(*loop_, number, std::move(task)));
    };
    watch(SIGHUP, [this] { reload(); });
    watch(SIGTERM, [this] { loop_->stop(); });
    watch(SIGINT, [this] { loop_->stop(); });
    ticker_.emplace(*loop_, [this] { tick(); });
    ticker_->start(kTickPeriod, kTickPeriod);
    return Done{};
}

Result<Done> Daemon::bind_sockets() {
    const config::ServerSettings& server = started_with_.server;
    const std::size_t workers = thread_count_of(server);
    const std::size_t wanted =
        kDescriptorsBeside + workers * kDescriptorsPerWorker + server.tcp_connections_max;
    if (const std::size_t limit = raise_descriptor_limit(wanted); limit < wanted) {
        log(LogLevel::Warn,
            fmt::format("{} open files are allowed, {} may be needed: with many TCP connections "
                        "some will be turned away (raise LimitNOFILE or ulimit -n)",
                        limit, wanted));
    }
    auto listeners = bind_listeners(server.listen, workers);
    if (!listeners) {
        return Unexpected{listeners.error()};
    }
    listeners_ = std::move(*listeners);
    return Done{};
}

Result<Done> Daemon::start_workers() {
    const config::ServerSettings& server = started_with_.server;
    auto queries = QueryLog::open(started_with_.log);
    if (!queries) {
        return Unexpected{std::move(queries.error())};
    }
    limiting_.configure(started_with_.limits);
    for (std::vector<ListenerSockets>& sockets : listeners_.workers) {
        auto handler = std::make_unique<SiteHandler>(
            generation_->site, database_->environment(),
            // Not to wait for the next tick: until then every answer is SERVFAIL.
            [this] { loop_->post([this] { tick(); }); });
        limiting_.apply(*handler);
        handler->send_transfers_by(secondaries_.transfers());
        handlers_.push_back(handler.get());
        WorkerOptions options;
        options.sockets = std::move(sockets);
        options.handler = std::move(handler);
        options.admission = &*admission_;
        options.tcp_idle_max = idle_max_of(server.tcp_idle);
        auto worker = Worker::start(std::move(options));
        if (!worker) {
            return Unexpected{worker.error()};
        }
        workers_.push_back(std::move(*worker));
    }
    return log_queries(std::move(*queries));
}

std::string Daemon::zone_count() const {
    const std::size_t count = generation_->zone_count();
    return fmt::format("{} {}", count, count == 1 ? "zone" : "zones");
}

void Daemon::report_start() const {
    for (const std::string& warning : generation_->warnings) {
        log(LogLevel::Warn, warning);
    }
    for (const std::string& warning : listeners_.warnings) {
        log(LogLevel::Warn, warning);
    }
    for (const config::Endpoint& endpoint : listeners_.endpoints) {
        log(LogLevel::Info, "listening on " + config::to_string(endpoint));
    }
    const bool is_small = listeners_.receive_buffer_bytes < kReceiveBufferBytes;
    log(LogLevel::Info,
        fmt::format("{} {}, UDP receive buffers of {} KiB{}", workers_.size(),
                    workers_.size() == 1 ? "thread" : "threads",
                    listeners_.receive_buffer_bytes / 1024,
                    is_small ? fmt::format(" (bursts may be lost; as root, or with sysctl "
                                           "net.core.rmem_max={}, they are larger)",
                                           kReceiveBufferBytes)
                             : std::string()));
    log(LogLevel::Info,
        fmt::format("serving {} from {}", zone_count(), started_with_.database.path.string()));
}

void Daemon::report_ready() const {
    notify_ready(fmt::format("serving {} on {}", zone_count(), list_of(listeners_.endpoints)));
}

void Daemon::run() {
    report_ready();
    loop_->run();
    stop();
}

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

void Daemon::reload() {
    notify_reloading();
    log(LogLevel::Info, "SIGHUP: reading " + configuration_.string());
    auto generation = read_generation(configuration_);
    const auto taken = generation ? take_over(std::move(*generation))
                                  : Result<Done>{Unexpected{generation.error()}};
    if (!taken) {
        log(LogLevel::Error, message(taken.error()));
        log(LogLevel::Error, "configuration not taken over: serving as before");
    }
    report_ready();
}

// All that can fail comes first.
Result<Done> Daemon::take_over(Generation generation) {
    auto queries = QueryLog::open(generation.settings.log);
    if (!queries) {
        return Unexpected{std::move(queries.error())};
    }
    if (auto done = keys_.take(generation.zones()); !done) {
        return done;
    }
    generation.take_keys(keys_.keys());
    adopt(std::move(generation));
    return log_queries(std::move(*queries));
}

void Daemon::adopt(Generation generation) {
    generation_ = std::move(generation);
    const config::Settings& settings = generation_->settings;
    for (const std::string& warning : generation_->warnings) {
        log(LogLevel::Warn, warning);
    }
    for (const std::string& difference : restart_needed(started_with_, settings)) {
        log(LogLevel::Warn, difference);
    }
    if (const auto level = parse_log_level(settings.log.level)) {
        set_log_level(*level);
    }
    admission_->set_total_max(settings.server.tcp_connections_max);
    for (const auto& worker : workers_) {
        worker->set_tcp_idle_max(idle_max_of(settings.server.tcp_idle));
    }
    limiting_.configure(settings.limits);
    in_every_worker([&](SiteHandler& handler) {
        handler.adopt(generation_->site);
        limiting_.apply(handler);
    });
    secondaries_.adopt(generation_->site);
    log(LogLevel::Info, "configuration taken over: serving " + zone_count());
}

// Workers keep what they remember of verdicts: only the keys are others.
void Daemon::look_at_keys() {
    const bool is_new = keys_.look(generation_->zones());
    for (const KeyNews& news : keys_.take_news()) {
        log(news.level, news.text);
    }
    if (is_new) {
        generation_->take_keys(keys_.keys());
        in_every_worker([&](SiteHandler& handler) { handler.adopt(generation_->site); });
    }
}

void Daemon::tick() {
    look_at_keys();
    limiting_.tell(
        handlers_, [this](const auto& task) { in_every_worker(task); }, admission_->counters());
    secondaries_.tick(handlers_);
    if (database_->environment() == nullptr) {
        reopen_database();
        return;
    }
    database_->environment()->clear_dead_readers();
    const Database::File file = database_->look_at_file();
    if (file == Database::File::Replaced) {
        log(LogLevel::Info, "the database file has been replaced: opening the new one");
        reopen_database();
    }
    if (file == Database::File::Outgrown) {
        log(LogLevel::Info, "another process has a larger [database] size: opening anew");
        reopen_database();
    }
    const bool is_missing = file == Database::File::Missing;
    if (is_missing && !has_missed_file_) {
        log(LogLevel::Warn, "the database file is gone: serving what it held");
    }
    has_missed_file_ = is_missing;
    if (ticks_++ % kTicksOfFeeds == 0) {
        look_at_feeds();
    }
}

void Daemon::look_at_feeds() {
    if (database_->environment() == nullptr) {
        return;
    }
    const auto snapshot = store::Snapshot::begin(*database_->environment());
    if (!snapshot) {
        return;  // whoever answers has told
    }
    for (const FeedNews& news : feeds_.look(policy::Catalogue::load(*snapshot), now())) {
        log(news.level, news.text);
    }
}

// All workers let go of the old environment before the new one is opened, and wait for it: a query
// that comes meanwhile waits in its socket.
void Daemon::reopen_database() {
    secondaries_.leave_database();  // which may take a while, and workers go on meanwhile
    const auto count = static_cast<std::ptrdiff_t>(workers_.size());
    const auto all_have_left = std::make_shared<std::latch>(count);
    const auto is_decided = std::make_shared<std::latch>(1);
    for (std::size_t i = 0; i < workers_.size(); ++i) {
        workers_[i]->post([=, this, handler = handlers_[i]](QueryHandler&) {
            handler->leave_database();
            all_have_left->count_down();
            is_decided->wait();
            if (store::Environment* environment = database_->environment()) {
                handler->take_database(*environment);
            }
        });
    }
    all_have_left->wait();
    const auto opened = database_->open();
    is_decided->count_down();
    secondaries_.take_database(database_->environment());
    if (opened) {
        log(LogLevel::Info, "serving from the database " + started_with_.database.path.string());
        reopen_problem_.clear();
        return;
    }
    const std::string problem = message(opened.error());
    if (std::exchange(reopen_problem_, problem) != problem) {
        log(LogLevel::Error, problem + "; answering SERVFAIL until it can be opened");
    }
}

void Daemon::stop() {
    notify_stopping();
    log(LogLevel::Info, "stopping: answering what has arrived");
    secondaries_.stop();
    for (const auto& worker : workers_) {
        worker->stop();
    }
    std::uint64_t received = 0;
    std::uint64_t sent = 0;
    for (const auto& worker : workers_) {
        worker->join();
        received += worker->udp_counters().received;
        sent += worker->udp_counters().sent;
    }
    log(LogLevel::Info,
        fmt::format("stopped; over UDP {} queries came and {} answers went out", received, sent));
}

}  // namespace

int run_daemon(const std::filesystem::path& configuration) {
    Daemon daemon(configuration);
    if (const auto started = daemon.start(); !started) {
        log_start_failure(message(started.error()));
        return 1;
    }
    daemon.run();
    return 0;
}

}  // namespace ostrakon::server
