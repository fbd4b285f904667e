// zones/NAME.toml, feeds/NAME.toml and the catalogue of feeds, in words.
#include "ostrakon/config/reference.hpp"
#include "reference_tables.hpp"

#include <array>

namespace ostrakon::config {
namespace {

constexpr auto kTopKeys = std::to_array<KeyReference>({
    {"origin", "a name", "", R"("bl.example.org")",
     "What clients ask below; by this name the zone is called everywhere."},
    {"ns", "a list of names", "", R"(["ns1.example.org"])",
     "The name servers of the zone, of which the first is its primary."},
    {"contact", "a mail address", "", R"("hostmaster@example.org")",
     "Somebody who reads it; goes into the SOA record."},
    {"ttl", "a duration", R"("5m")", "",
     "How long others may remember an answer; never longer than what answers stands."},
    {"negative_ttl", "a duration", R"("1m")", "",
     "How long others may remember that something is not listed."},
    {"ns_ttl", "a duration", R"("1h")", "", "The same for SOA, NS and [a]."},
    {"soa", "a list of three durations", R"(["1h", "15m", "30d"])", "",
     "Refresh, retry and expire, for secondaries."},
    {"kinds", "a list of words", R"(["ip", "name", "mail"])", "",
     "What may be asked. Questions of the other kinds get NXDOMAIN."},
    {"sources", "a list of words", R"(["own", "*"])", "",
     "Whose listings answer: own, the names of feeds, * for all feeds; !NAME leaves one out, "
     "NAME/LABEL takes one data set of a combined rbldnsd file. dynamic-names and unknown-tld, the "
     "built-in sources, answer only where they are named."},
    {"classes", "a list of classes", R"(["*"])", "",
     "Which classes answer; * is all but allow. allow stands alone and makes a zone of "
     "exceptions."},
    {"retired", "a date", "", R"("2027-03-01")",
     "From when on the zone lists nothing; `ostrakon zone retire` writes it."},
});

constexpr auto kAddressKeys = std::to_array<KeyReference>({
    {"NAME", "a list of addresses", "", R"(["192.0.2.80", "2001:db8::80"])",
     "The addresses of a name relative to the origin, or of \"@\", the origin itself."},
});

constexpr auto kCodeKeys = std::to_array<KeyReference>({
    {"CLASS", "an address in 127.0.0.0/8", "", R"("127.0.0.2")",
     "What answers for a class or a feed; not 127.0.0.1 and not in 127.255.255.0/24."},
});

constexpr auto kTextKeys = std::to_array<KeyReference>({
    {"CLASS", "a text", "", R"("{subject} is blocked ({class})[, see {url}][ - {reason}]")",
     "What the sender reads, for a class, a feed, or \"*\" for the rest. Empty: nothing."},
});

constexpr auto kAccessKeys = std::to_array<KeyReference>({
    {"query", "a list of prefixes", R"(["any"])", R"(["192.0.2.0/24", "2001:db8::/32"])",
     "Who may ask, or \"any\". Others are refused."},
    {"keys_file", "a file", R"("")", R"("partners.keys")",
     "The keys of partners, a line NAME KEY each: KEY.ORIGIN is answered like ORIGIN, also for "
     "clients outside of query. `ostrakon partner` writes it."},
    {"transfer", "a list", "[]", R"(["192.0.2.53"])",
     "Who may have the zone as a whole: addresses or prefixes, \"key:NAME\" for who signs with a "
     "[[tsig]] key, or \"192.0.2.53 key:NAME\" for both together. Several are alternatives."},
    {"notify", "a list", "[]", R"(["192.0.2.53:5300"])",
     "Who is told of changes: addresses, perhaps with a port, perhaps with \" key:NAME\" behind "
     "them."},
    {"zonemd", "true or false", "false", "true",
     "Send a digest along with the zone (RFC 8976), which is made anew for every serial."},
});

constexpr auto kZoneTables = std::to_array<TableReference>({
    {"", TableForm::Top, "", kTopKeys},
    {"a", TableForm::OwnWords,
     "A and AAAA records of names in the zone: its web page, its name servers. These names are "
     "never "
     "looked up as listings.",
     kAddressKeys},
    {"codes", TableForm::OwnWords, "The address that answers for each class or feed.", kCodeKeys},
    {"text", TableForm::OwnWords, "The TXT records.", kTextKeys},
    {"access", TableForm::Once, "", kAccessKeys},
    {"tsig", TableForm::Repeated, kTsigMeaning, kTsigKeys},
});

constexpr auto kCatalogueKeys = std::to_array<KeyReference>({
    {"title", "a text", "", R"("Spamhaus DROP")",
     "What it is. Needed, as are name, format and terms."},
    {"homepage", "an address of the web", "", R"("https://www.example.org")", "Whose it is."},
    {"every_least", "a duration", "", R"("1h")", "How often its publisher can bear to be asked."},
    {"state", "a word", R"("active")", "",
     "active, ended, merged (into replaced_by), needs-key (free for those who register) or paid "
     "(the address comes with a contract)."},
    {"replaced_by", "a name", "", R"("spamhaus-drop")", "The feed that has its entries now."},
    {"terms_url", "an address of the web", "", R"("https://www.example.org/terms")",
     "Where the terms stand."},
    {"note", "a text", "", R"("Once a day is enough.")", "What one should know before."},
});

}  // namespace

std::span<const TableReference> zone_reference() {
    return kZoneTables;
}

std::span<const KeyReference> feed_reference() {
    return kFeedKeys;
}

std::span<const KeyReference> catalogue_reference() {
    return kCatalogueKeys;
}

}  // namespace ostrakon::config
