#include "support/crowded_site.hpp"

#include <fmt/format.h>

namespace ostrakon::test {
namespace {

constexpr int kOverlappingRanges = 30;

constexpr std::string_view kZone = R"(
origin = "bl.example.org"
ns = ["ns1.bl.example.org", "ns2.example.org", "ns.other.example.net"]
contact = "host.master@bl.example.org"
[a]
"@" = ["192.0.2.80", "2001:db8::80"]
ns1 = ["192.0.2.53", "2001:db8::53"]
"www.web" = ["192.0.2.81", "192.0.2.82"]
)";
constexpr std::string_view kInnerZone = R"(
origin = "in.de.bl.example.org"
ns = ["ns1.bl.example.org"]
contact = "hostmaster@example.net"
classes = ["allow"]
)";
constexpr std::string_view kClosedZone = R"(
origin = "closed.example.org"
ns = ["ns1.example.org"]
contact = "hostmaster@example.org"
[access]
query = ["192.0.2.1"]
)";

constexpr std::string_view kNames[] = {
    "",
    "7.2.0.192",
    "8.2.0.192",
    "2.0.192",
    "0.192",
    "192",
    "9.113.0.203",
    "1.0.0.2",
    "1.0.0.127",
    "2.0.0.127",
    "2",
    "8.b.d.0.1.0.0.2",
    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.d.0.1.0.0.2",
    "2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0",
    "TEST",
    "invalid",
    "example.com",
    "a.b.Example.COM",
    "com",
    "example.net",
    "0123456789abcdef0123456789abcdef01234567",
    "www.web",
    "web",
    "ns1",
    "de",
    "a\\032b.example.com",
    "07.2.0.192",
    "300"};
constexpr std::string_view kOrigins[] = {"bl.example.org",
                                         "bL.eXample.ORG",
                                         "in.de.bl.example.org",
                                         "closed.example.org",
                                         "example.org",
                                         "other.example.net",
                                         ""};
constexpr std::uint16_t kTypes[] = {1, 2, 5, 6, 16, 28, 43, 46, 65, 251, 252, 255, 256, 65280};

}  // namespace

std::map<std::string, std::string> crowded_site_files() {
    return {{"ostrakon.toml", "[server]\nversion = \"ostrakon\"\nnsid = \"ns1\"\n"},
            {"zones/bl.toml", std::string{kZone}},
            {"zones/in.toml", std::string{kInnerZone}},
            {"zones/closed.toml", std::string{kClosedZone}}};
}

std::vector<std::vector<std::string>> crowded_site_commands() {
    std::vector<std::vector<std::string>> commands{
        {"ban", "192.0.2.7", "--reason", "a reason with \"quotes\", a \\ and \xC3\xBC"},
        {"ban", "192.0.2.0/24", "--class", "isp", "--reason", "provider"},
        {"ban", "2001:db8::/48", "--reason", "spam"},
        {"ban", "example.com", "--reason", std::string(700, 'x')},
        {"ban", "a.b.example.com", "--reason", "spam"},
        {"allow", "198.51.100.0/24", "--reason", "partner"},
    };
    for (int i = 0; i < kOverlappingRanges; ++i) {
        commands.push_back({"ban", fmt::format("203.0.113.0-203.0.113.{}", 100 + i), "--code",
                            fmt::format("127.0.1.{}", i + 1), "--reason",
                            std::string(300, static_cast<char>('a' + i % 26))});
    }
    return commands;
}

std::span<const std::string_view> crowded_site_names() {
    return kNames;
}

std::span<const std::string_view> crowded_site_origins() {
    return kOrigins;
}

std::span<const std::uint16_t> crowded_site_types() {
    return kTypes;
}

std::string joined(std::string_view name, std::string_view origin) {
    return fmt::format("{}{}{}", name, name.empty() || origin.empty() ? "" : ".", origin);
}

}  // namespace ostrakon::test
