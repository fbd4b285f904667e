#include "ostrakon/server/query_log.hpp"

#include "blocked_signals.hpp"
#include "ostrakon/base/time.hpp"
#include "ostrakon/server/log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace ostrakon::server {
namespace {

// How long a line waits at most: a ring takes three million questions a second at this rate.
constexpr std::chrono::milliseconds kDrainPeriod{20};
constexpr std::chrono::seconds kLossPeriod{1};
constexpr std::size_t kWriteSize = std::size_t{256} << 10;
// Of one ring before the next has its turn.
constexpr int kRecordsAtOnceMax = 65536;
constexpr mode_t kLogMode = 0640;  // who asks about whom is nobody's business

// In the place of questions that are missing.
std::string loss_line(LogFormat format, std::uint64_t lost) {
    const UnixTime at = now();
    if (format == LogFormat::Plain) {
        return fmt::format(
            "# {} {} questions are missing here: they came faster than they could be written\n",
            to_string(at), lost);
    }
    return log_line(format, at, LogLevel::Warn,
                    "questions are missing here: they came faster than they could be written",
                    "query-log-lost", {{"lost", std::to_string(lost)}}) +
           "\n";
}

}  // namespace

LoggedClient logged_client_of(std::string_view word) {
    return word == "none"      ? LoggedClient::None
           : word == "network" ? LoggedClient::Network
                               : LoggedClient::Full;
}

QueryLog::QueryLog(std::size_t workers) {
    for (std::size_t i = 0; i < workers; ++i) {
        rings_.push_back(std::make_unique<QueryRing>());
    }
}

QueryLog::~QueryLog() {
    stop();
}

Result<std::optional<QueryLog::Target>> QueryLog::open(const config::LogSettings& settings) {
    if (settings.queries_file.empty()) {
        return std::optional<Target>{};
    }
    const int fd = ::open(settings.queries_file.c_str(),
                          O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, kLogMode);
    if (fd < 0) {
        const int error = errno;
        return Unexpected{Error{
            ErrorCode::System, "open [log] queries " + settings.queries_file, std::strerror(error),
            error == EACCES || error == EROFS
                ? "its directory must be one that [server] user may write to; under systemd "
                  "/var/log/ostrakon is"
                : ""}};
    }
    return std::optional{
        Target{settings.queries_file, logged_client_of(settings.queries_client), FileDescriptor{fd},
               parse_log_format(settings.queries_format).value_or(LogFormat::Plain)}};
}

Result<Done> QueryLog::take(Target target) {
    {
        const std::lock_guard lock{mutex_};
        next_ = std::move(target);
        is_to_stop_ = false;
    }
    changed_.notify_one();
    if (thread_.joinable()) {
        return Done{};
    }
    const BlockedSignals signals;
    Result<Done> result = Done{};
    try {
        thread_ = std::thread([this] { run(); });
    } catch (const std::system_error& problem) {
        result = Unexpected{
            Error{ErrorCode::System, "start the thread of the query log", problem.what(), ""}};
    }
    return result;
}

void QueryLog::stop() {
    if (!thread_.joinable()) {
        return;
    }
    {
        const std::lock_guard lock{mutex_};
        is_to_stop_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void QueryLog::run() {
    Target target;
    bool is_last = false;
    while (!is_last) {
        std::optional<Target> next;
        {
            std::unique_lock lock{mutex_};
            changed_.wait_for(lock, kDrainPeriod, [this] { return is_to_stop_ || next_; });
            is_last = is_to_stop_;
            next = std::exchange(next_, std::nullopt);
        }
        if (target.file.is_open()) {
            drain(target);
        }
        if (next) {
            target = std::move(*next);
            is_line_open_ = false;
        }
        if (is_last) {
            drain(target);
        }
        tell_of_losses(target);
    }
}

void QueryLog::drain(Target& target) {
    QueryRecordBuffer record;
    for (const auto& ring : rings_) {
        for (int i = 0; i < kRecordsAtOnceMax; ++i) {
            const std::size_t size = ring->take(record);
            if (size == 0) {
                break;
            }
            append_query_line(std::span{record}.first(size), target.client, lines_, target.format);
            if (lines_.size() >= kWriteSize) {
                write(target, lines_);
                lines_.clear();
            }
        }
    }
    write(target, lines_);
    lines_.clear();
}

// What cannot be written is lost: to wait would lose more.
void QueryLog::write(Target& target, std::string_view text) {
    constexpr std::string_view kLineEnd = "\n";
    if (text.empty()) {
        return;
    }
    if (is_line_open_ && ::write(target.file.get(), kLineEnd.data(), kLineEnd.size()) == 1) {
        is_line_open_ = false;
    }
    while (!text.empty()) {
        const ssize_t written = ::write(target.file.get(), text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            last_error_ = written < 0 ? errno : EIO;
            failed_ += static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
            return;
        }
        is_line_open_ = text[static_cast<std::size_t>(written) - 1] != '\n';
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

void QueryLog::tell_of_losses(Target& target) {
    const auto now = Clock::now();
    if (now - told_ < kLossPeriod) {
        return;
    }
    std::uint64_t lost = 0;
    for (const auto& ring : rings_) {
        lost += ring->lost();
    }
    if (const std::uint64_t more = lost - std::exchange(lost_told_, lost); more > 0) {
        told_ = now;
        write(target, loss_line(target.format, more));
        log(LogLevel::Warn,
            fmt::format("query log {}: {} questions came faster than they could be written and "
                        "are missing",
                        target.path, more),
            "query-log-lost", {{"file", target.path}, {"lost", std::to_string(more)}});
    }
    if (const std::uint64_t more = failed_ - std::exchange(failed_told_, failed_); more > 0) {
        told_ = now;
        log(LogLevel::Error,
            fmt::format("write query log {}: {}; {} lines are missing", target.path,
                        std::strerror(last_error_), more),
            "query-log-failed", {{"file", target.path}, {"lost", std::to_string(more)}});
    }
}

}  // namespace ostrakon::server
