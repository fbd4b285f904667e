// Real published lists as their formats read them, counted by other programs: grep counts the lines
// that look like entries, iprange the addresses that they cover.
//
// They lie in the directory that OSTRAKON_TEST_DATA names, as the lists of import_test.cpp.
#include "ostrakon/feed/list.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

namespace ostrakon::test {
namespace {

namespace fs = std::filesystem;

struct CountedList {
    std::string_view file;
    std::string_view format;
    std::string_view lines;      // what `grep -cP` counts as entries
    double rejected_max = 0;     // part of those that may be no entries, though they look like some
    bool has_addresses = false;  // IPv4 alone: iprange can count what they cover
    bool is_feed = true;
};

constexpr std::string_view kAddressLine = R"(^[0-9a-fA-F:.]+(/[0-9]+)?\s*$)";
constexpr std::string_view kHostsLine =
    R"(^(127\.0\.0\.1|0\.0\.0\.0|::1)\s+(?!localhost)(?![0-9.]+\s*$)\S+)";
constexpr std::string_view kMaltrailLine = R"(^(?!\s*$|#|/|\.)\S+\s*(#.*)?$)";
// Not addresses as names, nor a * within one: they deny no name that can be asked for.
constexpr std::string_view kRpzLine =
    R"(^(?![0-9.]+\s)(\*\.)?[^*:/\s]+ CNAME (\.|rpz-passthru\.)\s*$)";
constexpr std::string_view kDropLine = R"(^[0-9a-f:.]+/[0-9]+ ; SBL[0-9]+\s*$)";

constexpr auto kCounted = std::to_array<CountedList>({
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

std::string bytes_of(const fs::path& file) {
    std::ifstream stream{file, std::ios::binary};
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

// What a command prints.
std::string output_of(const std::string& command) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe{popen(command.c_str(), "r"), pclose};
    std::string text;
    std::array<char, 256> piece{};
    while (pipe && std::fgets(piece.data(), piece.size(), pipe.get()) != nullptr) {
        text += piece.data();
    }
    return text;
}

std::uint64_t grep_count(const fs::path& file, std::string_view pattern) {
    // A byte order mark hides the first line from ^, in which no entry stands.
    return std::strtoull(
        output_of(fmt::format("grep -a -cP '{}' '{}'", pattern, file.string())).c_str(), nullptr,
        10);
}

std::uint64_t covered_addresses(std::vector<policy::ImportEntry<net::Ipv4Range>> entries) {
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.subject < b.subject; });
    std::uint64_t covered = 0;
    std::uint64_t next = 0;  // the first address that was not counted
    for (const auto& entry : entries) {
        const std::uint64_t first = std::max<std::uint64_t>(next, entry.subject.first.bits);
        const std::uint64_t behind = std::uint64_t{entry.subject.last.bits} + 1;
        covered += behind > first ? behind - first : 0;
        next = std::max(next, behind);
    }
    return covered;
}

class RealFormat : public ::testing::Test {
protected:
    void SetUp() override {
        const char* const directory = std::getenv("OSTRAKON_TEST_DATA");
        if (directory == nullptr || *directory == '\0') {
            GTEST_SKIP() << "OSTRAKON_TEST_DATA names no directory with real lists";
        }
        data_ = directory;
    }
    Result<feed::ReadList> read(std::string_view file, std::string_view format,
                                bool is_feed = true) const {
        const std::string bytes = bytes_of(data_ / file);
        return feed::read_list(
            {.file = file, .bytes = bytes, .format = format, .is_feed = is_feed, .progress = {}});
    }
    fs::path data_;
};

TEST_F(RealFormat, FindsAsManyEntriesAsGrep) {
    for (const CountedList& counted : kCounted) {
        SCOPED_TRACE(counted.file);
        const auto list = read(counted.file, counted.format, counted.is_feed);
        ASSERT_TRUE(list) << message(list.error());
        const std::uint64_t entries = list->contents.list.line_count();
        const std::uint64_t lines = grep_count(data_ / counted.file, counted.lines);
        fmt::print("{:<45} {:<14} {:>6} entries {:>5} rejected {:>6} by grep\n", counted.file,
                   counted.format, entries, list->contents.rejected, lines);
        EXPECT_GT(lines, 0U);
        EXPECT_LE(entries, lines);
        EXPECT_GE(static_cast<double>(entries),
                  static_cast<double>(lines) * (1 - counted.rejected_max));
    }
}

TEST_F(RealFormat, CoversAsManyAddressesAsIprangeSays) {
    if (output_of("command -v iprange").empty()) {
        GTEST_SKIP() << "iprange is not installed";
    }
    for (const CountedList& counted : kCounted) {
        if (!counted.has_addresses) {
            continue;
        }
        SCOPED_TRACE(counted.file);
        const auto list = read(counted.file, counted.format);
        ASSERT_TRUE(list) << message(list.error());
        // "ENTRIES,ADDRESSES"
        const std::string said =
            output_of(fmt::format("iprange --count-unique '{}'", (data_ / counted.file).string()));
        EXPECT_EQ(covered_addresses(list->contents.list.ipv4),
                  std::strtoull(said.substr(said.find(',') + 1).c_str(), nullptr, 10))
            << said;
    }
}

TEST_F(RealFormat, IsRecognisedAsWhatItIs) {
    for (const CountedList& counted : kCounted) {
        if (counted.format != "hosts" && counted.format != "hosts-deny" &&
            counted.format != "rpz" && counted.format != "ipset-save" &&
            counted.format != "abusech-csv" && counted.format != "spamhaus-drop") {
            continue;
        }
        const auto list = read(counted.file, "");
        ASSERT_TRUE(list) << counted.file << ": " << message(list.error());
        EXPECT_EQ(list->format, counted.format) << counted.file;
    }
}

TEST_F(RealFormat, RefusesWhatServersSentInPlaceOfAList) {
    for (const char* file :
         {"failures/drop-cloudflare-520-then-502/02-bad.txt",
          "failures/drop-cloudflare-520-then-502/03-bad.txt", "failures/rate-limit-message.txt"}) {
        for (const char* format : {"", "plain", "iplist", "spamhaus-drop", "domains"}) {
            EXPECT_FALSE(read(file, format)) << file << " as " << format;
        }
    }
}

}  // namespace
}  // namespace ostrakon::test
