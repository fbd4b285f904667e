#include "ostrakon/server/daemon.hpp"

#include "ostrakon/server/log.hpp"
#include "ostrakon/server/readiness.hpp"
#include "running_daemon.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <latch>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ostrakon::server {
namespace {

// Every how many ticks the age of feeds is looked at.
constexpr std::uint64_t kTicksOfFeeds = 60;
// The longest idle time that is counted; "forever" is this.
constexpr std::int64_t kTcpIdleMaxSeconds = 86400;

std::string list_of(const std::vector<config::Endpoint>& endpoints) {
    std::string text;
    for (const config::Endpoint& endpoint : endpoints) {
        text += (text.empty() ? "" : ", ") + config::to_string(endpoint);
    }
    return text;
}

}  // namespace

std::chrono::milliseconds idle_max_of(const Duration& duration) {
    const std::int64_t seconds =
        duration.forever ? kTcpIdleMaxSeconds : std::min(duration.seconds, kTcpIdleMaxSeconds);
    return std::chrono::seconds(seconds);
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

// Workers put nothing in while the thread is ended.
Result<Done> Daemon::count_hits() {
    const config::Settings& settings = generation_->settings;
    if (!settings.hits.count) {
        in_every_worker([](SiteHandler& handler) { handler.count_hits(nullptr); });
        hits_->stop();
        return Done{};
    }
    if (auto done = hits_->start(config::hit_file(started_with_)); !done) {
        return done;
    }
    in_every_worker([this](SiteHandler& handler) {
        const auto place = std::find(handlers_.begin(), handlers_.end(), &handler);
        handler.count_hits(&hits_->ring(static_cast<std::size_t>(place - handlers_.begin())));
    });
    return Done{};
}

// Workers put nothing in while the thread is ended.
Result<Done> Daemon::tap_queries() {
    const config::Settings& settings = generation_->settings;
    if (settings.log.dnstap.path.empty()) {
        if (tap_) {
            in_every_worker([](SiteHandler& handler) { handler.tap(nullptr); });
            tap_->stop();
        }
        return Done{};
    }
    if (!tap_) {
        tap_.emplace(workers_.size());
    }
    if (auto done =
            tap_->start({settings.log.dnstap,
                         logged_client_of(settings.log.queries_client),
                         {dnstap_identity(settings.server.nsid), "ostrakond " OSTRAKON_VERSION}});
        !done) {
        return done;
    }
    in_every_worker([this](SiteHandler& handler) {
        const auto place = std::find(handlers_.begin(), handlers_.end(), &handler);
        handler.tap(&tap_->ring(static_cast<std::size_t>(place - handlers_.begin())));
    });
    return Done{};
}

std::string Daemon::zone_count() const {
    const std::size_t count = generation_->zone_count();
    return fmt::format("{} {}", count, count == 1 ? "zone" : "zones");
}

void Daemon::report_ready() const {
    notify_ready(fmt::format("serving {} on {}", zone_count(), list_of(listeners_.endpoints)));
}

void Daemon::run() {
    report_ready();
    loop_->run();
    stop();
}

void Daemon::reload() {
    notify_reloading();
    log(LogLevel::Info, "SIGHUP: reading " + configuration_.string(), "reload",
        {{"file", configuration_.string()}});
    auto generation = read_generation(configuration_);
    const auto taken = generation ? take_over(std::move(*generation))
                                  : Result<Done>{Unexpected{generation.error()}};
    is_configuration_current_ = taken.has_value();
    configured_ = taken ? now() : configured_;
    if (!taken) {
        log(LogLevel::Error, message(taken.error()), "reload-failed");
        log(LogLevel::Error, "configuration not taken over: serving as before", "reload-failed");
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
    if (auto done = count_hits(); !done) {
        return done;
    }
    if (auto done = tap_queries(); !done) {
        return done;
    }
    return log_queries(std::move(*queries));
}

void Daemon::adopt(Generation generation) {
    generation_ = std::move(generation);
    const config::Settings& settings = generation_->settings;
    for (const std::string& warning : generation_->warnings) {
        log(LogLevel::Warn, warning, "configuration-warning");
    }
    for (const std::string& difference : restart_needed(started_with_, settings)) {
        log(LogLevel::Warn, difference, "restart-needed");
    }
    if (const auto level = parse_log_level(settings.log.level)) {
        set_log_level(*level);
    }
    set_log_format(parse_log_format(settings.log.format).value_or(LogFormat::Plain));
    admission_->set_total_max(settings.server.tcp_connections_max);
    for (const auto& worker : workers_) {
        worker->set_tcp_idle_max(idle_max_of(settings.server.tcp_idle));
    }
    limiting_.configure(settings.limits);
    in_every_worker([&](SiteHandler& handler) {
        handler.adopt(generation_->site);
        limiting_.apply(handler);
    });
    hits_->adopt(generation_->site->shared_rulebook());
    secondaries_.adopt(generation_->site);
    log(LogLevel::Info, "configuration taken over: serving " + zone_count(), "reloaded");
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
        log(LogLevel::Info, "the database file has been replaced: opening the new one",
            "database-replaced");
        reopen_database();
    }
    if (file == Database::File::Outgrown) {
        log(LogLevel::Info, "another process has a larger [database] size: opening anew",
            "database-outgrown");
        reopen_database();
    }
    const bool is_missing = file == Database::File::Missing;
    if (is_missing && !has_missed_file_) {
        log(LogLevel::Warn, "the database file is gone: serving what it held", "database-gone");
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
        log(news.level, news.text, news.event, {{"feed", news.feed}});
    }
}

// All workers let go of the old environment before the new one is opened, and wait for it: a query
// that comes meanwhile waits in its socket.
void Daemon::reopen_database() {
    secondaries_.leave_database();  // which may take a while, and workers go on meanwhile
    hits_->leave_database();
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
        hits_->take_database(*database_->environment());
        log(LogLevel::Info, "serving from the database " + started_with_.database.path.string(),
            "database-opened");
        reopen_problem_.clear();
        return;
    }
    const std::string problem = message(opened.error());
    if (std::exchange(reopen_problem_, problem) != problem) {
        log(LogLevel::Error, problem + "; answering SERVFAIL until it can be opened",
            "database-failed");
    }
}

void Daemon::stop() {
    notify_stopping();
    log(LogLevel::Info, "stopping: answering what has arrived", "stopping");
    figures_.stop();
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
    hits_->stop();
    if (tap_) {
        tap_->stop();
    }
    log(LogLevel::Info,
        fmt::format("stopped; over UDP {} queries came and {} answers went out", received, sent),
        "stopped");
}

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
