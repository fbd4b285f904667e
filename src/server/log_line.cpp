#include "ostrakon/server/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace ostrakon::server {
namespace {

std::string_view name_of(LogLevel level) {
    switch (level) {
        case LogLevel::Trace:
            return "trace";
        case LogLevel::Debug:
            return "debug";
        case LogLevel::Info:
            return "info";
        case LogLevel::Warn:
            return "warn";
        case LogLevel::Error:
            break;
    }
    return "error";
}

bool is_plain_word(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c < 0x7F && c != '"' && c != '=' && c != '\\';
    });
}

// How many bytes the UTF-8 character at the beginning of `text` has; 0: there is none.
std::size_t utf8_size(std::string_view text) {
    const auto byte = [text](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
    const std::size_t size = byte(0) < 0x80   ? 1
                             : byte(0) < 0xC2 ? 0
                             : byte(0) < 0xE0 ? 2
                             : byte(0) < 0xF0 ? 3
                             : byte(0) < 0xF5 ? 4
                                              : 0;
    if (size == 0 || size > text.size()) {
        return 0;
    }
    for (std::size_t at = 1; at < size; ++at) {
        if ((byte(at) & 0xC0) != 0x80) {
            return 0;
        }
    }
    const bool is_overlong =
        (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xF0 && byte(1) < 0x90);
    const bool is_no_character =
        (byte(0) == 0xED && byte(1) >= 0xA0) || (byte(0) == 0xF4 && byte(1) >= 0x90);
    return is_overlong || is_no_character ? 0 : size;
}

std::string logfmt_line(UnixTime at, LogLevel level, std::string_view message,
                        std::string_view event, std::initializer_list<LogField> fields) {
    std::string line;
    append_logfmt(line, "time", to_string(at));
    append_logfmt(line, "level", name_of(level));
    if (!event.empty()) {
        append_logfmt(line, "event", event);
    }
    for (const LogField& field : fields) {
        append_logfmt(line, field.name, field.value);
    }
    append_logfmt(line, "msg", message);
    return line;
}

std::string json_line(UnixTime at, LogLevel level, std::string_view message, std::string_view event,
                      std::initializer_list<LogField> fields) {
    std::string line{"{"};
    const auto add = [&line](std::string_view name, std::string_view value) {
        line += line.size() > 1 ? "," : "";
        append_json_text(line, name);
        line += ':';
        append_json_text(line, value);
    };
    add("time", to_string(at));
    add("level", name_of(level));
    if (!event.empty()) {
        add("event", event);
    }
    for (const LogField& field : fields) {
        add(field.name, field.value);
    }
    add("msg", message);
    return line + "}";
}

}  // namespace

void append_json_text(std::string& line, std::string_view value) {
    line += '"';
    while (!value.empty()) {
        const char c = value.front();
        const std::size_t size = utf8_size(value);
        if (size == 0) {
            line += "\\ufffd";
        } else if (c == '"' || c == '\\') {
            line += '\\';
            line += c;
        } else if (static_cast<std::uint8_t>(c) < ' ' || c == 0x7F) {
            fmt::format_to(std::back_inserter(line), "\\u{:04x}", static_cast<unsigned>(c));
        } else {
            line += value.substr(0, size);
        }
        value.remove_prefix(std::max<std::size_t>(size, 1));
    }
    line += '"';
}

void append_logfmt(std::string& line, std::string_view name, std::string_view value) {
    line += line.empty() ? "" : " ";
    line += name;
    line += '=';
    if (is_plain_word(value)) {
        line += value;
    } else {
        append_json_text(line, value);
    }
}

std::string log_line(LogFormat format, UnixTime at, LogLevel level, std::string_view message,
                     std::string_view event, std::initializer_list<LogField> fields) {
    switch (format) {
        case LogFormat::Logfmt:
            return logfmt_line(at, level, message, event, fields);
        case LogFormat::Json:
            return json_line(at, level, message, event, fields);
        case LogFormat::Plain:
            break;
    }
    return std::string{message};
}

}  // namespace ostrakon::server
