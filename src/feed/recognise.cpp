#include "recognise.hpp"

#include "fail2ban_database.hpp"
#include "format.hpp"
#include "lines.hpp"
#include "map_format.hpp"
#include "rbldnsd_line.hpp"
#include "rbldnsd_value.hpp"
#include "spamhaus_line.hpp"
#include "syslog_line.hpp"

#include <cstddef>
#include <string>

namespace ostrakon::feed {
namespace {

constexpr std::size_t kBeginningSize = 16384;  // what a guess looks at
constexpr std::string_view kAllBlanks = " \t\v\f\r\n";

bool has_column_subject(std::string_view header) {
    std::string lowered;
    for (const char c : header) {
        lowered.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c);
    }
    std::string_view rest = lowered;
    while (true) {
        const std::size_t comma = rest.find(',');
        std::string_view column = trimmed(rest.substr(0, comma));
        if (column.size() > 1 && column.front() == '"' && column.back() == '"') {
            column = column.substr(1, column.size() - 2);
        }
        if (column == "subject") {
            return true;
        }
        if (comma == std::string_view::npos) {
            return false;
        }
        rest.remove_prefix(comma + 1);
    }
}

// A line that only rbldnsd's files have: what they say about themselves, or a default value. ($TTL
// and $1 have other files too.)
bool speaks_for_rbldnsd(std::string_view line) {
    switch (special_of(line).kind) {
        case SpecialKind::Soa:
        case SpecialKind::Nameservers:
        case SpecialKind::MaxRange4:
        case SpecialKind::Timestamp:
        case SpecialKind::DataSet:
            return true;
        case SpecialKind::None:
            return line.size() > 1 && line[0] == ':' && is_decimal(line[1]) && read_value(line, {});
        case SpecialKind::Ttl:
        case SpecialKind::Variable:
        case SpecialKind::Unknown:
            return false;
    }
    return false;
}

bool is_log_of_postfix(std::string_view line) {
    const auto parsed = parse_syslog_line(line, now());
    return parsed && parsed->program.starts_with("postfix");
}

// Lines that begin with two addresses and go on with an AS number or a country: no other format has
// such.
bool is_map_row(std::string_view line, char separator) {
    const auto fields = split_fields(line, separator);
    if (fields.size() < 3 || !net::parse_address(trimmed(fields[0])) ||
        !net::parse_address(trimmed(fields[1]))) {
        return false;
    }
    const std::string_view origin = trimmed(fields[2]);
    return origin == "0" || net::parse_as_number(origin) || net::parse_country(origin);
}

// FIRST, LAST, LENGTH and a number of targets; an AS number is followed by a country instead.
bool is_dshield_row(std::string_view line) {
    const auto fields = split_fields(line, '\t');
    constexpr std::size_t kTargets = 3;
    return fields.size() > kTargets && net::parse_address(fields[0]) &&
           net::parse_address(fields[1]) && !fields[kTargets].empty() &&
           fields[kTargets].find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_hosts_line(std::string_view line) {
    const std::string_view address = next_word(line);
    return !line.empty() && (address == "0.0.0.0" || address == "127.0.0.1" || address == "::" ||
                             address == "::1" || address == "255.255.255.255");
}

// ADDRESS and a count.
bool is_counted_address(std::string_view line) {
    const std::string_view address = next_word(line);
    return !line.empty() && line.find_first_not_of("0123456789") == std::string_view::npos &&
           net::parse_address(address).has_value();
}

bool is_domain_rule(std::string_view line) {
    return line.starts_with("||") || line.starts_with("@@||") || line.starts_with("address=/") ||
           line.starts_with("local=/") || line.starts_with("server=/") ||
           line.starts_with("local-zone:");
}

// PREFIX, LENGTH and the number of an AS, or several with _ or , between them.
bool is_pfx2as_row(std::string_view line) {
    const auto fields = split_fields(line, '\t');
    return fields.size() == 3 && net::parse_address(fields[0]) && fields[1].size() <= 3 &&
           !fields[1].empty() && !fields[2].empty() &&
           fields[1].find_first_not_of("0123456789") == std::string_view::npos &&
           fields[2].find_first_not_of("0123456789_,") == std::string_view::npos;
}

bool is_zone_line(std::string_view line) {
    return line.find(" CNAME ") != std::string_view::npos ||
           line.find("\tCNAME\t") != std::string_view::npos ||
           line.find(" SOA ") != std::string_view::npos ||
           line.find("\tSOA\t") != std::string_view::npos;
}

// The second word of a line of an access or cidr table.
bool is_access_line(std::string_view line) {
    const std::string_view pattern = next_word(line);
    const std::string_view action = next_word(line);
    return pattern.front() != '/' && (action == "REJECT" || action == "DISCARD" || action == "OK" ||
                                      action == "DUNNO" || action == "reject");
}

// Whose JSON it is, by a key that only this one has.
std::string_view format_of_json(std::string_view beginning) {
    const auto has = [beginning](std::string_view key) {
        return beginning.find(key) != std::string_view::npos;
    };
    if (has("\"nftables\"")) {
        return kNftJson;
    }
    if (has("\"abuseConfidenceScore\"") || has("\"generatedAt\"")) {
        return kAbuseipdbJson;
    }
    return has("\"scenario\"") && (has("\"decisions\"") || has("\"duration\"")) ? kCrowdsecJson
                                                                                : "";
}

// What the first line with anything in it speaks for.
std::string_view format_of_line(std::string_view line) {
    if (is_rir_version_line(line)) {
        return kRir;
    }
    if (line.starts_with("geoname_id,locale_code") || line.starts_with("network,geoname_id")) {
        return kGeoliteCsv;
    }
    if (is_pfx2as_row(line)) {
        return kPfx2as;
    }
    if (is_zone_line(line)) {
        return kRpz;
    }
    if (is_access_line(line)) {
        return kPostfix;
    }
    if (is_dshield_row(line)) {
        return kDshield;
    }
    if (is_hosts_line(line)) {
        return kHosts;
    }
    if (is_counted_address(line)) {
        return kIplist;
    }
    if (is_domain_rule(line)) {
        return kDomains;
    }
    if (line.starts_with("ExitNode ")) {
        return kTorExitAddresses;
    }
    if (line.starts_with("add ") || line.starts_with("create ")) {
        return kIpsetSave;
    }
    if (line.starts_with("ALL:") || line.starts_with("ALL :")) {
        return kHostsDeny;
    }
    if (line.starts_with("http://") || line.starts_with("https://")) {
        return kUrllist;
    }
    if (is_map_row(line, '\t')) {
        return kAsnTsv;
    }
    if (is_map_row(line, ',')) {
        return kRangeCsv;
    }
    return has_column_subject(line) ? kCsv : kPlain;
}

}  // namespace

std::string_view recognise(std::string_view bytes) {
    if (has_mmdb_metadata(bytes)) {
        return kMmdb;
    }
    const std::string_view beginning = bytes.substr(0, kBeginningSize);
    const std::size_t first = beginning.find_first_not_of(kAllBlanks);
    if (first == std::string_view::npos) {
        return kPlain;
    }
    if (is_sqlite(bytes) || beginning.substr(first).starts_with("[{'")) {
        return kFail2ban;
    }
    if (is_report_mail(beginning)) {
        return kArf;
    }
    if (beginning.substr(first).starts_with("[Adblock")) {
        return kDomains;
    }
    if (beginning[first] == '[' || beginning[first] == '{') {
        if (const std::string_view format = format_of_json(beginning); !format.empty()) {
            return format;
        }
    }
    if (beginning[first] == '[') {
        // An address in brackets is no JSON.
        const std::size_t second = beginning.find_first_not_of(kAllBlanks, first + 1);
        const bool opens_array = second != std::string_view::npos &&
                                 (beginning[second] == '{' || beginning[second] == ']');
        return opens_array ? kJson : kPlain;
    }
    if (beginning[first] == '{') {
        const std::string_view line =
            beginning.substr(first, beginning.find_first_of("\r\n", first) - first);
        const bool has_prefix = line.find("\"cidr\"") != std::string_view::npos;
        if (!has_prefix && line.find("\"asn\"") != std::string_view::npos) {
            return kSpamhausAsn;
        }
        const bool is_spamhaus = has_prefix || line.find("\"metadata\"") != std::string_view::npos;
        return is_spamhaus ? kSpamhausJson : kPlain;
    }
    Lines lines{beginning};
    Line line;
    bool is_of_abusech = false;
    while (lines.next(line)) {
        const std::string_view text = trimmed(line.text);
        if (speaks_for_rbldnsd(text)) {
            return kRbldnsd;
        }
        if (special_of(text).kind != SpecialKind::None) {
            continue;  // what follows tells
        }
        if (is_log_of_postfix(text)) {
            return kPostfixLog;
        }
        if (text.substr(0, 15) == "; Spamhaus DROP" || split_drop_line(text)) {
            return kSpamhausDrop;
        }
        if (text.find_first_of("#;!") != 0 && !text.starts_with("//") && !text.empty()) {
            return is_of_abusech && text.find(',') != std::string_view::npos ? kAbusechCsv
                                                                             : format_of_line(text);
        }
        is_of_abusech = is_of_abusech || text.find("abuse.ch") != std::string_view::npos;
    }
    return kPlain;
}

}  // namespace ostrakon::feed
