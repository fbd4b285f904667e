// What the server tells its operator while it runs: lines on stderr, with priorities where journald
// reads them.
//
// Never called for a single query.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ostrakon::server {

enum class LogLevel : std::uint8_t { Trace, Debug, Info, Warn, Error };

/// Reads "trace", "debug", "info", "warn" or "error".
std::optional<LogLevel> parse_log_level(std::string_view text) noexcept;

/// Leaves out what is below this level. Info holds until it is called.
void set_log_level(LogLevel level);

/// Writes a message, each of its lines as one. Any thread.
void log(LogLevel level, std::string_view message);

/// Tells why the server does not start: on a terminal without a time, as any program would.
void log_start_failure(std::string_view message);

}  // namespace ostrakon::server
