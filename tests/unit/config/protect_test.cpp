// [protect]: what can never be listed by accident, and when a change is large.
#include "unit/config/site.hpp"

#include <gmock/gmock.h>

namespace ostrakon::config {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

ProtectSettings read(std::string_view line) {
    auto outcome = Site{"[protect]\n" + std::string{line}}.settings();
    EXPECT_THAT(outcome.mistakes, IsEmpty()) << line;
    return outcome.value.value_or(Settings{}).protect;
}

std::vector<std::string> texts_of(const ProtectSettings& protect) {
    std::vector<std::string> texts;
    for (const auto& range : protect.never_ipv4) {
        texts.push_back(net::to_string(range));
    }
    for (const auto& range : protect.never_ipv6) {
        texts.push_back(net::to_string(range));
    }
    for (const auto& name : protect.never_names) {
        texts.push_back(dns::to_string(name));
    }
    return texts;
}

TEST(ProtectNever, IsPrivateByDefault) {
    EXPECT_THAT(texts_of(read("")),
                ElementsAre("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
                            "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
                            "::/127", "fc00::/7", "fe80::/10", "ff00::/8"));
    EXPECT_THAT(read("").never_names, IsEmpty());
}

TEST(ProtectNever, IsSortedAndDisjoint) {
    struct Case {
        std::string_view never;
        std::vector<std::string> expected;
    };
    const std::initializer_list<Case> cases = {
        {"[]", {}},
        {"[\"198.51.100.0/24\", \"192.0.2.0/24\"]", {"192.0.2.0/24", "198.51.100.0/24"}},
        {"[\"192.0.2.0/25\", \"192.0.2.64/26\", \"192.0.2.128/25\"]", {"192.0.2.0/24"}},
        {"[\"192.0.2.0-192.0.2.9\", \"192.0.2.11\"]", {"192.0.2.0-192.0.2.9", "192.0.2.11"}},
        {"[\"0.0.0.0/0\", \"255.255.255.255\", \"0.0.0.0\"]", {"0.0.0.0/0"}},
        {"[\"2001:db8::/33\", \"2001:db8:8000::/33\", \"::ffff:192.0.2.0/120\"]",
         {"192.0.2.0/24", "2001:db8::/32"}},
        {"[\"::/0\", \"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff\"]", {"::/0"}},
        {"[\"example.org\", \"EXAMPLE.org.\", \"example.com\"]", {"example.com", "example.org"}},
    };
    for (const auto& [never, expected] : cases) {
        EXPECT_EQ(texts_of(read("never = " + std::string{never})), expected) << never;
    }
}

TEST(ProtectNever, AddsToPrivateWhatStandsBesideIt) {
    const auto texts = texts_of(read("never = [\"private\", \"192.0.2.0/24\", \"example.com\"]"));
    EXPECT_THAT(texts, SizeIs(14));
    EXPECT_THAT(texts, Contains("192.0.2.0/24"));
    EXPECT_THAT(texts, Contains("fe80::/10"));
}

TEST(BlastRadius, IsReadInAllItsSpellings) {
    struct Case {
        std::string_view spelled;
        double addresses;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"\"2^24 addresses\"", 16777216.0},
        {"\"2^0 address\"", 1.0},
        {"\"2^64\"", 18446744073709551616.0},
        {"\"65536\"", 65536.0},
        {"65536", 65536.0},
        {"0", 0.0},
    });
    for (const auto& [spelled, addresses] : kCases) {
        EXPECT_EQ(read("blast_radius = " + std::string{spelled}).blast_radius_addresses, addresses)
            << spelled;
    }
}

}  // namespace
}  // namespace ostrakon::config
