#include "ostrakon/server/log.hpp"
#include "ostrakon/server/privileges.hpp"
#include "running_daemon.hpp"

#include <fmt/format.h>

#include <signal.h>

#include <algorithm>
#include <functional>
#include <thread>
#include <utility>

namespace ostrakon::server {
namespace {

// How often the files of the database and of partner keys are looked at and the slots of dead
// readers are freed.
constexpr std::chrono::milliseconds kTickPeriod{1000};
// Workers at most: each needs a reader slot of the database, of which there are 1022 for all
// programs.
constexpr unsigned kThreadsMax = 256;
// Descriptors besides those of TCP connections: sockets, loops, the database, the log.
constexpr std::size_t kDescriptorsBeside = 256;
constexpr std::size_t kDescriptorsPerWorker = 64;

unsigned thread_count_of(const config::ServerSettings& settings) {
    const unsigned wanted =
        settings.threads != 0 ? settings.threads : std::thread::hardware_concurrency();
    return std::clamp(wanted, 1U, kThreadsMax);
}

}  // namespace

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
    set_log_format(parse_log_format(started_with_.log.format).value_or(LogFormat::Plain));
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
    if (auto done = figures_.bind(started_with_, *identity); !done) {
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
    if (auto done = figures_.start(); !done) {
        return done;
    }
    report_start();
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
    hits_.emplace(listeners_.workers.size());
    hits_->adopt(generation_->site->shared_rulebook());
    hits_->take_database(*database_->environment());
    for (std::vector<ListenerSockets>& sockets : listeners_.workers) {
        auto handler = std::make_unique<SiteHandler>(
            generation_->site, database_->environment(),
            // Not to wait for the next tick: until then every answer is SERVFAIL.
            [this] { loop_->post([this] { tick(); }); });
        limiting_.apply(*handler);
        if (figures_.has_control()) {
            handler->watch_top();
        }
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
    if (auto done = count_hits(); !done) {
        return done;
    }
    if (auto done = tap_queries(); !done) {
        return done;
    }
    return log_queries(std::move(*queries));
}

void Daemon::report_start() const {
    for (const std::string& warning : generation_->warnings) {
        log(LogLevel::Warn, warning, "configuration-warning");
    }
    for (const std::string& warning : listeners_.warnings) {
        log(LogLevel::Warn, warning, "configuration-warning");
    }
    for (const std::string& warning : figures_.warnings()) {
        log(LogLevel::Info, warning);  // nothing that answers depend on
    }
    for (const config::Endpoint& endpoint : listeners_.endpoints) {
        log(LogLevel::Info, "listening on " + config::to_string(endpoint), "listening",
            {{"address", config::to_string(endpoint)}});
    }
    for (const std::string& place : figures_.places()) {
        log(LogLevel::Info, place);
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
        fmt::format("serving {} from {}", zone_count(), started_with_.database.path.string()),
        "started");
}

}  // namespace ostrakon::server
