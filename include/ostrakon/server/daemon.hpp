// The server as a whole: from start to end, and through every change in between.
#pragma once

#include <filesystem>

namespace ostrakon::server {

/// Serves until SIGTERM or SIGINT and returns the exit status: 0, or 1 when it could not start,
/// which it has then said in one line on stderr.
int run_daemon(const std::filesystem::path& configuration);

/// Reads configuration, zones and database as a start would, says what is wrong, and returns the
/// exit status: 0, or 1 if anything is. Warnings do not count. Changes nothing, binds nothing.
int check_configuration(const std::filesystem::path& configuration);

}  // namespace ostrakon::server
