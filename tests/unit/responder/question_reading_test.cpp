// What the labels in front of an origin can mean, all readings of each.
#include "ostrakon/responder/question_reading.hpp"

#include "support/wire_labels.hpp"

#include <gtest/gtest.h>

namespace ostrakon::responder {
namespace {

constexpr std::string_view kNibbles =
    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2";
constexpr std::string_view kHash = "0123456789abcdefABCDEF0123456789abcdef01";

QuestionReading reading_of(std::string_view dotted) {
    const std::string wire = test::wire_name(dotted);
    const std::vector<std::uint8_t> bytes(wire.begin(), wire.end());
    dns::QuestionName name;
    EXPECT_TRUE(name.parse(bytes));
    QuestionReading reading;
    reading.ipv6 = net::Ipv6{};  // what was read before is forgotten
    reading.read(name, name.label_count());
    return reading;
}

// All readings as text, in one order: "4=" address, "4/" cut, "6=", "6/", "name", "hash".
std::string readings(std::string_view dotted) {
    const QuestionReading reading = reading_of(dotted);
    std::string text;
    const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : " ") + part; };
    if (reading.ipv4) {
        add("4=" + net::to_string(*reading.ipv4));
    }
    if (reading.ipv4_cut) {
        add("4/" + net::to_string(*reading.ipv4_cut));
    }
    if (reading.ipv6) {
        add("6=" + net::to_string(*reading.ipv6));
    }
    if (reading.ipv6_cut) {
        add("6/" + net::to_string(*reading.ipv6_cut));
    }
    if (reading.is_name) {
        add("name");
    }
    if (reading.is_hash) {
        add("hash");
    }
    return text;
}

TEST(QuestionReading, FindsEveryReading) {
    struct Case {
        std::string_view name;
        std::string_view readings;
    };
    const std::string below_address = "x." + std::string{kNibbles};
    const std::string hash_below = "x." + std::string{kHash};
    const auto cases = std::to_array<Case>({
        {"5.113.0.203", "4=203.0.113.5"},
        {"1.0.0.2", "4=2.0.0.1 6/2001::/16"},
        {"10.0.0.2", "4=2.0.0.10"},
        {"192", "4/192.0.0.0/8"},
        {"2.0.192", "4/192.0.2.0/24"},
        {"2", "4/2.0.0.0/8 6/2000::/4"},
        {"1.2", "4/2.1.0.0/16 6/2100::/8"},
        {"10.2", "4/2.10.0.0/16"},
        {"a.2", "6/2a00::/8"},
        {"F", "6/f000::/4"},
        {"a.1.0.2", "6/201a::/16"},
        {"8.1.0.0.2", "6/2001:8000::/20"},
        {kNibbles, "6=2001:db8::1"},
        {kNibbles.substr(2), "6/2001:db8::/124"},
        {below_address, ""},
        {"5.5.113.0.203", ""},
        {"256.0.0.203", ""},
        {"05.113.0.203", ""},
        {"02", ""},
        {"foo.203", ""},
        {"foo.a", ""},
        {"4294967296", ""},
        {"com", "name"},
        {"a.example.com", "name"},
        {"5.113.0.203.example.com", "name"},
        {"ab", "name"},
        {kHash, "hash"},
        {"0123456789012345678901234567890123456789", "hash"},
        {hash_below, "name"},
    });
    for (const auto& [name, expected] : cases) {
        EXPECT_EQ(readings(name), expected) << name;
    }
}

TEST(QuestionReading, KnowsUnderWhatANameMayLie) {
    const auto may_precede = [](std::string_view label) {
        return reading_of(label).may_precede_name;
    };
    EXPECT_TRUE(may_precede("com"));
    EXPECT_TRUE(may_precede(kHash));
    EXPECT_FALSE(may_precede("0123456789012345678901234567890123456789"));
    EXPECT_FALSE(may_precede("192"));
    EXPECT_FALSE(may_precede("f"));
}

}  // namespace
}  // namespace ostrakon::responder
