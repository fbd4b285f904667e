// ostrakon.toml as plain data, with its defaults.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/dns/name.hpp"
#include "ostrakon/net/address.hpp"
#include "ostrakon/zone/zone.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::config {

struct DatabaseSettings {
    std::filesystem::path path = "/var/lib/ostrakon";
    std::optional<std::uint64_t>
        size_bytes;  ///< Empty where the file does not say: then the database's own size holds.
};
inline constexpr std::uint64_t kDatabaseSizeDefaultBytes = std::uint64_t{64} << 30;

struct Endpoint {
    net::Address address;
    std::uint16_t port = 0;
    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};
std::string to_string(const Endpoint& endpoint);
/// Reads "127.0.0.1:53" or "[::1]:53"; port 0 is none.
std::optional<Endpoint> parse_endpoint(std::string_view text);

/// Where `ostrakon top` finds the server that runs here.
inline constexpr const char* kDefaultControl = "/run/ostrakon/control";

struct ServerSettings {
    std::vector<Endpoint> listen;
    unsigned threads = 0;  ///< 0: one per CPU.
    std::string user = "ostrakon";
    std::uint16_t udp_payload_bytes = 1232;
    unsigned tcp_connections_max = 1024;
    Duration tcp_idle{10};
    std::string nsid;
    std::string version;
    std::filesystem::path control = kDefaultControl;  ///< A UNIX socket; empty: none.
    bool is_control_named = false;   ///< By the file; else a server can do without it.
    std::string cookie_secret_file;  ///< Absolute; empty: a secret of its own, made at each start.
};

/// Response rate limiting.
struct LimitSettings {
    std::uint32_t responses_per_second = 0;  ///< To one network of clients; 0: off.
    std::uint32_t slip = 2;  ///< Every how many answers above it go out cut off; 0: none.
    bool dry_run = false;    ///< Counts what would be done, and does not do it.
    int ipv4_prefix = 24;
    int ipv6_prefix = 56;
    std::vector<net::AddressRange> exempt;
};

/// Where questions and answers go as dnstap.
struct DnstapTarget {
    std::string path;  ///< Absolute, or empty: off.
    bool is_socket = false;
};

struct LogSettings {
    std::string level = "info";
    std::string queries_file;  ///< Absolute, or empty: off.
    std::string queries_client = "full";
    std::string format = "plain";          ///< Or "logfmt", "json".
    std::string queries_format = "plain";  ///< The same.
    DnstapTarget dnstap;
};

/// What is counted of own listings.
struct HitSettings {
    bool count = true;
    std::filesystem::path file;  ///< Absolute, or empty: "hits" in the database's directory.
};

/// Figures for those who ask over HTTP.
struct MetricsSettings {
    std::optional<Endpoint> listen;  ///< Empty: nobody can.
};

/// [web]: the page behind the link in a bounce.
struct WebSettings {
    std::optional<Endpoint> listen;          ///< Empty: there is none.
    std::string url;                         ///< Without a last slash; empty: none.
    std::vector<net::AddressRange> proxies;  ///< Whose X-Forwarded-For is believed.
    std::string policy_file;         ///< Markdown, absolute; empty: the one that is shipped.
    std::optional<Endpoint> status;  ///< The operator's own page; empty: there is none.
    std::string notify;              ///< Who gets mail about new requests; empty: nobody.
    std::string notify_from;         ///< The sender of that mail; empty: whom it goes to.
    std::string sendmail = "/usr/sbin/sendmail";  ///< What sends it, absolute.
};

/// The maps that are asked, by name; empty: the only one there is.
struct GeoSettings {
    std::vector<std::string> asn, country;
};

struct LifecycleSettings {
    bool first_is_warning = false;
    Duration first{0, true};
    std::vector<Duration> repeat{
        Duration{0, true}};  ///< Strikes 2, 3, …; the last repeats. Never empty.
    Duration repeat_minimum{std::int64_t{365} * 86400};
    bool evidence_to_lift = true;
    /// How old a finding of `diagnose --ban` becomes before it is looked into again; empty: never.
    std::optional<Duration> recheck = Duration{3600};
};

struct DiagnoseSettings {
    std::optional<Endpoint> resolver;  ///< Empty: the system's.
};

struct ProtectSettings {
    std::vector<net::Ipv4Range> never_ipv4;  ///< Sorted, disjoint; "private" spelled out.
    std::vector<net::Ipv6Range> never_ipv6;  ///< Sorted, disjoint.
    std::vector<dns::Name> never_names;      ///< Each with all below it.
    std::vector<std::string> canaries;
    double blast_radius_addresses = 16777216;  ///< 2^24.
};

/// Whether a feed can still be had, and how. Of one that is in no catalogue: Active.
enum class FeedState : std::uint8_t {
    Active,
    Ended,     ///< Its publisher has stopped.
    Merged,    ///< Its entries are in `replaced_by` now.
    NeedsKey,  ///< Free, for those who have registered.
    Paid,      ///< Its address and its key come with a contract.
};

inline constexpr std::uint64_t kFeedSizeDefaultBytes = std::uint64_t{256} << 20;

/// One [[feed]] or file of feeds/, over what the catalogue says of a feed of this name.
struct FeedSettings {
    std::string name;
    std::filesystem::path file;  ///< That has it: ostrakon.toml or one of feeds/.
    std::string listing_class = "upstream";
    std::optional<net::Ipv4> code;
    std::optional<Duration> max_age;
    double max_shrink = 0.30;
    double max_growth = 1.00;
    int max_width_ipv4 = 8;
    int max_width_ipv6 = 16;
    double max_covered = 0.05;  ///< The share of unicast IPv4 space that all entries may cover.
    std::uint64_t min_entries = 1;
    std::string removal;

    std::string url, format;  ///< Without url it is filled by `import` alone; "{key}" in it is a
                              ///< place for the key.
    bool is_map = false;      ///< The format is one of maps.
    Duration every{std::int64_t{12} * 3600};
    Duration every_least{0};  ///< How often its publisher can bear to be asked; 0: not known.
    std::uint64_t size_max = kFeedSizeDefaultBytes;  ///< Bytes, when unpacked.
    std::string key_file;                            ///< Absolute, or empty.
    std::string key_header;  ///< The HTTP header that takes the key; empty: none does.
    std::string ca_file;     ///< Absolute; empty: the system's authorities.

    std::string title, homepage;
    std::string terms;  ///< In words; empty: nothing is known of them.
    std::string terms_url, attribution, note;
    bool may_be_redistributed = false;
    FeedState state = FeedState::Active;
    std::string replaced_by;
};

/// [catalog]: a zone that lists the zones, for secondaries (RFC 9432).
struct CatalogSettings {
    dns::Name origin;
    zone::Secondaries secondaries;
    std::uint32_t line = 0;  ///< Where the file names the origin.
};

struct Settings {
    std::filesystem::path file;  ///< Empty where there is none and the defaults hold.
    DatabaseSettings database;
    ServerSettings server;
    std::map<std::string, net::Ipv4> classes;  ///< [classes]: the site's own.
    LimitSettings limits;
    MetricsSettings metrics;
    LogSettings log;
    HitSettings hits;
    std::filesystem::path zones_directory;  ///< Absolute; empty where there is no file.
    std::filesystem::path feeds_directory;  ///< Absolute; empty where there is no file.
    GeoSettings geo;
    LifecycleSettings lifecycle;
    DiagnoseSettings diagnose;
    ProtectSettings protect;
    std::vector<FeedSettings> feeds;
    std::string feeds_contact;  ///< Whom publishers can write to; empty: not said.
    WebSettings web;
    std::vector<zone::SignatureKey> tsig_keys;  ///< That all zones may name.
    std::optional<CatalogSettings> catalog;
    std::vector<std::string>
        warnings;  ///< What is not wrong but should be known, each with file:line.
};

/// Where hits of listings are kept.
std::filesystem::path hit_file(const Settings& settings);

/// The [protect] never = ["private"] ranges.
ProtectSettings private_ranges();

/// Where the configuration lies when --config does not say.
inline constexpr const char* kDefaultFile = "/etc/ostrakon/ostrakon.toml";

/// Reads ostrakon.toml and feeds/*.toml. Every mistake is in the error, a line each:
/// "file:line:column: what was read, what was expected".
Result<Settings> read_settings(const std::filesystem::path& file);

/// The settings that hold where there is no file: everything at its default.
Settings default_settings();

/// What the zone files say, all of them or none.
struct Zones {
    std::vector<zone::Zone> zones;
    std::vector<std::string> warnings;
};

/// The zone that stands in for those of a site that has none: everything at its default, called
/// "default". It has no name server; nothing but `why` asks it.
zone::Zone default_zone();

/// Reads every *.toml of settings.zones_directory, in the order of their names. Every mistake is in
/// the error, a line each.
Result<Zones> read_zones(const Settings& settings);

}  // namespace ostrakon::config
