// Classes, their codes, and what may name a class or a feed.
#include "ostrakon/zone/listing_class.hpp"

#include <gtest/gtest.h>
#include <string>

namespace ostrakon::zone {
namespace {

TEST(BuiltInCode, IsTheDocumentedOne) {
    struct Case {
        std::string_view name;
        std::string_view code;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"ip", "127.0.0.2"},
        {"upstream", "127.0.0.3"},
        {"isp", "127.0.0.4"},
        {"country", "127.0.0.5"},
        {"misconfigured", "127.0.0.6"},
        {"dynamic", "127.0.0.10"},
        {"domain", "127.0.1.2"},
        {"email", "127.0.3.2"},
        {"allow", "127.0.4.2"},
    });
    static_assert(kCases.size() == kBuiltInClasses.size());
    for (const auto& [name, code] : kCases) {
        SCOPED_TRACE(name);
        ASSERT_TRUE(built_in_code(name));
        EXPECT_EQ(net::to_string(*built_in_code(name)), code);
        EXPECT_TRUE(is_valid_code(*built_in_code(name)));
    }
}

TEST(BuiltInCode, IsNothingForOtherNames) {
    for (const std::string_view name : {"", "own", "phish", "IP", "ip ", "dynamic-names"}) {
        EXPECT_FALSE(built_in_code(name)) << name;
    }
}

TEST(ValidCode, LiesInTheLoopbackNetworkButNotOnItsReservedAddresses) {
    struct Case {
        std::string_view code;
        bool is_valid;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"127.0.0.0", true},
        {"127.0.0.1", false},
        {"127.0.0.2", true},
        {"127.255.254.255", true},
        {"127.255.255.0", false},
        {"127.255.255.255", false},
        {"126.255.255.255", false},
        {"128.0.0.0", false},
        {"0.0.0.0", false},
    });
    for (const auto& [code, is_valid] : kCases) {
        EXPECT_EQ(is_valid_code(*net::parse_ipv4(code)), is_valid) << code;
    }
}

TEST(ValidIdentifier, TellsNamesFromOtherText) {
    struct Case {
        std::string text;
        bool is_valid;
    };
    const std::initializer_list<Case> cases = {
        {"phish", true},
        {"spamhaus-drop", true},
        {"a", true},
        {"4chan", true},
        {"a_b.c-d", true},
        {std::string(63, 'a'), true},
        {std::string(64, 'a'), false},
        {"", false},
        {"Phish", false},
        {"-a", false},
        {".a", false},
        {"_a", false},
        {"a b", false},
        {"a/b", false},
        {"*", false},
        {"!a", false},
        {"b\xC3\xBC", false},
        {std::string("a\0b", 3), false},
    };
    for (const auto& [text, is_valid] : cases) {
        EXPECT_EQ(is_valid_identifier(text), is_valid) << text;
    }
}

}  // namespace
}  // namespace ostrakon::zone
