// Domain names: how people write them, and the keys under which the database keeps them.
#include "ostrakon/dns/name.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <array>
#include <random>

namespace ostrakon::dns {
namespace {

using namespace std::string_view_literals;

Name name(std::string_view text) {
    auto parsed = parse_name(text);
    EXPECT_TRUE(parsed) << text;
    return parsed.value_or(Name{});
}

TEST(Name, IsReadAsPeopleWriteIt) {
    const std::string label63(63, 'a');
    const std::array<std::pair<std::string, std::string>, 19> cases{{
        {"example.com", "example.com"},
        {"Example.COM.", "example.com"},
        {"localhost", "localhost"},
        {"_dmarc.example.com", "_dmarc.example.com"},
        {"1.2.3.example.com", "1.2.3.example.com"},
        {"a-b.xn--p1ai", "a-b.xn--p1ai"},
        {label63 + ".com", label63 + ".com"},
        {"4chan", "4chan"},
        {"1a", "1a"},
        {"g", "g"},
        // IDNA2008, non-transitional
        {"b\xC3\xBC"
         "cher.example",
         "xn--bcher-kva.example"},
        {"B\xC3\x9C"
         "CHER.Example",
         "xn--bcher-kva.example"},
        {"bu\xCC\x88"
         "cher.example",
         "xn--bcher-kva.example"},
        {"fa\xC3\x9F.example", "xn--fa-hia.example"},
        {"\xE4\xBE\x8B\xE3\x80\x82"
         "example",
         "xn--fsq.example"},  // the ideographic full stop is a dot
        {"\xE4\xBE\x8B\xE3\x80\x82", "xn--fsq"},
        {"_a.b\xC3\xBC"
         "cher.example",
         "_a.xn--bcher-kva.example"},
        // an xn-- label that is no IDNA is a name all the same
        {"xn--a.example", "xn--a.example"},
        {"xn--a.b\xC3\xBC"
         "cher.example",
         "xn--a.xn--bcher-kva.example"},
    }};
    for (const auto& [text, canonical] : cases) {
        const auto parsed = parse_name(text);
        ASSERT_TRUE(parsed) << text << ": " << message(parsed.error());
        EXPECT_EQ(to_string(*parsed), canonical);
        EXPECT_EQ(name(canonical), *parsed);
    }
}

TEST(Name, IsRefusedWhereItIsNone) {
    const std::string label64(64, 'a');
    std::string long_name;
    for (int i = 0; i < 128; ++i) {
        long_name += "a.";
    }
    const std::vector<std::string> cases = {
        "",
        ".",
        "..",
        ".example.com",
        "example..com",
        "example.com..",
        "exam ple.com",
        "example.com\n",
        std::string("exam\0ple.com", 12),
        "exa\x7Fmple.com",
        "*.example.com",
        "=example.com",
        "user@example.com",
        "a/b",
        "a\\b.com",
        "http://example.com",
        label64 + ".com",
        long_name + "com",
        std::string(1025, 'a'),
        // what can only be part of an address
        "192.0.2.1",
        "2.1",
        "7",
        "0",
        "example.1",
        "example.007",
        "f",
        "example.a",
        "example.A",
        "example.0",
        "\xEF\xBC\x91\xEF\xBC\x99\xEF\xBC\x92.0.2.1",  // full-width digits
        "example.\xEF\xBC\x91",
        // no IDNA, no UTF-8
        "a\xE2\x80\xAE.example",
        "\xFF.example",
        "\xC3.example",
        "\xE2\x82.example",
    };
    for (const std::string& text : cases) {
        const auto parsed = parse_name(text);
        ASSERT_FALSE(parsed) << testing::PrintToString(text);
        EXPECT_EQ(parsed.error().code, ErrorCode::Usage);
        EXPECT_THAT(message(parsed.error()), testing::HasSubstr("mail.example.com"));
    }
}

TEST(Name, IsToldInAnErrorWithoutControlCharacters) {
    const auto parsed = parse_name("a\x1B[31m.example");
    ASSERT_FALSE(parsed);
    EXPECT_THAT(message(parsed.error()), testing::HasSubstr("a\\x1B[31m.example"));
}

TEST(Name, HasAtMost255Bytes) {
    const std::string label(61, 'a');  // 62 bytes in wire form
    const std::string four = label + "." + label + "." + label + "." + label;
    EXPECT_EQ(name(four + ".aaaag").wire().size(), kNameSizeMax);
    EXPECT_FALSE(parse_name(four + ".aaaaag"));
    std::string ones = "a";
    for (std::size_t i = 1; i < kLabelsMax - 1; ++i) {
        ones += ".a";
    }
    EXPECT_EQ(name(ones + ".g").label_count(), kLabelsMax);
    EXPECT_FALSE(parse_name(ones + ".a.g"));
}

TEST(Name, TakesLabelsOfAnyBytes) {
    const std::vector<std::string> labels{"John.Doe", std::string("\0\xFF \\", 4), "org"};
    const auto made = Name::from_labels(labels);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->wire(), std::string_view("\x08john.doe\x04\x00\xFF \\\x03org\x00", 19));
    EXPECT_EQ(to_string(*made), "john\\046doe.\\000\\255\\032\\092.org");
    EXPECT_FALSE(Name::from_labels(std::vector<std::string>{""}));
    EXPECT_FALSE(Name::from_labels(std::vector<std::string>{std::string(64, 'a')}));
    EXPECT_FALSE(Name::from_labels(std::vector<std::string>(128, "a")));
}

TEST(Name, IsTheRootByDefault) {
    EXPECT_TRUE(Name{}.is_root());
    EXPECT_EQ(Name{}.label_count(), 0U);
    EXPECT_EQ(to_string(Name{}), ".");
    EXPECT_EQ(reversed_key(Name{}), "");
    EXPECT_EQ(name_from_key(""), Name{});
}

TEST(Name, KnowsWhatItLiesBelow) {
    EXPECT_TRUE(name("a.example.com").is_at_or_below(name("example.com")));
    EXPECT_TRUE(name("example.com").is_at_or_below(name("example.com")));
    EXPECT_TRUE(name("example.com").is_at_or_below(Name{}));
    EXPECT_FALSE(name("example.com").is_at_or_below(name("a.example.com")));
    EXPECT_FALSE(name("notexample.com").is_at_or_below(name("example.com")));
    // the bytes of "\3com" at the end of a label are no label
    const auto trap = Name::from_labels(std::vector<std::string>{std::string("a\3com")});
    EXPECT_FALSE(trap->is_at_or_below(name("com")));
}

TEST(ReversedKey, HasTheLabelsFromTheRight) {
    EXPECT_EQ(reversed_key(name("mail.example.com")), "\3com\7example\4mail");
    EXPECT_EQ(name_from_key("\3com\7example\4mail"), name("mail.example.com"));
    EXPECT_EQ(key_label_count("\3com\7example\4mail"), 3U);
    EXPECT_EQ(key_prefix_size("\3com\7example\4mail", 0), 0U);
    EXPECT_EQ(key_prefix_size("\3com\7example\4mail", 2), 12U);
    EXPECT_EQ(key_prefix_size("\3com\7example\4mail", 3), 17U);
}

// Names of a small world, so that they are often equal, related, or one the beginning of another;
// labels of any bytes.
Name random_name(std::mt19937& random) {
    constexpr std::array<std::string_view, 9> kLabels{"a",    "b",  "ab",  "aa",  "com",
                                                      "\0"sv, "\1", "\1a", "\xFF"};
    std::vector<std::string> labels(random() % 5);
    for (std::string& label : labels) {
        label = kLabels[random() % kLabels.size()];
    }
    return Name::from_labels(labels).value();
}

TEST(ReversedKey, KeepsSubtreesTogether) {
    std::mt19937 random{20261122};
    std::vector<Name> names;
    for (int i = 0; i < 2000; ++i) {
        names.push_back(random_name(random));
    }
    std::sort(names.begin(), names.end(),
              [](const Name& a, const Name& b) { return reversed_key(a) < reversed_key(b); });
    for (int i = 0; i < 200; ++i) {
        const Name top = random_name(random);
        const std::string key = reversed_key(top);
        ASSERT_EQ(name_from_key(key), top);
        ASSERT_EQ(key_label_count(key), top.label_count());
        bool has_ended = false;
        bool has_begun = false;
        for (const Name& one : names) {
            const bool is_in = one.is_at_or_below(top);
            ASSERT_EQ(is_in, reversed_key(one).starts_with(key));
            ASSERT_FALSE(is_in && has_ended)
                << to_string(one) << " lies apart from the rest of " << to_string(top);
            has_ended = has_ended || (has_begun && !is_in);
            has_begun = has_begun || is_in;
            if (is_in) {
                ASSERT_EQ(key_prefix_size(reversed_key(one), top.label_count()), key.size());
            }
        }
    }
}

}  // namespace
}  // namespace ostrakon::dns
