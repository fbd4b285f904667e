// A line as syslog writes it: when, and which program said what.
#pragma once

#include "ostrakon/base/time.hpp"

#include <optional>
#include <string_view>

namespace ostrakon::feed {

/// Borrowed from the line.
struct SyslogLine {
    UnixTime at;
    std::string_view program;  ///< "postfix/smtpd", without its number.
    std::string_view text;     ///< What stands behind it.
};

/// Reads "Nov 22 03:00:00 host program[123]: text" and the same with an RFC 3339 time. The first
/// has no year and is of the local time zone: it is taken for the latest that lies before `now`.
std::optional<SyslogLine> parse_syslog_line(std::string_view line, UnixTime now);

}  // namespace ostrakon::feed
