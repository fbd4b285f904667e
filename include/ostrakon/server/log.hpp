// What the server tells its operator while it runs: lines on stderr, with priorities where journald
// reads them.
//
// Never called for a single query.
#pragma once

#include "ostrakon/base/time.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace ostrakon::server {

enum class LogLevel : std::uint8_t { Trace, Debug, Info, Warn, Error };

/// Reads "trace", "debug", "info", "warn" or "error".
std::optional<LogLevel> parse_log_level(std::string_view text) noexcept;

/// Leaves out what is below this level. Info holds until it is called.
void set_log_level(LogLevel level);

/// How a line is spelled: as people read it, or as programs do, with its fields.
enum class LogFormat : std::uint8_t { Plain, Logfmt, Json };

/// Reads "plain", "logfmt" or "json".
std::optional<LogFormat> parse_log_format(std::string_view text) noexcept;

/// Spells lines like this from now on. Plain holds until it is called.
void set_log_format(LogFormat format);

/// What a line is about, for programs. The message says the same in words: Plain leaves it out.
struct LogField {
    std::string_view name;
    std::string_view value;
};

/// Writes a message, each of its lines as one. `event` says in a word what has happened; empty:
/// nothing that a program waits for. Any thread.
void log(LogLevel level, std::string_view message, std::string_view event = {},
         std::initializer_list<LogField> fields = {});

/// The line of one message without its end; time, level and priority are for whoever writes it
/// where the format is Plain.
std::string log_line(LogFormat format, UnixTime at, LogLevel level, std::string_view message,
                     std::string_view event, std::initializer_list<LogField> fields);

/// Adds name=value as logfmt has it: what is no plain word stands in quotes, escaped.
void append_logfmt(std::string& line, std::string_view name, std::string_view value);
/// Adds "value" as JSON has it, whatever bytes it has.
void append_json_text(std::string& line, std::string_view value);

/// Tells why the server does not start: on a terminal without a time, as any program would.
void log_start_failure(std::string_view message);

}  // namespace ostrakon::server
