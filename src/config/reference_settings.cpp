// ostrakon.toml in words.
#include "ostrakon/config/reference.hpp"
#include "reference_tables.hpp"

#include <array>

namespace ostrakon::config {
namespace {

constexpr auto kDatabaseKeys = std::to_array<KeyReference>({
    {"path", "a directory", R"("/var/lib/ostrakon")", "", "Where the database lies."},
    {"size", "a size", R"("64GiB")", "",
     "What the database may grow to, from 1MiB to 64TiB. It reserves address space, nothing on the "
     "disk."},
});

constexpr auto kServerKeys = std::to_array<KeyReference>({
    {"listen", "a list of addresses with ports", R"(["127.0.0.1:5353", "[::1]:5353"])", "",
     "Where questions are taken, over UDP and TCP. On a machine without IPv6 its addresses are "
     "left "
     "out with a warning, if another remains."},
    {"threads", "a number", "0", "", "How many answer; 0: one for each CPU."},
    {"user", "a user", R"("ostrakon")", "",
     "Whom ostrakond becomes when it was started as root. Who wants root writes it out."},
    {"udp_payload", "a number of bytes", "1232", "",
     "The largest answer over UDP, from 512 to 4096."},
    {"tcp_connections", "a number", "1024", "", "How many there may be at once over TCP."},
    {"tcp_idle", "a duration", R"("10s")", "",
     "How long a TCP connection may say nothing, up to an hour."},
    {"nsid", "a text", R"("")", R"("ns1")",
     "What this server is called among several (RFC 5001); also the answer to id.server and "
     "hostname.bind CH TXT. Empty: refused."},
    {"version", "a text", R"("")", R"("ostrakon")",
     "The answer to version.bind CH TXT. Empty: refused."},
    {"cookie_secret_file", "a file", R"("")", R"("cookie-secret")",
     "Holds the secret of DNS cookies (RFC 7873), which servers behind one address share: 32 "
     "hexadecimal digits, and a second line for a secret that is believed only. Empty: a secret of "
     "its own, made at each start."},
    {"control", "a file", R"("/run/ostrakon/control")", "",
     "A socket on which the running server tells `ostrakon top` its figures. Empty: none."},
});

constexpr auto kClassesKeys = std::to_array<KeyReference>({
    {"CLASS", "an address in 127.0.0.0/8", "", R"("127.0.0.7")",
     "A class of the site's own, and the code that answers for it."},
});

constexpr auto kLimitsKeys = std::to_array<KeyReference>({
    {"responses_per_second", "a number", "0", "200",
     "How many answers one network of clients gets a second over UDP; 0: no limit."},
    {"slip", "a number", "2", "",
     "Every how many answers above the limit one goes out cut off, so that a real client comes "
     "back "
     "over TCP; 0: none."},
    {"dry_run", "true or false", "false", "true", "Count what would be dropped, and drop nothing."},
    {"ipv4_prefix", "a number", "24", "", "What one network is in IPv4."},
    {"ipv6_prefix", "a number", "56", "", "What one network is in IPv6."},
    {"exempt", "a list of prefixes", R"(["127.0.0.0/8", "::1"])", "", "Who has no limit."},
});

constexpr auto kMetricsKeys = std::to_array<KeyReference>({
    {"listen", "an address with a port", R"("")", R"("127.0.0.1:9153")",
     "Where the figures of the server can be fetched, as Prometheus reads them, on /metrics. "
     "Empty: "
     "nowhere."},
});

constexpr auto kWebKeys = std::to_array<KeyReference>({
    {"listen", "an address with a port", R"("")", R"("127.0.0.1:8053")",
     "Where the page behind the link in a bounce is served. Empty: nowhere."},
    {"url", "an address of the web", R"("")", R"("https://bl.example.org")",
     "The public address of that page. {url} in a zone's texts is made of it."},
    {"proxies", "a list of prefixes", R"(["127.0.0.0/8", "::1"])", "",
     "Proxies before the page: who they say in X-Forwarded-For that they ask for is believed."},
    {"policy", "a file", R"("")", R"("/etc/ostrakon/policy.md")",
     "The organisation's policy, in Markdown, for that page. Empty: the one that comes with it."},
    {"status", "an address with a port", R"("")", R"("127.0.0.1:8054")",
     "Where the operator's page is served, which shows everything to who can reach it. Empty: "
     "nowhere."},
    {"notify", "a mail address", R"("")", R"("postmaster@example.org")",
     "Who gets mail about new requests, by `ostrakon request notify`. Empty: nobody."},
    {"notify_from", "a mail address", R"("")", R"("ostrakon@example.org")",
     "The sender of that mail. Empty: whom it goes to."},
    {"sendmail", "a file", R"("/usr/sbin/sendmail")", "", "The program that sends it."},
});

constexpr auto kLogKeys = std::to_array<KeyReference>({
    {"level", "a word", R"("info")", "", "How much is told: trace, debug, info, warn or error."},
    {"queries", "a file", R"("")", R"("/var/log/ostrakon/queries.log")",
     "Takes a line for each question: time, client, name, type, rcode, codes, partner. Empty: none "
     "is written."},
    {"queries_client", "a word", R"("full")", R"("network")",
     "What that line says of the client: full, network (its /24 or /56) or none."},
    {"queries_format", "a word", R"("plain")", R"("json")",
     "How that line is spelled: plain, logfmt or json."},
    {"format", "a word", R"("plain")", R"("logfmt")",
     "How the server's own messages are spelled: plain, logfmt or json."},
    {"dnstap", "a file, or unix: and a socket", R"("")", R"("unix:/run/dnstap.sock")",
     "Takes questions and answers as dnstap. Empty: none are written."},
});

constexpr auto kHitsKeys = std::to_array<KeyReference>({
    {"count", "true or false", "true", "false",
     "Count how often each own listing answers, for `ostrakon list --sort hits` and --unused."},
    {"file", "a file", R"("")", R"("/var/lib/ostrakon-hits/hits")",
     "Keeps the counts. Its directory must be one that [server] user may write to. Empty: hits, in "
     "the directory of the database."},
});

constexpr auto kZonesKeys = std::to_array<KeyReference>({
    {"directory", "a directory", R"("zones")", "",
     "Its files NAME.toml are the zones, as ostrakon-zone(5) says."},
});

constexpr auto kGeoKeys = std::to_array<KeyReference>({
    {"asn", "a name, or a list of names", R"("")", R"(["ripencc", "arin"])",
     "The map, by its --source or feed name, that says which addresses an AS covers. A list is one "
     "map: the first that knows an address counts. Empty: the only one there is."},
    {"country", "a name, or a list of names", R"("")", R"("ripencc")", "The same for countries."},
});

constexpr auto kLifecycleKeys = std::to_array<KeyReference>({
    {"first", "a duration, or warn", R"("forever")", R"("30d")",
     "How long the first ban of a subject stands where the command does not say. \"warn\": it is "
     "recorded as strike 1 and not served, and the next ban is strike 2."},
    {"repeat", "a duration, or a list of them", R"("forever")", R"(["30d", "forever"])",
     "How long later ones stand. A list is for strikes 2, 3 and so on, of which the last repeats."},
    {"repeat_minimum", "a duration", R"("1y")", "",
     "A repeated ban cannot be lifted sooner. Running out is no lift."},
    {"evidence_to_lift", "true or false", "true", "",
     "Lifting a ban needs --evidence; lifting an allow never does."},
    {"recheck", "a duration", R"("1h")", "",
     "How old a finding of `ostrakon diagnose --ban` becomes before `ostrakon expire` looks again. "
     "Empty: never."},
});

constexpr auto kDiagnoseKeys = std::to_array<KeyReference>({
    {"resolver", "an address with a port", R"("")", R"("127.0.0.1:53")",
     "Who is asked by `ostrakon diagnose` without --resolver and when its findings are looked into "
     "again. Empty: the system's."},
});

constexpr auto kProtectKeys = std::to_array<KeyReference>({
    {"never", "a list of prefixes and domains", R"(["private"])",
     R"(["private", "198.51.100.0/24", "example.org"])",
     "What cannot be listed by accident. A ban wholly inside is refused without --override; of a "
     "wider ban or a feed this part stays unlisted. \"private\" stands for 0/8, 10/8, 100.64/10, "
     "127/8, 169.254/16, 172.16/12, 192.168/16, 224/3, ::/127, fc00::/7, fe80::/10 and ff00::/8."},
    {"canaries", "a list of addresses, domains and mail addresses", "[]", R"(["192.0.2.25"])",
     "A feed that would list one of these is held."},
    {"blast_radius", "a number, or 2^N", R"("2^24 addresses")", "",
     "An own change that covers more addresses needs --yes. An IPv6 /64 counts as one. A public "
     "suffix, a single label, and a pattern without two literal labels at its end always need it."},
});

constexpr auto kFeedsKeys = std::to_array<KeyReference>({
    {"directory", "a directory", R"("feeds")", "",
     "Its files NAME.toml are feeds, one each, as ostrakon-feed(5) says."},
    {"contact", "a mail address or an address of the web", R"("")", R"("abuse@example.org")",
     "Is told to publishers with each request, so that they can write before they shut somebody "
     "out."},
});

constexpr auto kCatalogKeys = std::to_array<KeyReference>({
    {"origin", "a name", "", R"("catalog.example.org")",
     "What it is called; outside of all zones."},
    {"transfer", "a list", "[]", R"(["192.0.2.53"])", "Who may have it, as in a zone's [access]."},
    {"notify", "a list", "[]", R"(["192.0.2.53"])",
     "Who is told of changes, as in a zone's [access]."},
});

constexpr auto kSettingsTables = std::to_array<TableReference>({
    {"database", TableForm::Once, "The database, which both programs share.", kDatabaseKeys},
    {"server", TableForm::Once, "", kServerKeys},
    {"classes", TableForm::OwnWords,
     "Classes besides ip, isp, domain, country, dynamic, misconfigured, email, upstream and allow.",
     kClassesKeys},
    {"limits", TableForm::Once,
     "What one network of clients may have over UDP, for servers that are open to others. Whoever "
     "shows a cookie of this server has no limit.",
     kLimitsKeys},
    {"metrics", TableForm::Once, "", kMetricsKeys},
    {"web", TableForm::Once, "", kWebKeys},
    {"log", TableForm::Once, "", kLogKeys},
    {"hits", TableForm::Once, "", kHitsKeys},
    {"zones", TableForm::Once, "", kZonesKeys},
    {"geo", TableForm::Once, "Which maps say what AS numbers and countries cover.", kGeoKeys},
    {"lifecycle", TableForm::Once,
     "What a ban costs and what lifts it. Strikes count for each subject and class.",
     kLifecycleKeys},
    {"diagnose", TableForm::Once, "", kDiagnoseKeys},
    {"protect", TableForm::Once, "", kProtectKeys},
    {"feeds", TableForm::Once, "", kFeedsKeys},
    {"feed", TableForm::Repeated,
     "A feed; its keys are those of a file in feeds/, which ostrakon-feed(5) explains.", kFeedKeys},
    {"tsig", TableForm::Repeated, kTsigMeaning, kTsigKeys},
    {"catalog", TableForm::Once,
     "A zone that lists all zones, by which secondaries configure themselves (RFC 9432).",
     kCatalogKeys},
});

}  // namespace

std::span<const TableReference> settings_reference() {
    return kSettingsTables;
}

}  // namespace ostrakon::config
