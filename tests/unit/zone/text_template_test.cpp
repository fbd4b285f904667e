// Templates of TXT records: what they become, and how mistakes in them are told.
#include "ostrakon/zone/text_template.hpp"

#include "support/allocation_counter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <array>

namespace ostrakon::zone {
namespace {

using testing::HasSubstr;

constexpr std::string_view kDefaultText =
    "{subject} is blocked ({class})[, see {url}][ - {reason}]";

std::string expand(std::string_view text, const TextValues& values,
                   std::size_t room = kTextSizeMax + 100) {
    const auto parsed = TextTemplate::parse(text);
    if (!parsed) {
        ADD_FAILURE() << message(parsed.error());
        return {};
    }
    std::string out(room, '#');
    out.resize(parsed->expand(values, out));
    return out;
}

TEST(TextTemplate, FillsEveryPlaceholder) {
    const TextValues values{.subject = "192.0.2.0/24",
                            .query = "192.0.2.1",
                            .listing_class = "ip",
                            .source = "own",
                            .zone = "bl.example.org",
                            .reason = "spam run",
                            .since = "2026-11-01T00:00:00Z",
                            .until = "2026-12-01T00:00:00Z",
                            .id = "17",
                            .url = "https://bl.example.org/why/192.0.2.1",
                            .removal = "https://example.net/remove"};
    EXPECT_EQ(expand("{subject}|{query}|{class}|{source}|{zone}|{reason}|{since}|{until}|{id}|{url}"
                     "|{removal}",
                     values),
              "192.0.2.0/24|192.0.2.1|ip|own|bl.example.org|spam "
              "run|2026-11-01T00:00:00Z|2026-12-01T00:00:00Z|17|"
              "https://bl.example.org/why/192.0.2.1|https://example.net/remove");
}

TEST(TextTemplate, LeavesOutPartsWhosePlaceholderIsEmpty) {
    struct Case {
        std::string_view text, reason, url, expected;
    };
    constexpr auto kCases = std::to_array<Case>({
        {kDefaultText, "", "", "192.0.2.1 is blocked (ip)"},
        {kDefaultText, "spam", "", "192.0.2.1 is blocked (ip) - spam"},
        {kDefaultText, "", "https://e/", "192.0.2.1 is blocked (ip), see https://e/"},
        {kDefaultText, "spam", "https://e/", "192.0.2.1 is blocked (ip), see https://e/ - spam"},
        {"[{reason} {url}]", "spam", "", ""},
        {"[{reason} {url}]", "", "u", ""},
        {"[{reason} {url}]", "spam", "u", "spam u"},
        {"a{reason}b", "", "", "ab"},
        // brackets without a placeholder are text
        {"[spam] {reason}", "r", "", "[spam] r"},
        {"[] {{[x]}}", "", "", "[] {[x]}"},
        {"[{{reason}}]", "", "", "[{reason}]"},
        {"a] b", "", "", "a] b"},
        {"a [ b", "", "", "a [ b"},
        // parts in one another look at their own placeholders
        {"[ - {reason}[, see {url}]]", "r", "", " - r"},
        {"[ - {reason}[, see {url}]]", "r", "u", " - r, see u"},
        {"[ - {reason}[, see {url}]]", "", "u", ""},
        {"[see [1] {url}]", "", "u", "see [1] u"},
        {"[see [1] {url}]", "", "", ""},
        {"[a [b {url}] c]", "", "u", "[a b u c]"},
        {"[a [b {url}] c]", "", "", "[a  c]"},
    });
    for (const auto& [text, reason, url, expected] : kCases) {
        SCOPED_TRACE(text);
        EXPECT_EQ(
            expand(text,
                   {.subject = "192.0.2.1", .listing_class = "ip", .reason = reason, .url = url}),
            expected);
    }
}

TEST(TextTemplate, ExpandsOnce) {
    EXPECT_EQ(expand("{reason}", {.reason = "{subject} [x {url}] }} {{"}),
              "{subject} [x {url}] }} {{");
}

TEST(TextTemplate, MakesControlCharactersBlanksAndKeepsAllElse) {
    EXPECT_EQ(expand("a\tb{reason}",
                     {.reason = std::string_view{"\0\r\n\x1B[31m\x7F\"\\\xC3\xBC\x80\xFF", 15}}),
              "a b    [31m \"\\\xC3\xBC\x80\xFF");
}

TEST(TextTemplate, GivesNothingWhenEmpty) {
    EXPECT_EQ(expand("", {.reason = "r"}), "");
    EXPECT_EQ(expand("{reason}", {}), "");
    std::array<char, 8> out{};
    EXPECT_EQ(TextTemplate{}.expand({.reason = "r"}, out), 0U);
}

TEST(TextTemplate, KnowsItsPlaceholders) {
    const auto parsed = TextTemplate::parse("{subject}[ {reason}] {{url}}");
    ASSERT_TRUE(parsed);
    EXPECT_TRUE(parsed->uses(Placeholder::Subject));
    EXPECT_TRUE(parsed->uses(Placeholder::Reason));
    EXPECT_FALSE(parsed->uses(Placeholder::Url));
    EXPECT_FALSE(TextTemplate{}.uses(Placeholder::Subject));
}

TEST(TextTemplate, TellsMistakesWithTheirPlace) {
    struct Case {
        std::string_view text;
        std::string_view place;
        std::string_view why;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"{rason}", "character 1", "{rason}"},
        {"see {url} - {Reason}", "character 13", "{Reason}"},
        {"{}", "character 1", "{}"},
        {"{\x1B\n}", "character 1", "{\\x1B\\n}"},
        {"\xC3\xBC\xE2\x82\xAC {x}", "character 4", "{x}"},
        {"{reason", "character 1", "never closed"},
        {"a {", "character 3", "never closed"},
        {"{reason {url}", "character 1", "never closed"},
        {"{reason}}", "character 9", "closes nothing"},
        {"a } b", "character 3", "closes nothing"},
        {"{{{reason}", "", ""},
        {"a [see {url}", "character 3", "never closed"},
        {"[a][b {url}", "character 4", "never closed"},
    });
    for (const auto& [text, place, why] : kCases) {
        SCOPED_TRACE(text);
        const auto parsed = TextTemplate::parse(text);
        ASSERT_EQ(parsed.has_value(), why.empty());
        if (!parsed) {
            EXPECT_EQ(parsed.error().code, ErrorCode::Usage);
            EXPECT_THAT(message(parsed.error()), testing::AllOf(HasSubstr(place), HasSubstr(why)));
        }
    }
}

TEST(TextTemplate, RefusesTemplatesBeyondItsBound) {
    EXPECT_TRUE(TextTemplate::parse(std::string(kTemplateSizeMax, 'a')));
    EXPECT_FALSE(TextTemplate::parse(std::string(kTemplateSizeMax + 1, 'a')));
}

TEST(TextTemplate, CutsBetweenCharacters) {
    struct Case {
        std::string_view reason;
        std::size_t room;
        std::string_view expected;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"abc", 3, "abc"},
        {"abc", 2, "ab"},
        {"abc", 0, ""},
        {"a\xC3\xBC", 3, "a\xC3\xBC"},
        {"a\xC3\xBC", 2, "a"},
        {"\xE2\x82\xAC", 2, ""},
        {"a\xF0\x9F\x98\x80z", 4, "a"},
        {"a\xF0\x9F\x98\x80z", 5, "a\xF0\x9F\x98\x80"},
        // bytes that are no UTF-8 are characters of their own
        {"\x80\x80\x80\x80\x80\x80", 5, "\x80\x80\x80\x80\x80"},
        {"a\xC3\xBC\xBC", 3, "a\xC3\xBC"},
        {"a\xFF\x80", 2, "a\xFF"},
    });
    for (const auto& [reason, room, expected] : kCases) {
        SCOPED_TRACE(testing::Message() << reason << " in " << room);
        EXPECT_EQ(expand("{reason}", {.reason = reason}, room), expected);
    }
}

TEST(TextTemplate, StopsAtFourStrings) {
    const std::string reason(5000, 'r');
    EXPECT_EQ(expand("{reason}{id}", {.reason = reason, .id = "17"}),
              std::string(kTextSizeMax, 'r'));
    EXPECT_EQ(expand("{reason}", {.reason = reason}, 10), "rrrrrrrrrr");
}

TEST(TextTemplate, AllocatesNothingWhenExpanded) {
    const auto parsed = TextTemplate::parse(kDefaultText);
    ASSERT_TRUE(parsed);
    const std::string reason(2000, 'r');
    std::array<char, kTextSizeMax> out;
    const auto before = test::allocation_count();
    const auto size =
        parsed->expand({.subject = "192.0.2.1", .listing_class = "ip", .reason = reason}, out);
    EXPECT_EQ(test::allocation_count(), before);
    EXPECT_EQ(size, kTextSizeMax);
}

TEST(AllocationCounter, SeesAllocations) {
    const auto before = test::allocation_count();
    const auto text = std::make_unique<std::string>(100, 'a');
    EXPECT_EQ(test::allocation_count(), before + 2);
}

std::vector<std::string> strings_of(std::string_view text) {
    std::array<std::size_t, 4> lengths{};
    const std::size_t count = split_character_strings(text, lengths);
    std::vector<std::string> strings;
    for (std::size_t i = 0; i < count; ++i) {
        strings.emplace_back(text.substr(0, lengths[i]));
        text.remove_prefix(lengths[i]);
    }
    return strings;
}

std::string repeat(std::string_view piece, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) {
        text += piece;
    }
    return text;
}

TEST(CharacterStrings, AreCutAt255BytesBetweenCharacters) {
    const std::string umlauts = repeat("\xC3\xBC", 127);       // 254 bytes
    const std::string faces = repeat("\xF0\x9F\x98\x80", 63);  // 252 bytes
    const std::string noise(255, '\x80');
    struct Case {
        std::string text;
        std::vector<std::string> expected;
    };
    const std::initializer_list<Case> cases = {
        {"", {}},
        {"a", {"a"}},
        {std::string(255, 'a'), {std::string(255, 'a')}},
        {std::string(256, 'a'), {std::string(255, 'a'), "a"}},
        {umlauts + "\xC3\xBCz", {umlauts, "\xC3\xBCz"}},
        {faces + faces + "z", {faces, faces + "z"}},
        {noise + noise, {noise, noise}},
        {std::string(1020, 'a'), std::vector(4, std::string(255, 'a'))},
        {std::string(1021, 'a'), std::vector(4, std::string(255, 'a'))},
        {repeat(umlauts, 4) + "\xC3\xBC", std::vector(4, umlauts)},
    };
    for (const auto& [text, expected] : cases) {
        EXPECT_EQ(strings_of(text), expected) << text.size() << " bytes";
    }
}

}  // namespace
}  // namespace ostrakon::zone
