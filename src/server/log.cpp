#include "ostrakon/server/log.hpp"

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

namespace ostrakon::server {
namespace {

struct LevelName {
    std::string_view name;
    LogLevel level;
    spdlog::level::level_enum spdlog_level;
    char priority;  // of syslog(3)
};
constexpr std::array<LevelName, 5> kLevels{{
    {"trace", LogLevel::Trace, spdlog::level::trace, '7'},
    {"debug", LogLevel::Debug, spdlog::level::debug, '7'},
    {"info", LogLevel::Info, spdlog::level::info, '6'},
    {"warn", LogLevel::Warn, spdlog::level::warn, '4'},
    {"error", LogLevel::Error, spdlog::level::err, '3'},
}};

const LevelName& entry_of(LogLevel level) {
    return kLevels[static_cast<std::size_t>(level)];
}

// systemd.exec(5): JOURNAL_STREAM names device and inode of the stream; stderr may have been
// redirected since.
bool stderr_goes_to_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    return stream != nullptr && ::fstat(STDERR_FILENO, &status) == 0 &&
           fmt::format("{}:{}", status.st_dev, status.st_ino) == stream;
}

// "<6>": what journald takes for the priority (sd-daemon(3)).
class PriorityFlag : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& message, const std::tm&,
                spdlog::memory_buf_t& out) override {
        for (const LevelName& entry : kLevels) {
            if (entry.spdlog_level == message.level) {
                const std::array<char, 3> prefix{'<', entry.priority, '>'};
                out.append(prefix.data(), prefix.data() + prefix.size());
            }
        }
    }
    std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<PriorityFlag>();
    }
};

// Of what log_line has made; journald is told the priority, and knows the time.
std::unique_ptr<spdlog::formatter> formatter_of(LogFormat format) {
    auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
    formatter->add_flag<PriorityFlag>('*');
    formatter->set_pattern(stderr_goes_to_journal()     ? "%*%v"
                           : format == LogFormat::Plain ? "%Y-%m-%dT%H:%M:%SZ %l: %v"
                                                        : "%v");
    return formatter;
}

std::atomic<LogFormat>& log_format() {
    static std::atomic<LogFormat> format{LogFormat::Plain};
    return format;
}

std::shared_ptr<spdlog::logger> make_logger() {
    auto logger = std::make_shared<spdlog::logger>(
        "ostrakond", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_formatter(formatter_of(LogFormat::Plain));
    logger->flush_on(spdlog::level::trace);
    return logger;
}

spdlog::logger& logger() {
    static const std::shared_ptr<spdlog::logger> instance = make_logger();
    return *instance;
}

template <class Task>
void for_each_line(std::string_view message, Task&& task) {
    while (!message.empty()) {
        const std::size_t end = message.find('\n');
        task(message.substr(0, end));
        message = end == std::string_view::npos ? std::string_view{} : message.substr(end + 1);
    }
}

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view text) noexcept {
    for (const LevelName& entry : kLevels) {
        if (entry.name == text) {
            return entry.level;
        }
    }
    return std::nullopt;
}

void set_log_level(LogLevel level) {
    logger().set_level(entry_of(level).spdlog_level);
}

std::optional<LogFormat> parse_log_format(std::string_view text) noexcept {
    return text == "plain"    ? std::optional{LogFormat::Plain}
           : text == "logfmt" ? std::optional{LogFormat::Logfmt}
           : text == "json"   ? std::optional{LogFormat::Json}
                              : std::nullopt;
}

void set_log_format(LogFormat format) {
    if (log_format().exchange(format) != format) {
        logger().set_formatter(formatter_of(format));
    }
}

void log(LogLevel level, std::string_view message, std::string_view event,
         std::initializer_list<LogField> fields) {
    const auto spdlog_level = entry_of(level).spdlog_level;
    if (!logger().should_log(spdlog_level)) {
        return;
    }
    for_each_line(message, [&](std::string_view line) {
        logger().log(spdlog_level, spdlog::string_view_t(
                                       log_line(log_format(), now(), level, line, event, fields)));
    });
}

void log_start_failure(std::string_view message) {
    if (stderr_goes_to_journal()) {
        log(LogLevel::Error, message);
        return;
    }
    for_each_line(message,
                  [](std::string_view line) { fmt::print(stderr, "ostrakond: {}\n", line); });
}

}  // namespace ostrakon::server
