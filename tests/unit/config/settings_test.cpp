// ostrakon.toml: its defaults, its values, and how mistakes in it are told.
#include "unit/config/site.hpp"

#include <gmock/gmock.h>

namespace ostrakon::config {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr Duration kForever{0, true};

Settings read(std::string_view text) {
    auto outcome = Site{text}.settings();
    EXPECT_THAT(outcome.mistakes, IsEmpty()) << text;
    return outcome.value.value_or(Settings{});
}

TEST(Settings, AreTheDocumentedDefaultsForAnEmptyFile) {
    const Site site;
    const auto outcome = site.settings();
    ASSERT_TRUE(outcome.value);
    const Settings& settings = *outcome.value;
    EXPECT_THAT(outcome.warnings, IsEmpty());
    EXPECT_EQ(settings.file, site.path() / "ostrakon.toml");
    EXPECT_EQ(settings.database.path, "/var/lib/ostrakon");
    EXPECT_FALSE(settings.database.size_bytes);
    ASSERT_THAT(settings.server.listen, SizeIs(2));
    EXPECT_EQ(to_string(settings.server.listen[0]), "127.0.0.1:5353");
    EXPECT_EQ(to_string(settings.server.listen[1]), "[::1]:5353");
    EXPECT_EQ(settings.server.threads, 0U);
    EXPECT_EQ(settings.server.user, "ostrakon");
    EXPECT_EQ(settings.server.udp_payload_bytes, 1232);
    EXPECT_EQ(settings.server.tcp_connections_max, 1024U);
    EXPECT_EQ(settings.server.tcp_idle, Duration{10});
    EXPECT_EQ(settings.server.nsid, "");
    EXPECT_EQ(settings.server.version, "");
    EXPECT_THAT(settings.classes, IsEmpty());
    EXPECT_EQ(settings.server.cookie_secret_file, "");
    EXPECT_EQ(settings.limits.responses_per_second, 0U);
    EXPECT_FALSE(settings.limits.dry_run);
    EXPECT_EQ(settings.log.level, "info");
    EXPECT_EQ(settings.zones_directory, site.path() / "zones");
    EXPECT_EQ(settings.feeds_directory, site.path() / "feeds");
    EXPECT_FALSE(settings.lifecycle.first_is_warning);
    EXPECT_EQ(settings.lifecycle.first, kForever);
    EXPECT_THAT(settings.lifecycle.repeat, ElementsAre(kForever));
    EXPECT_EQ(settings.lifecycle.repeat_minimum, Duration{365 * 86400});
    EXPECT_TRUE(settings.lifecycle.evidence_to_lift);
    EXPECT_EQ(settings.protect.blast_radius_addresses, 16777216.0);
    EXPECT_EQ(settings.web.url, "");
}

TEST(Settings, AreReadFromEveryKey) {
    const Settings settings = read(R"(
[database]
path = "db"
size = "2GiB"
[server]
listen = ["0.0.0.0:53", "[2001:db8::1]:53", "[::ffff:192.0.2.1]:0"]
threads = 4
user = "root"
udp_payload = 1400
tcp_connections = 10
tcp_idle = "1m"
nsid = "ns1"
version = "secret"
cookie_secret_file = "cookie-secret"
[classes]
phish = "127.0.0.7"
[limits]
responses_per_second = 20
dry_run = true
slip = 3
ipv4_prefix = 28
ipv6_prefix = 48
exempt = ["192.0.2.0/24", "2001:db8::1"]
[web]
url = "https://bl.example.org/"
[log]
level = "debug"
queries_client = "network"
format = "json"
queries_format = "logfmt"
dnstap = "unix:dnstap.sock"
[hits]
count = false
file = "state/hits"
[lifecycle]
first = "warn"
repeat = ["30d", "1y", "forever"]
repeat_minimum = "0s"
evidence_to_lift = false
recheck = ""
[protect]
blast_radius = 65536
canaries = ["192.0.2.1", "example.com", "user@example.com"]
)");
    EXPECT_EQ(settings.database.path, settings.file.parent_path() / "db");
    EXPECT_EQ(settings.database.size_bytes, std::uint64_t{2} << 30);
    ASSERT_THAT(settings.server.listen, SizeIs(3));
    EXPECT_EQ(to_string(settings.server.listen[0]), "0.0.0.0:53");
    EXPECT_EQ(to_string(settings.server.listen[1]), "[2001:db8::1]:53");
    EXPECT_EQ(to_string(settings.server.listen[2]), "192.0.2.1:0");
    EXPECT_EQ(settings.server.threads, 4U);
    EXPECT_EQ(settings.server.user, "root");
    EXPECT_EQ(settings.server.udp_payload_bytes, 1400);
    EXPECT_EQ(settings.server.tcp_connections_max, 10U);
    EXPECT_EQ(settings.server.tcp_idle, Duration{60});
    EXPECT_EQ(settings.server.nsid, "ns1");
    EXPECT_EQ(settings.server.version, "secret");
    EXPECT_THAT(settings.classes, ElementsAre(testing::Pair("phish", net::Ipv4{0x7F000007})));
    EXPECT_EQ(settings.server.cookie_secret_file,
              (settings.file.parent_path() / "cookie-secret").string());
    EXPECT_EQ(settings.limits.responses_per_second, 20U);
    EXPECT_TRUE(settings.limits.dry_run);
    EXPECT_EQ(settings.limits.slip, 3U);
    EXPECT_EQ(settings.limits.ipv4_prefix, 28);
    EXPECT_EQ(settings.limits.ipv6_prefix, 48);
    EXPECT_THAT(settings.limits.exempt, SizeIs(2));
    EXPECT_EQ(settings.web.url, "https://bl.example.org");
    EXPECT_EQ(settings.log.level, "debug");
    EXPECT_EQ(settings.log.queries_client, "network");
    EXPECT_EQ(settings.log.format, "json");
    EXPECT_EQ(settings.log.queries_format, "logfmt");
    EXPECT_EQ(settings.log.dnstap.path, settings.file.parent_path() / "dnstap.sock");
    EXPECT_TRUE(settings.log.dnstap.is_socket);
    EXPECT_FALSE(settings.hits.count);
    EXPECT_EQ(settings.hits.file, settings.file.parent_path() / "state/hits");
    EXPECT_TRUE(settings.lifecycle.first_is_warning);
    EXPECT_THAT(settings.lifecycle.repeat,
                ElementsAre(Duration{30 * 86400}, Duration{365 * 86400}, kForever));
    EXPECT_EQ(settings.lifecycle.repeat_minimum, Duration{0});
    EXPECT_FALSE(settings.lifecycle.evidence_to_lift);
    EXPECT_EQ(settings.lifecycle.recheck, std::nullopt);
    EXPECT_EQ(settings.protect.blast_radius_addresses, 65536.0);
    EXPECT_THAT(settings.protect.canaries,
                ElementsAre("192.0.2.1", "example.com", "user@example.com"));
}

TEST(Settings, TakeTheDefaultsWrittenOut) {
    const Site site{R"(
[database]
path = "/var/lib/ostrakon"
size = "64GiB"
[server]
listen  = ["127.0.0.1:5353", "[::1]:5353"]
threads = 0
user    = "ostrakon"
udp_payload = 1232
tcp_connections = 1024
tcp_idle = "10s"
control = "/run/ostrakon/control"
nsid = ""
version = ""
[classes]
[limits]
responses_per_second = 0
slip = 2
ipv4_prefix = 24
ipv6_prefix = 56
exempt = ["127.0.0.0/8", "::1"]
[metrics]
listen = ""
[web]
listen = ""
url    = ""
[log]
level = "info"
queries = ""
queries_client = "full"
format = "plain"
queries_format = "plain"
dnstap = ""
[hits]
count = true
file = ""
[geo]
asn = ""
country = ""
[lifecycle]
first  = "forever"
repeat = "forever"
repeat_minimum = "1y"
evidence_to_lift = true
recheck = "1h"
[diagnose]
resolver = ""
[protect]
never   = ["private"]
canaries = []
blast_radius = "2^24 addresses"
)"};
    const auto outcome = site.settings();
    EXPECT_THAT(outcome.mistakes, IsEmpty());
    EXPECT_THAT(outcome.warnings, IsEmpty());
    const Settings written = outcome.value.value();
    const Settings defaults = default_settings();
    EXPECT_EQ(written.database.size_bytes, kDatabaseSizeDefaultBytes);
    EXPECT_EQ(written.server.listen, defaults.server.listen);
    EXPECT_EQ(written.limits.exempt, defaults.limits.exempt);
    EXPECT_EQ(written.protect.never_ipv4, defaults.protect.never_ipv4);
    EXPECT_EQ(written.protect.never_ipv6, defaults.protect.never_ipv6);
}

// Each case is one line below one table; the mistake is told at its line, with what was read and
// what was expected.
TEST(Settings, TellMistakesWithTheirPlace) {
    struct Case {
        std::string_view table, line, mistake;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"[database]", "path = 1", "2:8: [database] path: read 1, expected a text in quotes"},
        {"[database]", "path = \"\"", "2:8: [database] path: read \"\", expected a path"},
        {"[database]", "size = \"64GB\"",
         "[database] size: read \"64GB\", expected a size, as in 64GiB"},
        {"[database]", "size = \"GiB\"", "expected a size, as in 64GiB"},
        {"[database]", "size = \"-1GiB\"", "expected a size, as in 64GiB"},
        {"[database]", "size = \"99999999999TiB\"", "expected a size, as in 64GiB"},
        {"[database]", "size = \"1KiB\"", "expected a size from 1MiB to 64TiB"},
        {"[database]", "size = \"65TiB\"", "expected a size from 1MiB to 64TiB"},
        {"[server]", "listen = \"127.0.0.1:53\"",
         "[server] listen: read \"127.0.0.1:53\", expected a list in [ ]"},
        {"[server]", "listen = []", "[server] listen: read a list of 0, expected at least 1"},
        {"[server]", "listen = [53]", "2:11: [server] listen: read 53, expected a text in quotes"},
        {"[server]", "listen = [\"127.0.0.1\"]", "expected an address and a port"},
        {"[server]", "listen = [\"::1:53\"]", "expected an address and a port"},
        {"[server]", "listen = [\"[127.0.0.1]:53\"]", "expected an address and a port"},
        {"[server]", "listen = [\"127.0.0.1:65536\"]", "expected an address and a port"},
        {"[server]", "listen = [\"127.0.0.1:\"]", "expected an address and a port"},
        {"[server]", "listen = [\"localhost:53\"]", "expected an address and a port"},
        {"[server]", "listen = [\"192.0.2.1:53\", \"192.0.2.1:53\"]", "192.0.2.1:53 stands twice"},
        {"[server]", "threads = -1",
         "2:11: [server] threads: read -1, expected a whole number from 0 to 256"},
        {"[server]", "threads = 257", "read 257, expected a whole number from 0 to 256"},
        {"[server]", "threads = \"4\"", "read \"4\", expected a whole number"},
        {"[server]", "threads = 1.5", "read 1.5, expected a whole number"},
        {"[server]", "threads = 2026-01-01", "read 2026-01-01, expected a whole number"},
        {"[server]", "threads = true", "read true, expected a whole number"},
        {"[server]", "user = \"\"", "expected the name of a user"},
        {"[server]", "udp_payload = 511", "read 511, expected a whole number from 512 to 4096"},
        {"[server]", "tcp_connections = 0", "read 0, expected a whole number from 1 to 65535"},
        {"[server]", "tcp_idle = \"10\"", "read \"10\", expected a duration, as in \"30d\""},
        {"[server]", "tcp_idle = \"0s\"", "expected a duration from 1s to 1h"},
        {"[server]", "tcp_idle = \"forever\"", "expected a duration from 1s to 1h"},
        {"[classes]", "Phish = \"127.0.0.7\"",
         "2:1: [classes]: read a class \"Phish\", expected a name of a-z"},
        {"[classes]", "ip = \"127.0.0.7\"",
         "2:1: [classes]: \"ip\" is built in, expected another name"},
        {"[classes]", "own = \"127.0.0.7\"", "\"own\" is built in"},
        {"[classes]", "unknown-tld = \"127.0.0.7\"", "\"unknown-tld\" is built in"},
        {"[classes]", "phish = \"127.0.0.1\"",
         "2:9: [classes] phish: read \"127.0.0.1\", expected a code in 127.0.0.0/8"},
        {"[classes]", "phish = \"127.255.255.1\"", "expected a code in 127.0.0.0/8"},
        {"[classes]", "phish = \"192.0.2.1\"", "expected a code in 127.0.0.0/8"},
        {"[classes]", "phish = 7", "read 7, expected a text in quotes"},
        {"[limits]", "slip = 11", "expected a whole number from 0 to 10"},
        {"[limits]", "ipv4_prefix = 33", "expected a whole number from 0 to 32"},
        {"[limits]", "ipv6_prefix = 129", "expected a whole number from 0 to 128"},
        {"[limits]", "exempt = [\"192.0.2.1/24\"]",
         "expected no bits set behind the prefix length"},
        {"[limits]", "exempt = [\"192.0.2.0/33\"]", "expected a prefix length from 0 to 32"},
        {"[limits]", "exempt = [\"example.com\"]", "expected an address or a prefix"},
        {"[metrics]", "listen = \"9153\"", "expected an address and a port"},
        {"[web]", "url = \"bl.example.org\"", "expected an address of the web"},
        {"[web]", "url = \"https://bl.example.org/a b\"", "expected an address of the web"},
        {"[web]", "url = \"https://\"", "expected an address of the web"},
        {"[web]", "status = \"8054\"", "expected an address and a port"},
        {"[web]", "notify = \"postmaster\"", "expected a mail address"},
        {"[web]", "notify = \"a@example.org\\nBcc: b@example.org\"", "expected a mail address"},
        {"[web]", "notify_from = \"-f@example.org\"",
         "expected a mail address that does not begin"},
        {"[log]", "level = \"loud\"",
         "read \"loud\", expected one of trace, debug, info, warn, error"},
        {"[log]", "queries_client = \"half\"", "expected one of full, network, none"},
        {"[log]", "format = \"xml\"", "expected one of plain, logfmt, json"},
        {"[log]", "dnstap = \"unix:\"", "expected a file, or \"unix:\" and the path of a socket"},
        {"[hits]", "count = 1", "read 1, expected true or false"},
        {"[zones]", "directory = \"nowhere\"", "expected a directory that exists"},
        {"[feeds]", "directory = \"nowhere\"", "expected a directory that exists"},
        {"[geo]", "asn = \"No!\"", "[geo] asn: read \"No!\", expected a name of a-z"},
        {"[lifecycle]", "first = \"never\"", "expected a duration, as in \"30d\", or \"forever\""},
        {"[lifecycle]", "first = 1", "read 1, expected a text in quotes"},
        {"[lifecycle]", "first = \"0s\"", "expected a duration from 1s to forever"},
        {"[lifecycle]", "first = \"1001y\"", "expected a duration"},
        {"[lifecycle]", "repeat = []", "expected at least 1"},
        {"[lifecycle]", "repeat = [\"30d\", 1]", "read 1, expected a text in quotes"},
        {"[lifecycle]", "repeat = 30", "read 30, expected a text in quotes or a list in [ ]"},
        {"[lifecycle]", "evidence_to_lift = \"yes\"", "read \"yes\", expected true or false"},
        {"[lifecycle]", "recheck = \"often\"", "expected a duration"},
        {"[diagnose]", "resolver = \"example.com\"", "expected an address and a port"},
        {"[diagnose]", "resolver = \"192.0.2.53:0\"", "expected an address and a port"},
        {"[protect]", "never = [\"publik!\"]", "expected \"private\", a prefix or a domain"},
        {"[protect]", "never = [\"192.0.2.1/24\"]", "expected no bits set"},
        {"[protect]", "never = \"private\"", "expected a list in [ ]"},
        {"[protect]", "canaries = [\"!\"]",
         "expected an address, a prefix, a domain or a mail address"},
        {"[protect]", "blast_radius = \"many\"", "expected how many addresses"},
        {"[protect]", "blast_radius = \"2^65\"", "expected how many addresses"},
        {"[protect]", "blast_radius = -1", "expected how many addresses"},
        {"[[tsig]]", "name = \"partner\"", "1:1: [[tsig]] secret_file is missing"},
        {"[[tsig]]", "name = \"a b\"", "expected the name of a [[tsig]] key"},
        {"[[tsig]]", "algorithm = \"hmac-md5\"", "expected one of hmac-sha1"},
    });
    for (const auto& [table, line, mistake] : kCases) {
        SCOPED_TRACE(testing::Message() << table << ' ' << line);
        const auto outcome = Site{std::string{table} + "\n" + std::string{line} + "\n"}.settings();
        EXPECT_FALSE(outcome.value);
        EXPECT_THAT(outcome.mistakes,
                    Contains(AllOf(StartsWith("ostrakon.toml:"), HasSubstr(mistake))).Times(1));
    }
}

TEST(Settings, TellUnknownKeysAndWhatMayBeMeant) {
    struct Case {
        std::string_view text, mistake;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"[server]\nlisten = [\"192.0.2.1:53\"]\nthreds = 1\n",
         "ostrakon.toml:3:1: unknown key \"threds\" in [server], did you mean \"threads\"?"},
        {"[sever]\n", "ostrakon.toml:1:2: unknown key \"sever\", did you mean \"server\"?"},
        {"[log]\nlveel = \"info\"\n", "did you mean \"level\"?"},
        {"[log]\ncolour = true\n",
         "unknown key \"colour\" in [log], expected one of dnstap, format, "
         "level, queries, queries_client, queries_format"},
        {"[metrics]\nurl = \"\"\n", "unknown key \"url\" in [metrics], expected one of listen"},
        {"listen = \"\"\n", "unknown key \"listen\", expected one of"},
        {"\"\\u001B[31m\" = 1\n", "unknown key \"\\x1B[31m\""},
        {"[[feed]]\nname = \"drop\"\nclas = \"ip\"\n",
         "3:1: unknown key \"clas\" in [[feed]], did you mean \"class\"?"},
        {"[[tsig]]\nname = \"p\"\nsecret_file = \"p.key\"\nsecret = \"x\"\n",
         "unknown key \"secret\" in [[tsig]]"},
    });
    for (const auto& [text, mistake] : kCases) {
        EXPECT_THAT(Site{text}.settings().mistakes, ElementsAre(HasSubstr(mistake))) << text;
    }
}

TEST(Settings, WantTablesWhereTablesBelong) {
    EXPECT_THAT(Site{"server = 1\n"}.settings().mistakes,
                ElementsAre("ostrakon.toml:1:10: server: read 1, expected a table"));
    EXPECT_THAT(Site{"[feed]\nname = \"a\"\n"}.settings().mistakes,
                ElementsAre(HasSubstr("feed: read a table, expected a list")));
    EXPECT_THAT(Site{"feed = [1]\n"}.settings().mistakes,
                ElementsAre(HasSubstr("expected [[feed]] tables")));
}

TEST(Settings, TellAllMistakesInOneGo) {
    const auto outcome =
        Site{"[server]\nthreads = -1\nudp_payload = 1\n[log]\nlevel = 1\nnonsense = 1\n"}
            .settings();
    EXPECT_THAT(outcome.mistakes,
                ElementsAre(StartsWith("ostrakon.toml:2:11: "), StartsWith("ostrakon.toml:3:15: "),
                            StartsWith("ostrakon.toml:5:9: "), StartsWith("ostrakon.toml:6:1: ")));
}

TEST(Settings, TellFiftyMistakesAndCountTheRest) {
    std::string text = "[server]\n";
    for (int i = 0; i < 1000; ++i) {
        text += "key" + std::to_string(i) + " = 1\n";
    }
    const auto outcome = Site{text}.settings();
    ASSERT_THAT(outcome.mistakes, SizeIs(51));
    EXPECT_EQ(outcome.mistakes.back(), "and 950 more mistakes");
}

TEST(Settings, NameTheMapsThatAreAsked) {
    const Site site{"[geo]\nasn = \"iptoasn\"\ncountry = [\"ripencc\", \"arin\"]\n"};
    const auto outcome = site.settings();
    ASSERT_TRUE(outcome.value);
    EXPECT_THAT(outcome.value->geo.asn, ElementsAre("iptoasn"));
    EXPECT_THAT(outcome.value->geo.country, ElementsAre("ripencc", "arin"));
    EXPECT_THAT(outcome.warnings, ElementsAre());
    EXPECT_THAT(Site{"[geo]\nasn = \"\"\n"}.settings().value->geo.asn, ElementsAre());
}

TEST(Settings, HoldWhomDiagnosesAskAndHowOften) {
    const auto written =
        Site{"[diagnose]\nresolver = \"[2001:db8::53]:53\"\n[lifecycle]\nrecheck = \"2h\"\n"}
            .settings();
    EXPECT_THAT(written.warnings, IsEmpty());
    EXPECT_EQ(to_string(written.value->diagnose.resolver.value()), "[2001:db8::53]:53");
    EXPECT_EQ(written.value->lifecycle.recheck, Duration{7200});
    EXPECT_EQ(default_settings().diagnose.resolver, std::nullopt);
    EXPECT_EQ(default_settings().lifecycle.recheck, Duration{3600});
}

TEST(Settings, HoldWhereThePageIsAndWhoStandsBeforeIt) {
    const auto written =
        Site{
            "[web]\nlisten = \"127.0.0.1:8053\"\nurl = \"https://bl.example.org/lists\"\n"
            "proxies = [\"192.0.2.1\"]\npolicy = \"policy.md\"\nstatus = \"127.0.0.1:8054\"\n"
            "notify = \"postmaster@example.org\"\nnotify_from = \"ostrakon@example.org\"\n"
            "sendmail = \"/usr/local/bin/sendmail\"\n"}
            .settings();
    EXPECT_THAT(written.warnings, IsEmpty());
    const WebSettings& web = written.value->web;
    EXPECT_EQ(to_string(web.listen.value()), "127.0.0.1:8053");
    EXPECT_EQ(web.url, "https://bl.example.org/lists");
    EXPECT_EQ(web.proxies.size(), 1U);
    EXPECT_THAT(web.policy_file, EndsWith("/policy.md"));
    EXPECT_EQ(to_string(web.status.value()), "127.0.0.1:8054");
    EXPECT_EQ(web.notify, "postmaster@example.org");
    EXPECT_EQ(web.notify_from, "ostrakon@example.org");
    EXPECT_EQ(web.sendmail, "/usr/local/bin/sendmail");
    EXPECT_EQ(default_settings().web.listen, std::nullopt);
    EXPECT_EQ(default_settings().web.status, std::nullopt);
    EXPECT_EQ(default_settings().web.notify, "");
    EXPECT_EQ(default_settings().web.sendmail, "/usr/sbin/sendmail");
    EXPECT_EQ(default_settings().web.proxies.size(), 2U);
}

}  // namespace
}  // namespace ostrakon::config
