// Guesses the format of a list from its beginning.
#pragma once

#include <string_view>

namespace ostrakon::feed {

inline constexpr std::string_view kPlain = "plain";
inline constexpr std::string_view kCsv = "csv";
inline constexpr std::string_view kJson = "json";
inline constexpr std::string_view kSpamhausDrop = "spamhaus-drop";
inline constexpr std::string_view kSpamhausJson = "spamhaus-json";
inline constexpr std::string_view kSpamhausAsn = "spamhaus-asn";
inline constexpr std::string_view kRbldnsd = "rbldnsd";
inline constexpr std::string_view kIplist = "iplist";
inline constexpr std::string_view kDomains = "domains";
inline constexpr std::string_view kHosts = "hosts";
inline constexpr std::string_view kUrllist = "urllist";
inline constexpr std::string_view kAbusechCsv = "abusech-csv";
inline constexpr std::string_view kDshield = "dshield";
inline constexpr std::string_view kTorExitAddresses = "tor-exit-addresses";
inline constexpr std::string_view kIpsetSave = "ipset-save";
inline constexpr std::string_view kHostsDeny = "hosts-deny";
inline constexpr std::string_view kPostfix = "postfix";
inline constexpr std::string_view kPcreTable = "pcre-table";
inline constexpr std::string_view kRpz = "rpz";
inline constexpr std::string_view kDnsblZone = "dnsbl-zone";
inline constexpr std::string_view kNdjson = "ndjson";
inline constexpr std::string_view kNftJson = "nft-json";
inline constexpr std::string_view kCrowdsecJson = "crowdsec-json";
inline constexpr std::string_view kAbuseipdbJson = "abuseipdb-json";
inline constexpr std::string_view kPfx2as = "pfx2as";
inline constexpr std::string_view kGeoliteCsv = "geolite-csv";
inline constexpr std::string_view kPostfixLog = "postfix-log";
inline constexpr std::string_view kFail2ban = "fail2ban";
inline constexpr std::string_view kArf = "arf";
inline constexpr std::string_view kMmdb = "mmdb";
inline constexpr std::string_view kRir = "rir";
inline constexpr std::string_view kRangeCsv = "range-csv";
inline constexpr std::string_view kAsnTsv = "asn-tsv";

/// The name of the format that the beginning of `bytes` speaks for, or for an mmdb their end; plain
/// where nothing does.
std::string_view recognise(std::string_view bytes);

}  // namespace ostrakon::feed
