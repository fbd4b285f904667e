// What every NSD of a test has in its configuration, before keys and zones.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace ostrakon::test {

/// It keeps all of its files in `directory`.
inline std::string nsd_settings(const std::string& directory, std::uint16_t port) {
    return fmt::format(R"(
server:
    ip-address: 127.0.0.1@{1}
    server-count: 1
    username: ""
    zonesdir: "{0}"
    database: ""
    pidfile: "{0}/nsd.pid"
    xfrdfile: "{0}/xfrd.state"
    xfrdir: "{0}"
    zonelistfile: "{0}/zone.list"
    xfrd-reload-timeout: 0
    verbosity: 2
remote-control:
    control-enable: no
)",
                       directory, port);
}

}  // namespace ostrakon::test
