#include "ostrakon/feed/list.hpp"

#include "format.hpp"
#include "ostrakon/base/printable.hpp"
#include "recognise.hpp"
#include "unpack.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace ostrakon::feed {
namespace {

struct Format {
    std::string_view name;
    Reader read;
    Form form = Form::Text;
    bool has_variants = false;  ///< "NAME:VARIANT"; the format judges the variant.
};

constexpr auto kNames = std::to_array<FormatName>({
    {kPlain, "one subject a line, # and ; begin comments"},
    {kCsv, "the first line names columns, of subject, class, code, reason, until, evidence"},
    {"csv:COLUMN", "a table of others: the column with the subjects by name or number, as csv:2"},
    {kJson, "an array of listings, as `ostrakon list --json` writes it"},
    {"ndjson:KEY", "JSON objects, one a line or in an array: the key with the subjects"},
    {kIplist, "addresses, prefixes and ranges, with or without a count behind them"},
    {kDomains, "domains, each with all below it; also as adblock, dnsmasq and unbound write them"},
    {kHosts, "a hosts file that sends names to 0.0.0.0 or 127.0.0.1; hosts:tree with all below"},
    {kUrllist, "URLs, hosts and hosts with ports, of which the host is taken"},
    {kRpz, "a response policy zone: what it denies, by name and address"},
    {kDnsblZone, "a block list as a DNS zone: reversed addresses and names with A and TXT records"},
    {kSpamhausDrop, "drop.txt of Spamhaus: PREFIX ; SBLnnn, and ; EOF at the end"},
    {kSpamhausJson, "drop_v4.json and drop_v6.json of Spamhaus, with their metadata line"},
    {kSpamhausAsn, "asndrop.json of Spamhaus: AS numbers, which a map turns into addresses"},
    {kAbusechCsv, "the CSV exports of abuse.ch: Feodo Tracker, SSLBL, URLhaus, ThreatFox"},
    {kDshield, "block.txt of DShield: first, last, length and more between tabs"},
    {kTorExitAddresses, "the exit-addresses of Tor: ExitNode and ExitAddress lines"},
    {kAbuseipdbJson, "the blacklist of AbuseIPDB"},
    {kRbldnsd, "a combined file of rbldnsd, whose $DATASET lines say what is in it"},
    {"rbldnsd:TYPE", "a data set of rbldnsd: ip4set, ip4tset, ip4trie, ip6tset, ip6trie or dnset"},
    {kIpsetSave, "what `ipset save` prints; ipset-save:SET takes one set of several"},
    {kNftJson, "what `nft -j list set` prints; nft-json:SET takes one set of several"},
    {kCrowdsecJson, "what `cscli decisions list -o json` prints"},
    {kPostfix, "access and cidr tables of Postfix"},
    {kPcreTable, "pcre and regexp tables of Postfix about names of clients, as patterns"},
    {kHostsDeny, "hosts.deny of TCP wrappers: DAEMONS : CLIENTS"},
    {kPostfixLog, "what Postfix has rejected, out of the mail log: --threshold and --within"},
    {kFail2ban, "fail2ban's database, or what fail2ban-client prints"},
    {kArf, "complaints by mail: a report by RFC 5965, or an mbox of such"},
    {kMmdb, "a map: a database of MaxMind or DB-IP, with AS numbers or countries"},
    {kRir, "a map: a registry's delegated or delegated-extended file, with countries"},
    {kRangeCsv, "a map: FIRST,LAST,AS or FIRST,LAST,COUNTRY"},
    {kAsnTsv, "a map: the tables of iptoasn.com, with AS numbers"},
    {kPfx2as, "a map: CAIDA's prefix-to-AS tables"},
    {kGeoliteCsv, "a map: GeoLite2 as CSV, Locations and Blocks files one behind the other"},
});
constexpr auto kFormats = std::to_array<Format>({
    {kPlain, read_plain},
    {kCsv, read_csv, Form::Text, true},
    {kJson, read_json, Form::Json},
    {kNdjson, read_ndjson, Form::Json, true},
    {kIplist, read_iplist},
    {kDomains, read_domains},
    {kHosts, read_hosts, Form::Text, true},
    {kUrllist, read_urllist},
    {kRpz, read_rpz},
    {kDnsblZone, read_dnsbl_zone},
    {kSpamhausDrop, read_spamhaus_drop},
    {kSpamhausJson, read_spamhaus_json, Form::Json},
    {kSpamhausAsn, read_spamhaus_asn, Form::Json},
    {kAbusechCsv, read_abusech_csv},
    {kDshield, read_dshield},
    {kTorExitAddresses, read_tor_exit_addresses},
    {kAbuseipdbJson, read_abuseipdb_json, Form::Json},
    {kRbldnsd, read_rbldnsd, Form::Text, true},
    {kIpsetSave, read_ipset_save, Form::Text, true},
    {kNftJson, read_nft_json, Form::Json, true},
    {kCrowdsecJson, read_crowdsec_json, Form::Json},
    {kPostfix, read_postfix_table, Form::Text, true},
    {kPcreTable, read_pcre_table},
    {kHostsDeny, read_hosts_deny},
    {kPostfixLog, read_postfix_log, Form::Log},
    {kFail2ban, read_fail2ban, Form::Binary},
    {kArf, read_arf, Form::Log},
});

std::string known_formats() {
    std::string names;
    for (const FormatName& format : kNames) {
        names += (names.empty() ? "" : ", ") + std::string{format.name};
    }
    return names;
}

// "rbldnsd:ip4set": the format, and which variant of it.
struct WantedFormat {
    const Format* format = nullptr;
    std::string_view variant;
};

WantedFormat find_format(std::string_view name) {
    const std::size_t colon = name.find(':');
    const auto* const found = std::find_if(
        kFormats.begin(), kFormats.end(),
        [base = name.substr(0, colon)](const Format& format) { return format.name == base; });
    if (found == kFormats.end() || (colon != std::string_view::npos && !found->has_variants)) {
        return {};
    }
    return {&*found, colon == std::string_view::npos ? std::string_view{} : name.substr(colon + 1)};
}

// Room for as many entries as there are lines, so that no growth copies them; a hint that a hostile
// file cannot inflate.
std::size_t expected_entries(std::string_view bytes) {
    constexpr std::size_t kShortestLine = 8;  // "1.1.1.1\n"
    const auto lines = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
    return std::min({lines + 1, bytes.size() / kShortestLine + 1, kEntriesMax});
}

bool is_map(std::string_view name) {
    return name == kMmdb || name == kRir || name == kRangeCsv || name == kAsnTsv ||
           name == kPfx2as || name == kGeoliteCsv;
}

Unexpected<Error> too_large(const ReadRequest& request) {
    return refuse(request.file,
                  fmt::format("has {} bytes, more than {}", request.bytes.size(), request.size_max),
                  "split it");
}

Result<ReadList> read_unpacked(const ReadRequest& request, std::string_view bytes) {
    bytes = without_byte_order_mark(bytes);
    const std::string_view name = request.format.empty() ? recognise(bytes) : request.format;
    if (is_map(name)) {
        return refuse(request.file, fmt::format("is a map ({}), no list of bans", name),
                      "name the map with --source NAME");
    }
    const auto [format, variant] = find_format(name);
    if (format == nullptr) {
        return Unexpected{Error{ErrorCode::Usage,
                                fmt::format("format \"{}\"", printable(name, kRejectTextSizeMax)),
                                "is not known to this version", "known are " + known_formats()}};
    }
    if (auto form = check_outer_form(request.file, bytes, format->form, request.is_feed); !form) {
        return Unexpected{std::move(form.error())};
    }
    ReadList list{std::string{name}, request.format.empty(), {}};
    list.contents.list.ipv4.reserve(expected_entries(bytes));
    Collector collector{list.contents};
    const Document document{.file = request.file,
                            .bytes = bytes,
                            .variant = variant,
                            .now = request.now,
                            .log = request.log,
                            .is_feed = request.is_feed,
                            .may_be_listed = request.may_be_listed,
                            .progress = [&request, total = bytes.size()](std::uint64_t done) {
                                if (request.progress) {
                                    request.progress(done, total);
                                }
                            }};
    auto read = format->read(document, collector);
    if (!read) {
        return Unexpected{std::move(read.error())};
    }
    if (collector.is_full()) {
        return refuse(request.file, fmt::format("has more than {} entries", kEntriesMax),
                      "split it");
    }
    collector.finish();
    return list;
}

}  // namespace

Result<std::string> unpack(std::string_view file, std::string bytes) {
    return packing_of(bytes) == Packing::None ? Result<std::string>{std::move(bytes)}
                                              : unpack_bytes(file, bytes, kListSizeMax);
}

Result<ReadList> read_list(const ReadRequest& request) {
    if (request.bytes.size() > request.size_max) {
        return too_large(request);
    }
    if (request.is_unpacked || packing_of(request.bytes) == Packing::None) {
        return read_unpacked(request, request.bytes);
    }
    const auto unpacked = unpack_bytes(request.file, request.bytes, request.size_max);
    if (!unpacked) {
        return Unexpected{unpacked.error()};
    }
    return read_unpacked(request, *unpacked);
}

std::span<const FormatName> format_names() {
    return kNames;
}

bool can_be_pulled(std::string_view format) {
    constexpr std::array<std::string_view, 4> kOwnAlone{kPostfixLog, kFail2ban, kArf, kPcreTable};
    const Format* const list = find_format(format).format;
    return is_map(format) || (list != nullptr && std::find(kOwnAlone.begin(), kOwnAlone.end(),
                                                           list->name) == kOwnAlone.end());
}

}  // namespace ostrakon::feed
