// Real lists with their formats, and what `grep` counts in them.
#pragma once

#include <fmt/format.h>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace ostrakon::test {

/// A real list, and how its entries are counted by other means.
struct CountedList {
    std::string_view file;
    std::string_view format;
    std::string_view lines;      // what `grep -cP` counts as entries
    double rejected_max = 0;     // part of those that may be no entries, though they look like some
    bool has_addresses = false;  // IPv4 alone: iprange can count what they cover
    bool is_feed = true;
};

inline constexpr std::string_view kAddressLine = R"(^[0-9a-fA-F:.]+(/[0-9]+)?\s*$)";
inline constexpr std::string_view kHostsLine =
    R"(^(127\.0\.0\.1|0\.0\.0\.0|::1)\s+(?!localhost)(?![0-9.]+\s*$)\S+)";
inline constexpr std::string_view kMaltrailLine = R"(^(?!\s*$|#|/|\.)\S+\s*(#.*)?$)";
// Not addresses as names, nor a * within one: they deny no name that can be asked for.
inline constexpr std::string_view kRpzLine =
    R"(^(?![0-9.]+\s)(\*\.)?[^*:/\s]+ CNAME (\.|rpz-passthru\.)\s*$)";
inline constexpr std::string_view kDropLine = R"(^[0-9a-f:.]+/[0-9]+ ; SBL[0-9]+\s*$)";

inline constexpr auto kCounted = std::to_array<CountedList>({
    {"spamhaus/drop.txt", "spamhaus-drop", kDropLine, 0, true},
    {"spamhaus/drop_v4.json", "spamhaus-json", "\"cidr\""},
    {"spamhaus/series-2024-04/drop-2024-04-09.txt", "spamhaus-drop", kDropLine, 0, true},
    {"spamhaus/series-2024-04/drop-2024-04-14.txt", "spamhaus-drop", kDropLine, 0, true},
    {"ip/blocklistproject-malware.ip", "iplist", kAddressLine, 0, true},
    {"ip/et-compromised-ips.txt", "iplist", kAddressLine, 0, true},
    {"ip/feodo-ipblocklist-2024-04.csv", "abusech-csv", R"(^"20[0-9][0-9]-)"},
    {"ip/ipsum/levels-2.txt", "iplist", kAddressLine, 0, true},
    {"ip/ipsum/levels-8.txt", "iplist", kAddressLine, 0, true},
    {"ip/sslbl-abuse-ch.txt", "iplist", kAddressLine, 0, true},
    {"ip/tor/tor-exit-nodes-2024-02.lst", "iplist", kAddressLine},
    {"ip/x4b-vpn-ipv4.txt", "iplist", kAddressLine, 0, true},
    {"ip/x4b-vpn-ipv6.txt", "iplist", kAddressLine},
    {"oxl/ip_kind_proxy.txt", "iplist", kAddressLine},
    {"oxl/net_kind_vpn.txt", "iplist", kAddressLine},
    {"oxl/ip_top_10000.csv", "csv:IP", R"(^[0-9a-f.:]+,[0-9]+\s*$)"},
    {"oxl/net_top_10000_ips_6.csv", "csv:1", R"(^[0-9a-f]+:[0-9a-f:]+/[0-9]+,)"},
    {"formats/ipset-save-style-v4.ipset", "ipset-save", "^add "},
    {"formats/ipset-save-style-v6.ipset", "ipset-save", "^add "},
    {"org-bans/fail2ban-srv2.list", "plain", kAddressLine, 0, false, false},
    {"org-bans/fail2ban-srv3.list", "plain", kAddressLine, 0, false, false},
    {"org-bans/fail2ban-srv4.list", "plain", kAddressLine, 0, false, false},
    {"org-bans/fail2ban-srv6.list", "plain", R"(^[0-9a-f.:]+(%\w+)?\s*$)", 0.02, false, false},
    {"asn/insightflare-hosting.txt", "plain", "^AS[0-9]+", 0, false, false},
    {"asn/insightflare-transit.txt", "plain", "^AS[0-9]+", 0, false, false},
    {"asn/x4b-vpn-asn.txt", "plain", "^AS[0-9]+", 0, false, false},
    {"domains/adaway-hosts.txt", "hosts", kHostsLine},
    {"domains/blocklistproject-crypto.txt", "hosts", kHostsLine},
    {"domains/blocklistproject-ransomware.txt", "hosts", kHostsLine},
    {"domains/blocklistproject-scam.txt", "hosts", kHostsLine},
    {"domains/bom-antimalware-hosts.txt", "hosts", kHostsLine, 0.01},
    {"domains/disposable-strict-mx.txt", "domains", R"(^\S+)", 0.01},
    {"domains/disposable_email_blocklist.conf", "domains", R"(^\S+)", 0.01},
    {"domains/hosts-deny-nordic.deny", "hosts-deny", "^ALL:", 0.01},
    {"domains/rpz-nordic.txt", "rpz", kRpzLine, 0.01},
    {"domains/maltrail/agenttesla.txt", "urllist", kMaltrailLine, 0.01},
    {"domains/maltrail/bad_service.txt", "urllist", kMaltrailLine, 0.01},
    {"domains/maltrail/domain.txt", "urllist", kMaltrailLine, 0.01},
    {"domains/maltrail/dynamic_domain.txt", "urllist", kMaltrailLine, 0.01},
    {"domains/maltrail/grandoreiro.txt", "urllist", kMaltrailLine, 0.01},
    {"domains/maltrail/lokibot.txt", "urllist", kMaltrailLine, 0.01},
    {"domains/maltrail/smokeloader.txt", "urllist", kMaltrailLine, 0.01},
    {"domains/maltrail/trickbot.txt", "urllist", kMaltrailLine, 0.01},
    {"domains/maltrail/zloader.txt", "urllist", kMaltrailLine, 0.01},
});

// What a command prints.
inline std::string output_of(const std::string& command) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe{popen(command.c_str(), "r"), pclose};
    std::string text;
    std::array<char, 256> piece{};
    while (pipe && std::fgets(piece.data(), piece.size(), pipe.get()) != nullptr) {
        text += piece.data();
    }
    return text;
}

inline std::uint64_t grep_count(const std::filesystem::path& file, std::string_view pattern) {
    // A byte order mark hides the first line from ^, in which no entry stands.
    return std::strtoull(
        output_of(fmt::format("grep -a -cP '{}' '{}'", pattern, file.string())).c_str(), nullptr,
        10);
}

}  // namespace ostrakon::test
