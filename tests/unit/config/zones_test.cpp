// zones/*.toml: one zone's values and mistakes, and the shipped examples.
#include "unit/config/site.hpp"

#include <gmock/gmock.h>

namespace ostrakon::config {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

constexpr std::string_view kSettings =
    "[classes]\nphish = \"127.0.0.7\"\n[[feed]]\nname = \"drop\"\n[[feed]]\nname = \"combined\"\n"
    "[[tsig]]\nname = \"partner\"\nsecret_file = \"partner.key\"\n";

constexpr std::string_view kRequired =
    "origin = \"bl.example.org\"\nns = [\"ns1.example.org\"]\ncontact = "
    "\"hostmaster@example.org\"\n";

Outcome<Zones> read(std::string_view rest) {
    Site site{kSettings};
    return site.file("zones/bl.toml", std::string{kRequired} + std::string{rest}).zones();
}

zone::Zone zone_of(std::string_view rest) {
    auto outcome = read(rest);
    EXPECT_THAT(outcome.mistakes, IsEmpty()) << rest;
    return outcome.value && outcome.value->zones.size() == 1 ? outcome.value->zones.front()
                                                             : zone::Zone{};
}

std::string expand(const zone::Zone& zone, const std::string& name,
                   const zone::TextValues& values) {
    std::string out(zone::kTextSizeMax, '\0');
    out.resize(zone.texts.at(name).expand(values, out));
    return out;
}

TEST(ZoneFile, HasTheDocumentedDefaults) {
    const auto outcome = read("");
    ASSERT_TRUE(outcome.value);
    EXPECT_THAT(outcome.warnings, IsEmpty());
    const zone::Zone& zone = outcome.value->zones.front();
    EXPECT_EQ(zone.name, "bl.example.org");
    EXPECT_EQ(dns::to_string(zone.origin), "bl.example.org");
    EXPECT_EQ(zone.ttl_s, 300U);
    EXPECT_EQ(zone.negative_ttl_s, 60U);
    EXPECT_EQ(zone.ns_ttl_s, 3600U);
    ASSERT_THAT(zone.ns, SizeIs(1));
    EXPECT_EQ(dns::to_string(zone.ns.front()), "ns1.example.org");
    EXPECT_EQ(dns::to_string(zone.contact), "hostmaster.example.org");
    EXPECT_EQ(zone.soa.refresh_s, 3600U);
    EXPECT_EQ(zone.soa.retry_s, 900U);
    EXPECT_EQ(zone.soa.expire_s, 30U * 86400);
    EXPECT_TRUE(zone.kinds.ip && zone.kinds.name && zone.kinds.mail);
    EXPECT_TRUE(zone.serves_source("own"));
    EXPECT_TRUE(zone.serves_source("drop"));
    EXPECT_FALSE(zone.serves_source("unknown-tld"));
    EXPECT_TRUE(zone.serves_class("phish"));
    EXPECT_FALSE(zone.serves_class("allow"));
    EXPECT_THAT(zone.addresses, IsEmpty());
    EXPECT_THAT(zone.codes, IsEmpty());
    EXPECT_TRUE(zone.query_access.any);
    const zone::TextValues values{.subject = "192.0.2.1",
                                  .listing_class = "ip",
                                  .source = "drop",
                                  .reason = "spam",
                                  .url = "U",
                                  .removal = "R"};
    EXPECT_EQ(expand(zone, "*", values), "192.0.2.1 is blocked (ip), see U - spam");
    EXPECT_EQ(expand(zone, "upstream", values), "192.0.2.1 is listed by drop, see R - spam");
    EXPECT_EQ(expand(zone, "allow", values), "192.0.2.1 is allowed - spam");
}

TEST(DefaultZone, AnswersLikeAZoneFileThatSaysNothing) {
    const zone::Zone zone = default_zone();
    EXPECT_EQ(zone.name, "default");
    const auto outcome = read("");
    ASSERT_TRUE(outcome.value);
    const zone::Zone& from_file = outcome.value->zones.front();
    EXPECT_EQ(zone.ttl_s, from_file.ttl_s);
    EXPECT_EQ(zone.classes, from_file.classes);
    EXPECT_TRUE(zone.serves_source("own") && zone.serves_source("drop"));
    EXPECT_FALSE(zone.serves_source("unknown-tld"));
    for (const auto& [name, text] : from_file.texts) {
        const zone::TextValues values{.subject = "192.0.2.1", .reason = "spam"};
        EXPECT_EQ(expand(zone, name, values), expand(from_file, name, values)) << name;
    }
}

TEST(ZoneFile, IsReadFromEveryKey) {
    Site site{kSettings};
    site.file("zones/z.toml", R"(
origin = "BL.Example.ORG."
ttl = "1m"
negative_ttl = "0s"
ns_ttl = "1d"
ns = ["ns.bl.example.org", "ns2.example.net"]
contact = "John.Doe@example.org"
soa = ["2h", "30m", "7d"]
retired = "2027-01-01"
kinds = ["name", "ip"]
sources = ["own", "*", "!drop", "combined/spam", "!combined/@"]
classes = ["ip", "phish"]
[a]
"@" = ["192.0.2.80", "2001:db8::80", "192.0.2.80"]
ns = ["192.0.2.53"]
"a.www" = ["::ffff:192.0.2.1"]
[codes]
ip = "127.0.0.20"
drop = "127.1.2.3"
[text]
"*" = "{{{subject}}}"
phish = "phish: {reason}"
upstream = ""
[access]
query = ["192.0.2.0/24", "::ffff:198.51.100.0/120", "2001:db8::/32"]
keys_file = "../keys/bl"
)");
    const auto outcome = site.zones();
    ASSERT_TRUE(outcome.value) << outcome.mistakes.front();
    EXPECT_THAT(outcome.warnings,
                ElementsAre(HasSubstr("z.toml:2: bl.example.org lists nothing from 2027-01-01")));
    const zone::Zone& zone = outcome.value->zones.front();
    EXPECT_EQ(zone.name, "bl.example.org");
    EXPECT_EQ(zone.ttl_s, 60U);
    EXPECT_EQ(zone.negative_ttl_s, 0U);
    EXPECT_EQ(zone.ns_ttl_s, 86400U);
    ASSERT_THAT(zone.ns, SizeIs(2));
    EXPECT_EQ(dns::to_string(zone.ns[1]), "ns2.example.net");
    EXPECT_EQ(zone.contact.labels(), (std::vector<std::string>{"john.doe", "example", "org"}));
    EXPECT_EQ(zone.soa.refresh_s, 7200U);
    EXPECT_EQ(zone.soa.retry_s, 1800U);
    EXPECT_EQ(zone.soa.expire_s, 7U * 86400);
    EXPECT_TRUE(zone.kinds.ip && zone.kinds.name && !zone.kinds.mail);
    EXPECT_FALSE(zone.serves_source("drop"));
    EXPECT_TRUE(zone.serves_source("combined", "spam"));
    EXPECT_FALSE(zone.serves_source("combined", ""));
    EXPECT_TRUE(zone.serves_class("phish"));
    EXPECT_FALSE(zone.serves_class("domain"));
    ASSERT_THAT(zone.addresses, SizeIs(3));
    EXPECT_EQ(zone.addresses[0].owner, zone.origin);
    EXPECT_THAT(zone.addresses[0].a, ElementsAre(net::Ipv4{0xC0000250}));
    EXPECT_THAT(zone.addresses[0].aaaa, SizeIs(1));
    EXPECT_EQ(dns::to_string(zone.addresses[1].owner), "a.www.bl.example.org");
    EXPECT_THAT(zone.addresses[1].a, ElementsAre(net::Ipv4{0xC0000201}));
    EXPECT_EQ(dns::to_string(zone.addresses[2].owner), "ns.bl.example.org");
    EXPECT_EQ(zone.codes.at("ip"), net::Ipv4{0x7F000014});
    EXPECT_EQ(zone.codes.at("drop"), net::Ipv4{0x7F010203});
    EXPECT_EQ(expand(zone, "*", {.subject = "x"}), "{x}");
    EXPECT_EQ(expand(zone, "phish", {.reason = "r"}), "phish: r");
    EXPECT_EQ(expand(zone, "upstream", {.subject = "x"}), "");
    EXPECT_EQ(expand(zone, "allow", {.subject = "x"}), "x is allowed");
    EXPECT_EQ(to_string(zone.retired.value()), "2027-01-01T00:00:00Z");
    EXPECT_THAT(zone.keys_file, testing::EndsWith("/keys/bl"));
    EXPECT_THAT(zone.keys_file, testing::StartsWith("/"));
    EXPECT_THAT(zone.keys_file, testing::Not(HasSubstr("zones")));
    EXPECT_FALSE(zone.query_access.any);
    ASSERT_THAT(zone.query_access.prefixes, SizeIs(3));
    EXPECT_EQ(net::to_string(zone.query_access.prefixes[1]), "198.51.100.0/24");
}

TEST(ZoneFile, NeedsOriginNsAndContact) {
    Site site;
    site.file("zones/z.toml", "\n[codes]\n");
    EXPECT_THAT(site.zones().mistakes,
                testing::UnorderedElementsAre(
                    HasSubstr("origin is missing, expected it as in origin = \"bl.example.org\""),
                    HasSubstr("ns is missing"), HasSubstr("contact is missing")));
}

// Each case stands behind the three required lines, so its first line is line 4.
TEST(ZoneFile, TellsMistakesWithTheirPlace) {
    struct Case {
        std::string_view text, mistake;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"ttl = \"0s\"", "4:7: ttl: read \"0s\", expected a duration from 1s to 2147483647s"},
        {"ttl = 300", "4:7: ttl: read 300, expected a text in quotes"},
        {"ttl = \"forever\"", "expected a duration from 1s"},
        {"ttl = \"69y\"", "expected a duration from 1s"},
        {"ns_ttl = \"0s\"", "expected a duration from 1s"},
        {"soa = [\"1h\", \"15m\"]", "soa: read a list of 2, expected at least 3"},
        {"soa = [\"1h\", \"15m\", \"30d\", \"1m\"]", "soa: read a list of 4, expected at most 3"},
        {"soa = [\"1h\", \"0s\", \"30d\"]", "4:14: soa: read \"0s\", expected a duration"},
        {"kinds = []", "kinds: read a list of 0, expected at least 1"},
        {"kinds = [\"ipv4\"]", "read \"ipv4\", expected one of ip, name, mail"},
        {"sources = [\"own\", \"Drop\"]", "4:19: sources: read \"Drop\", expected \"own\", \"*\""},
        {"sources = [\"!*\"]", "sources: read \"!*\""},
        {"sources = [\"drop/\"]", "sources: read \"drop/\""},
        {"sources = [\"drop/a/b\"]", "sources: read \"drop/a/b\""},
        {"sources = [\"own/x\"]", "sources: read \"own/x\""},
        {"sources = [\"*/x\"]", "sources: read \"*/x\""},
        {"sources = [\"unknown-tld/@\"]", "sources: read \"unknown-tld/@\""},
        {"sources = [\"phish\"]", "sources: read \"phish\", expected a source; this is a class"},
        {"sources = [\"ip\"]", "sources: read \"ip\", expected a source; this is a class"},
        {"sources = \"own\"", "sources: read \"own\", expected a list"},
        {"classes = []", "classes: read a list of 0, expected at least 1"},
        {"classes = [\"ip\", \"allow\"]",
         "classes: read \"allow\" together with other classes, expected it alone"},
        {"classes = [\"*\", \"allow\"]", "expected it alone"},
        {"classes = [\"phsh\"]",
         "4:12: classes: read \"phsh\", expected \"*\", a built-in class or one of [classes], did "
         "you mean \"phish\"?"},
        {"classes = [\"drop\"]", "classes: read \"drop\", expected a class; this is a feed"},
        {"classes = [\"!ip\"]", "classes: read \"!ip\""},
        {"[a]\n\"@\" = []", "5:7: [a] @: read a list of 0, expected at least 1"},
        {"[a]\n\"@\" = \"192.0.2.1\"", "5:7: [a] @: read \"192.0.2.1\", expected a list in [ ]"},
        {"[a]\n\"@\" = [\"192.0.2.256\"]", "5:8: [a] @: read \"192.0.2.256\", expected an address"},
        {"[a]\n\"@\" = [\"192.0.2.0/24\"]", "expected an address"},
        {"[a]\n\"www.bl.example.org\" = [\"192.0.2.1\"]",
         "5:1: [a]: read \"www.bl.example.org\", expected a name relative to"},
        {"[a]\n\"www.\" = [\"192.0.2.1\"]", "expected a name relative to"},
        {"[a]\n\"*\" = [\"192.0.2.1\"]", "[a]: read \"*\", expected a domain name"},
        {"[a]\n\"a..b\" = [\"192.0.2.1\"]", "[a]: read \"a..b\", expected a domain name"},
        {"[a]\nWWW = [\"192.0.2.1\"]\nwww = [\"192.0.2.2\"]",
         "6:1: [a]: read \"www\", expected each name once"},
        {"[codes]\nip = \"127.0.0.1\"",
         "5:6: [codes] ip: read \"127.0.0.1\", expected a code in 127.0.0.0/8"},
        {"[codes]\nip = \"127.255.255.9\"", "expected a code in 127.0.0.0/8"},
        {"[codes]\nip = \"10.0.0.2\"", "expected a code in 127.0.0.0/8"},
        {"[codes]\n\"*\" = \"127.0.0.2\"", "5:1: [codes]: read \"*\", expected a class or a feed"},
        {"[codes]\nip = 2", "expected a text in quotes"},
        {"[text]\n\"*\" = \"{subjekt}\"",
         "5:7: [text] *: read \"{subjekt}\", expected a text with correct placeholders: text, "
         "character 1: no placeholder is called {subjekt}"},
        {"[text]\n\"!\" = \"\"", "[text]: read \"!\", expected \"*\", a class or a feed"},
        {"[text]\nip = false", "read false, expected a text in quotes"},
        {"[access]\nquery = [\"all\"]",
         "5:10: [access] query: read \"all\", expected \"any\" or an address or a prefix"},
        {"[access]\nquery = [\"192.0.2.1/24\"]", "expected \"any\" or no bits set"},
        {"sources = [\"unknown-tld\"]\n[access]\nkeys_file = \"keys\"",
         "6:13: [access] keys_file: read a file of partner keys, expected none in a zone that "
         "serves unknown-tld"},
        {"retired = \"soon\"", "4:11: retired: read \"soon\", expected a date"},
        {"[access]\ntransfer = [\"example.org\"]", "[access] transfer: read \"example.org\""},
        {"[access]\ntransfer = [\"192.0.2.53:53\"]", "[access] transfer: read \"192.0.2.53:53\""},
        {"[access]\ntransfer = [\"\"]", "[access] transfer: read \"\""},
        {"[access]\ntransfer = [\"192.0.2.53 partner\"]", "[access] transfer: read"},
        {"[access]\ntransfer = [\"192.0.2.53 \"]", "[access] transfer: read"},
        {"[access]\ntransfer = [\"key:other\"]",
         "expected the name of a [[tsig]] key behind \"key:\""},
        {"[access]\nnotify = [\"key:partner\"]", "[access] notify: read \"key:partner\""},
        {"[access]\nnotify = [\"192.0.2.53:0\"]", "[access] notify: read \"192.0.2.53:0\""},
        {"[[tsig]]\nname = \"partner\"\nsecret_file = \"x\"",
         "[[tsig]] name: \"partner\" stands twice"},
        {"[access]\nqery = []", "5:1: unknown key \"qery\" in [access], did you mean \"query\"?"},
        {"tll = \"5m\"", "4:1: unknown key \"tll\", did you mean \"ttl\"?"},
        {"a = 1", "a: read 1, expected a table"},
    });
    for (const auto& [text, mistake] : kCases) {
        SCOPED_TRACE(text);
        EXPECT_THAT(read(text).mistakes,
                    ElementsAre(AllOf(StartsWith("zones/bl.toml:"), HasSubstr(mistake))));
    }
}

TEST(ZoneFile, RefusesNamesThatAreNone) {
    struct Case {
        std::string_view line, mistake;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"origin = \"\"", "1:10: origin: read \"\", expected a domain name"},
        {"origin = \".\"", "expected a domain name"},
        {"origin = \"192.0.2.1\"", "expected a domain name"},
        {"origin = \"bl_example..org\"", "expected a domain name (it has an empty label)"},
        {"origin = 1", "expected a text in quotes"},
        {"ns = []", "ns: read a list of 0, expected at least 1"},
        {"ns = [\"192.0.2.1\"]", "ns: read \"192.0.2.1\", expected a domain name"},
        {"ns = [\"ns.example.org\", \"NS.example.org.\"]", "expected each name server once"},
        {"ns = \"ns.example.org\"", "expected a list"},
        {"contact = \"hostmaster.example.org\"",
         "expected a mail address, as in \"hostmaster@example.org\""},
        {"contact = \"@example.org\"", "expected a mail address"},
        {"contact = \"host master@example.org\"", "expected a mail address"},
        {"contact = \"hostmaster@\"", "expected a mail address"},
    });
    for (const auto& [line, mistake] : kCases) {
        SCOPED_TRACE(line);
        std::string text;
        for (const std::string_view required :
             {"origin = \"bl.example.org\"", "ns = [\"ns1.example.org\"]",
              "contact = \"hostmaster@example.org\""}) {
            const std::string_view key = required.substr(0, required.find(' ') + 1);
            text += std::string{line.starts_with(key) ? line : required} + "\n";
        }
        Site site;
        EXPECT_THAT(site.file("zones/z.toml", text).zones().mistakes, Contains(HasSubstr(mistake)));
    }
}

TEST(ZoneFile, WarnsOfWhatMayBeMeantOtherwise) {
    struct Case {
        std::string_view text, warning;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"sources = [\"own\", \"dorp\"]",
         "zones/bl.toml:4: sources: no feed is called \"dorp\" in this configuration, did you mean "
         "\"drop\"?"},
        {"sources = [\"*\", \"!dshield\"]", "no feed is called \"dshield\""},
        {"sources = []", "names nothing that could answer"},
        {"[codes]\ndshield = \"127.0.0.9\"",
         "zones/bl.toml:5: [codes] dshield: neither a class nor a feed is called so"},
        {"[text]\nphsh = \"x\"",
         "zones/bl.toml:5: [text] phsh: neither a class nor a feed is called so, did you mean "
         "\"phish\"?"},
        {"[a]\n\"2.www.10\" = [\"192.0.2.1\"]",
         "zones/bl.toml:5: [a] 2.www.10: hides the addresses"},
        {"[a]\nf = [\"192.0.2.1\"]", "[a] f: hides the addresses"},
        {"[access]\nquery = []", "nobody may ask this zone"},
    });
    for (const auto& [text, warning] : kCases) {
        SCOPED_TRACE(text);
        const auto outcome = read(text);
        EXPECT_THAT(outcome.mistakes, IsEmpty());
        EXPECT_THAT(outcome.warnings, ElementsAre(HasSubstr(warning)));
    }
}

TEST(ZoneFile, WarnsOfFeedsThatPartnersMayNotHave) {
    constexpr std::string_view kFeeds =
        "[[feed]]\nname = \"ours\"\n"
        "[[feed]]\nname = \"open\"\nterms = \"CC0\"\nredistribute = true\n"
        "[[feed]]\nname = \"closed\"\nterms = \"by contract\"\n"
        "[[feed]]\nname = \"mapped\"\nformat = \"mmdb\"\nterms = \"by account\"\n";
    const auto warnings = [&](std::string_view rest) {
        Site site{kFeeds};
        auto read = site.file("zones/bl.toml", std::string{kRequired} + std::string{rest}).zones();
        EXPECT_THAT(read.mistakes, IsEmpty());
        std::erase_if(read.warnings, [](const std::string& warning) {
            return warning.find("to pass it on") == std::string::npos;
        });
        return read.warnings;
    };
    constexpr std::string_view kTransfer = "[access]\ntransfer = [\"192.0.2.53\"]\n";
    EXPECT_THAT(
        warnings(kTransfer),
        ElementsAre("zones/bl.toml:5: partners may transfer bl.example.org, which serves "
                    "feed \"closed\", whose terms do not allow to pass it on (by contract): "
                    "leave it out by \"!closed\" in sources, or ask its publisher and say "
                    "redistribute = true"));
    EXPECT_THAT(warnings(""), IsEmpty());
    EXPECT_THAT(warnings("sources = [\"*\", \"!closed\"]\n" + std::string{kTransfer}), IsEmpty());
    EXPECT_THAT(warnings("sources = [\"own\"]\n" + std::string{kTransfer}), IsEmpty());
    EXPECT_THAT(warnings("sources = [\"closed/sub\"]\n" + std::string{kTransfer}), SizeIs(1));
}

TEST(ZoneFile, AllowsNothingElseAsAnAllowZone) {
    const zone::Zone zone = zone_of("classes = [\"allow\"]\nsources = [\"own\"]\n");
    EXPECT_TRUE(zone.is_allow_zone());
}

TEST(ZoneFile, TakesInternationalNames) {
    const zone::Zone zone = zone_of(
        "[a]\n\"b\xC3\xBC"
        "cher\" = [\"192.0.2.1\"]\n");
    ASSERT_THAT(zone.addresses, SizeIs(1));
    EXPECT_EQ(dns::to_string(zone.addresses.front().owner), "xn--bcher-kva.bl.example.org");
}

TEST(ZoneFile, WarnsWhenItIsPublicWithoutRateLimits) {
    struct Case {
        std::string_view settings, access;
        std::size_t warnings;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"[server]\nlisten = [\"127.0.0.1:53\", \"[::1]:53\"]", "", 0},
        {"[server]\nlisten = [\"127.0.0.1:53\", \"192.0.2.53:53\"]", "", 1},
        {"[server]\nlisten = [\"[::]:53\"]", "", 1},
        {"[server]\nlisten = [\"[::]:53\"]", "[access]\nquery = [\"192.0.2.0/24\"]\n", 0},
        {"[server]\nlisten = [\"[::]:53\"]\n[limits]\nresponses_per_second = 5", "", 0},
    });
    for (const auto& [settings, access, warnings] : kCases) {
        SCOPED_TRACE(testing::Message() << settings << access);
        Site site{settings};
        site.file("zones/z.toml", std::string{kRequired} + std::string{access});
        EXPECT_THAT(site.zones().warnings, SizeIs(warnings));
    }
}

TEST(ShippedZones, AreWithoutMistakesAndWarnings) {
    Settings settings = default_settings();
    settings.zones_directory = OSTRAKON_ZONES_DIRECTORY;
    const auto zones = read_zones(settings);
    ASSERT_TRUE(zones) << message(zones.error());
    EXPECT_THAT(zones->warnings, IsEmpty());
    ASSERT_THAT(zones->zones, SizeIs(2));
    EXPECT_FALSE(zones->zones[0].is_allow_zone());
    EXPECT_TRUE(zones->zones[1].is_allow_zone());
}

}  // namespace
}  // namespace ostrakon::config
