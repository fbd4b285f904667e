// Settings of the resolvers that stand between mail servers and ostrakond.
#include "client_settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <variant>

namespace ostrakon::tool {
namespace {

std::string address_of(const config::Endpoint& endpoint) {
    return net::to_string(endpoint.address);
}

bool is_loopback(const config::Endpoint& endpoint) {
    if (const auto* const ipv4 = std::get_if<net::Ipv4>(&endpoint.address)) {
        return ipv4->bits >> 24 == 127;
    }
    return std::get<net::Ipv6>(endpoint.address).bits == 1;
}

bool any_is_local(const ClientSite& site) {
    return std::any_of(site.servers.begin(), site.servers.end(), is_loopback);
}

std::string head(const ClientSite& site, std::string_view what, std::string_view command,
                 std::string_view mark) {
    std::string text =
        fmt::format("{0} {1}, made by `ostrakon client-config {2}`.\n", mark, what, command);
    for (const std::string& note : site.notes) {
        text += fmt::format("{} Note: {}.\n", mark, note);
    }
    return text;
}

}  // namespace

std::string unbound_settings(const ClientSite& site) {
    std::string text =
        head(site, "unbound: a file for /etc/unbound/unbound.conf.d", "unbound", "#") + "server:\n";
    if (any_is_local(site)) {
        text += "    do-not-query-localhost: no    # the server is on this machine\n";
    }
    for (const ClientZone& zone : site.zones()) {
        text += fmt::format(
            "    private-domain: \"{0}\"    # its answers lie in 127.0.0.0/8, which "
            "private-address "
            "may take away\n"
            "    domain-insecure: \"{0}\"   # it is not signed\n",
            zone.zone->name);
    }
    for (const ClientZone& zone : site.zones()) {
        text += fmt::format("stub-zone:\n    name: \"{}\"\n", zone.zone->name);
        for (const config::Endpoint& server : site.servers) {
            text += fmt::format("    stub-addr: {}@{}\n", address_of(server), server.port);
        }
    }
    return text;
}

std::string bind_settings(const ClientSite& site) {
    std::string names;
    for (const ClientZone& zone : site.zones()) {
        names += fmt::format(" \"{}\";", zone.zone->name);
    }
    std::string text =
        head(site, "BIND: for /etc/bind/named.conf.local", "bind", "//") +
        fmt::format(
            "// The zones are not signed. Where named validates, say so in options {{ }}:\n"
            "//     validate-except {{{} }};\n",
            names);
    for (const ClientZone& zone : site.zones()) {
        text +=
            fmt::format("zone \"{}\" {{\n    type forward;\n    forward only;\n    forwarders {{",
                        zone.zone->name);
        for (const config::Endpoint& server : site.servers) {
            text += fmt::format(" {} port {};", address_of(server), server.port);
        }
        text += " };\n};\n";
    }
    return text;
}

std::string powerdns_settings(const ClientSite& site) {
    std::vector<std::string> servers, zones;
    for (const config::Endpoint& server : site.servers) {
        servers.push_back(config::to_string(server));
    }
    for (const ClientZone& zone : site.zones()) {
        zones.push_back(fmt::format("{}={}", zone.zone->name, fmt::join(servers, ";")));
    }
    std::string text =
        head(site,
             "PowerDNS recursor: a file for /etc/powerdns/recursor.d, its name ending in .conf",
             "powerdns", "#") +
        "# Where recursor.conf has forward-zones itself, make that += here.\n"
        "# Where it validates (dnssec=validate), say in lua-config-file: addNTA(\"ZONE\"), as the "
        "zones are not signed.\n" +
        fmt::format("forward-zones={}\n", fmt::join(zones, ", "));
    if (any_is_local(site)) {
        text +=
            "# The server is on this machine, which recursors do not ask unless told so.\n"
            "dont-query=\n";
    }
    return text;
}

std::string dnsmasq_settings(const ClientSite& site) {
    std::string text = head(site, "dnsmasq: a file for /etc/dnsmasq.d", "dnsmasq", "#");
    for (const ClientZone& zone : site.zones()) {
        for (const config::Endpoint& server : site.servers) {
            text +=
                fmt::format("server=/{}/{}#{}\n", zone.zone->name, address_of(server), server.port);
        }
        text += fmt::format("rebind-domain-ok=/{}/\n", zone.zone->name);
    }
    return text;
}

}  // namespace ostrakon::tool
