// What the daemon needs to know of itself.
#include "sections.hpp"

#include "ostrakon/base/printable.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::config {
namespace {

constexpr std::uint64_t kDatabaseSizeMinBytes = std::uint64_t{1} << 20;
constexpr std::uint64_t kDatabaseSizeMaxBytes = std::uint64_t{1}
                                                << 46;  // half of what a process can map
constexpr std::int64_t kListenersMax = 64;
constexpr std::int64_t kThreadsMax = 256;
constexpr std::int64_t kUdpPayloadMin = 512;  // RFC 6891 §6.2.3
constexpr std::int64_t kUdpPayloadMax = 4096;
constexpr std::int64_t kTcpConnectionsMax = 65535;
constexpr std::int64_t kTcpIdleMaxSeconds = 3600;
constexpr std::size_t kNsidSizeMax = 128;
constexpr std::size_t kUserSizeMax = 32;
constexpr std::size_t kSocketPathSizeMax = 107;  // of sockaddr_un
constexpr std::int64_t kResponsesPerSecondMax = 1'000'000;
constexpr std::int64_t kSlipMax = 10;
constexpr std::size_t kClassesMax = 1000;

bool is_built_in_word(std::string_view name) {
    return name == zone::kOwnSource || zone::built_in_code(name) || zone::is_built_in_source(name);
}

Spelled<std::optional<Endpoint>> spelled_endpoint_or_nothing(std::string_view text) {
    if (text.empty()) {
        return std::optional<Endpoint>{};
    }
    return spelled_endpoint(text).map(
        [](const Endpoint& endpoint) { return std::optional{endpoint}; });
}

template <class Path>
void read_file_path(Section& section, std::string_view key, const std::filesystem::path& directory,
                    Path& path) {
    std::string word;
    section.value(key, word, SpelledText{kPathSizeMax});
    if (!word.empty()) {
        path = (directory / word).lexically_normal().native();
    }
}

Spelled<std::string> spelled_user(std::string_view text) {
    const bool is_plain = std::all_of(text.begin(), text.end(),
                                      [](char c) { return c > ' ' && c < 0x7F && c != ':'; });
    if (text.empty() || text.size() > kUserSizeMax || !is_plain) {
        return Unexpected{std::string{"the name of a user, as in \"ostrakon\""}};
    }
    return std::string{text};
}

// A file, or "unix:" and a socket that somebody listens on.
struct SpelledDnstap {
    const std::filesystem::path& directory;

    Spelled<DnstapTarget> operator()(std::string_view text) const {
        constexpr std::string_view kUnix = "unix:";
        const bool is_socket = text.substr(0, kUnix.size()) == kUnix;
        const auto path = SpelledText{kPathSizeMax}(is_socket ? text.substr(kUnix.size()) : text);
        if (!path) {
            return Unexpected{path.error()};
        }
        if (path->empty() && !is_socket) {
            return DnstapTarget{};
        }
        DnstapTarget target{(directory / *path).lexically_normal().string(), is_socket};
        if (path->empty() || (is_socket && target.path.size() > kSocketPathSizeMax)) {
            return Unexpected{
                fmt::format("a file, or \"unix:\" and the path of a socket, of at most {} bytes",
                            kSocketPathSizeMax)};
        }
        return target;
    }
};

void read_control(Section& section, const std::filesystem::path& directory,
                  ServerSettings& server) {
    const Value* const found = section.find("control", {Kind::Text});
    if (found == nullptr) {
        return;
    }
    server.is_control_named = !found->text.empty();
    server.control = found->text.empty() ? std::filesystem::path{}
                                         : (directory / found->text).lexically_normal();
    if (server.control.native().size() > kSocketPathSizeMax) {
        section.mistake(
            "control", *found,
            fmt::format("a path of at most {} bytes, as those of sockets are", kSocketPathSizeMax));
    }
}

void read_geo_maps(Section& section, std::string_view key, std::vector<std::string>& maps) {
    const Value* found = section.find(key, {Kind::Text, Kind::List});
    if (found == nullptr) {
        return;
    }
    if (found->kind == Kind::List) {
        section.items(key, *found, maps, {0, kListenersMax}, spelled_identifier);
    } else if (!found->text.empty()) {
        maps.emplace_back();
        section.value(key, maps.front(), spelled_identifier);
    }
}

}  // namespace

std::string to_string(const Endpoint& endpoint) {
    const bool is_ipv6 = std::holds_alternative<net::Ipv6>(endpoint.address);
    return fmt::format("{}{}{}:{}", is_ipv6 ? "[" : "", net::to_string(endpoint.address),
                       is_ipv6 ? "]" : "", endpoint.port);
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
    const auto endpoint = spelled_endpoint(text);
    return endpoint && endpoint->port != 0 ? std::optional{*endpoint} : std::nullopt;
}

Spelled<std::filesystem::path> SpelledPath::operator()(std::string_view text) const {
    const auto plain = SpelledText{kPathSizeMax, 1}(text);
    if (!plain) {
        return Unexpected{std::string{"a path"}};
    }
    return (directory / *plain).lexically_normal();
}

void read_database(Section section, const std::filesystem::path& directory,
                   DatabaseSettings& database) {
    section.value("path", database.path, SpelledPath{directory});
    if (const Value* size = section.find("size", {Kind::Text})) {
        const auto bytes = spelled_size(size->text);
        if (!bytes) {
            section.mistake("size", *size, bytes.error());
        } else if (*bytes < kDatabaseSizeMinBytes || *bytes > kDatabaseSizeMaxBytes) {
            section.mistake("size", *size, "a size from 1MiB to 64TiB");
        } else {
            database.size_bytes = *bytes;
        }
    }
    section.finish();
}

void read_server(Section section, const std::filesystem::path& directory, ServerSettings& server) {
    section.list("listen", server.listen, {1, kListenersMax}, spelled_endpoint);
    for (auto endpoint = server.listen.begin(); endpoint != server.listen.end(); ++endpoint) {
        if (endpoint->port != 0 &&
            std::find(server.listen.begin(), endpoint, *endpoint) != endpoint) {
            section.mistake_at(section.at_key("listen"),
                               fmt::format("[server] listen: {} stands twice, expected it once",
                                           to_string(*endpoint)));
        }
    }
    Duration tcp_idle = server.tcp_idle;
    section.integer("threads", server.threads, {0, kThreadsMax});
    section.value("user", server.user, spelled_user);
    section.integer("udp_payload", server.udp_payload_bytes, {kUdpPayloadMin, kUdpPayloadMax});
    section.integer("tcp_connections", server.tcp_connections_max, {1, kTcpConnectionsMax});
    section.value("tcp_idle", tcp_idle, SpelledDuration{1, kTcpIdleMaxSeconds});
    section.value("nsid", server.nsid, SpelledText{kNsidSizeMax});
    section.value("version", server.version, SpelledText{kTextSizeMax});
    std::string cookie_secret_file;
    section.value("cookie_secret_file", cookie_secret_file, SpelledText{kPathSizeMax});
    if (!cookie_secret_file.empty()) {
        server.cookie_secret_file = (directory / cookie_secret_file).lexically_normal().string();
    }
    server.tcp_idle = tcp_idle;
    read_control(section, directory, server);
    section.finish();
}

void read_classes(Section section, Settings& settings) {
    const auto& entries = section.own_words();
    if (entries.size() > kClassesMax) {
        section.mistake_at(section.at(),
                           fmt::format("[classes]: read {} classes, expected at most {}",
                                       entries.size(), kClassesMax));
        return;
    }
    for (const Entry& entry : entries) {
        net::Ipv4 code;
        section.own_value(entry, code, spelled_code);
        if (const auto name = spelled_identifier(entry.key); !name) {
            section.mistake_at(entry.at,
                               fmt::format("[classes]: read a class \"{}\", expected {}",
                                           printable(entry.key, kTextSizeMax), name.error()));
        } else if (is_built_in_word(entry.key)) {
            section.mistake_at(
                entry.at,
                fmt::format(
                    "[classes]: \"{}\" is built in, expected another name (a zone's [codes] "
                    "gives a built-in class another code)",
                    entry.key));
        } else {
            settings.classes[entry.key] = code;
        }
    }
}

void read_limits(Section section, LimitSettings& limits) {
    section.integer("responses_per_second", limits.responses_per_second,
                    {0, kResponsesPerSecondMax});
    section.integer("slip", limits.slip, {0, kSlipMax});
    section.boolean("dry_run", limits.dry_run);
    section.integer("ipv4_prefix", limits.ipv4_prefix, {0, net::Ipv4::kWidth});
    section.integer("ipv6_prefix", limits.ipv6_prefix, {0, net::Ipv6::kWidth});
    section.list("exempt", limits.exempt, {0, kListSizeMax}, spelled_range);
    section.finish();
}

void read_metrics(Section section, MetricsSettings& metrics) {
    section.value("listen", metrics.listen, spelled_endpoint_or_nothing);
    section.finish();
}

void read_web(Section section, const std::filesystem::path& directory, WebSettings& web) {
    section.value("listen", web.listen, spelled_endpoint_or_nothing);
    section.value("url", web.url, spelled_web_address);
    section.list("proxies", web.proxies, {0, kListSizeMax}, spelled_range);
    read_file_path(section, "policy", directory, web.policy_file);
    section.value("status", web.status, spelled_endpoint_or_nothing);
    section.value("notify", web.notify, spelled_mail_address_or_nothing);
    section.value("notify_from", web.notify_from, spelled_mail_address_or_nothing);
    read_file_path(section, "sendmail", directory, web.sendmail);
    section.finish();
}

void read_log(Section section, const std::filesystem::path& directory, LogSettings& log) {
    section.value("level", log.level, SpelledWord{{"trace", "debug", "info", "warn", "error"}});
    read_file_path(section, "queries", directory, log.queries_file);
    section.value("queries_client", log.queries_client, SpelledWord{{"full", "network", "none"}});
    section.value("format", log.format, SpelledWord{{"plain", "logfmt", "json"}});
    section.value("queries_format", log.queries_format, SpelledWord{{"plain", "logfmt", "json"}});
    section.value("dnstap", log.dnstap, SpelledDnstap{directory});
    section.finish();
}

void read_hits(Section section, const std::filesystem::path& directory, HitSettings& hits) {
    section.boolean("count", hits.count);
    read_file_path(section, "file", directory, hits.file);
    section.finish();
}

void read_geo(Section section, GeoSettings& geo) {
    read_geo_maps(section, "asn", geo.asn);
    read_geo_maps(section, "country", geo.country);
    section.finish();
}

void read_diagnose(Section section, DiagnoseSettings& diagnose) {
    section.value("resolver", diagnose.resolver,
                  [](std::string_view text) -> Spelled<std::optional<Endpoint>> {
                      if (text.empty()) {
                          return std::optional<Endpoint>{};
                      }
                      const auto resolver = parse_endpoint(text);
                      if (!resolver) {
                          return Unexpected{std::string{
                              "an address and a port, as in \"127.0.0.1:53\" or \"[::1]:53\""}};
                      }
                      return resolver;
                  });
    section.finish();
}

}  // namespace ostrakon::config
