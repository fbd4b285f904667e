// The program around the site: configuration, sockets, privileges, signals.
#pragma once

#include <filesystem>

namespace ostrakon::web {

/// Serves until SIGTERM or SIGINT; SIGHUP reads configuration, zones and texts again, all or
/// nothing. With `only_check` it says what is wrong and ends. The exit status: 0, or 1 with a
/// message on standard error.
int run_program(const std::filesystem::path& configuration, bool only_check);

}  // namespace ostrakon::web
