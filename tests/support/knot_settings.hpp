// What every Knot DNS of a test has in its configuration, before keys and zones.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace ostrakon::test {

/// It keeps all of its files in `directory`, whose name has no blanks: the configuration knows
/// none.
inline std::string knot_settings(const std::string& directory, std::uint16_t port) {
    return fmt::format(R"(
server:
    rundir: "{0}"
    listen: 127.0.0.1@{1}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: info
database:
    storage: "{0}"
template:
  - id: default
    storage: "{0}"
    zonefile-sync: -1
    journal-content: none
)",
                       directory, port);
}

}  // namespace ostrakon::test
