// Files of partner keys: what is read, what is refused, and how their text changes.
#include "ostrakon/partner/key_file.hpp"

#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>

namespace ostrakon::partner {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kKey = "k2345678901234567890";

std::string lines_of(const std::vector<KeyEntry>& entries) {
    std::string text;
    for (const KeyEntry& entry : entries) {
        text += std::to_string(entry.line) + " " + entry.name + (entry.is_revoked ? " !" : " ") +
                entry.key + "\n";
    }
    return text;
}

TEST(KeyFile, HasAPartnerAndAKeyALine) {
    const auto entries = parse_key_file(
        "# all partners\r\n"
        "\n"
        "first\tK2345678901234567890\r\n"
        "  Second.one_-  !z2345678901234567890  # no longer\n"
        "first abcdefghij01234567890 # the next key",
        "keys");
    ASSERT_TRUE(entries) << message(entries.error());
    EXPECT_EQ(lines_of(*entries),
              "3 first k2345678901234567890\n"
              "4 Second.one_- !z2345678901234567890\n"
              "5 first abcdefghij01234567890\n");
    EXPECT_TRUE(parse_key_file("", "keys")->empty());
}

TEST(KeyFile, TellsEveryMistakeWithoutItsKey) {
    struct Case {
        std::string_view line;
        std::string_view expected;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"first", "keys:2: expected \"NAME KEY\""},
        {"first k2345678901234567890 more", "keys:2: expected \"NAME KEY\""},
        {"-x k2345678901234567890", "keys:2: the name of a partner"},
        {"a/b k2345678901234567890", "keys:2: the name of a partner"},
        {"first k234567890123456789", "keys:2: the key of first is none"},
        {"first 01234567890123456789", "keys:2: the key of first is none"},
        {"first abcdef01234567890123", "keys:2: the key of first is none"},
        {"first k234567890-234567890", "keys:2: the key of first is none"},
        {"first !", "keys:2: the key of first is none"},
        {"first !!k2345678901234567890", "keys:2: the key of first is none"},
        {"second Z2345678901234567890", "keys:2: the key of second stands in line 1, too"},
    });
    for (const auto& [line, expected] : kCases) {
        SCOPED_TRACE(line);
        const auto entries =
            parse_key_file("zero z2345678901234567890\n" + std::string{line} + "\n", "keys");
        ASSERT_FALSE(entries);
        EXPECT_THAT(message(entries.error()), HasSubstr(expected));
        EXPECT_THAT(message(entries.error()), Not(HasSubstr("2345678901234567890")));
    }
}

TEST(KeyFile, TellsAllMistakesAtOnceUpToABound) {
    std::string text;
    for (int i = 0; i < 30; ++i) {
        text += "wrong\n";
    }
    const auto entries = parse_key_file(text, "keys");
    ASSERT_FALSE(entries);
    EXPECT_THAT(message(entries.error()), HasSubstr("keys:20: "));
    EXPECT_THAT(message(entries.error()), Not(HasSubstr("keys:21: ")));
    EXPECT_THAT(message(entries.error()), HasSubstr("10 mistakes more"));
}

TEST(KeyFile, KnowsTheShapeOfAKey) {
    EXPECT_TRUE(looks_like_key(kKey));
    EXPECT_TRUE(looks_like_key(std::string(63, 'g')));
    EXPECT_FALSE(looks_like_key(std::string(64, 'g')));
    EXPECT_FALSE(looks_like_key(std::string(19, 'g')));
    EXPECT_FALSE(looks_like_key(std::string(20, 'f')));
    EXPECT_FALSE(looks_like_key(std::string(20, 'G')));
    EXPECT_FALSE(looks_like_key(std::string(20, 'g') + '\0'));
    EXPECT_FALSE(looks_like_key(std::string(20, 'g') + "\xC3\xBC"));
}

TEST(KeyFile, IsItsOwnersAlone) {
    const test::TemporaryDirectory directory;
    const auto file = directory.write("keys", "first k2345678901234567890\n");
    namespace fs = std::filesystem;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    ASSERT_TRUE(read_key_file(file));
    fs::permissions(file, fs::perms::group_read, fs::perm_options::add);
    const auto open_to_others = read_key_file(file);
    ASSERT_FALSE(open_to_others);
    EXPECT_THAT(message(open_to_others.error()), HasSubstr("mode 0640"));
    EXPECT_THAT(message(open_to_others.error()), HasSubstr("chmod 600"));
    const auto missing = read_key_file(directory.path() / "none");
    ASSERT_FALSE(missing);
    EXPECT_THAT(message(missing.error()), HasSubstr("ostrakon partner add"));
    EXPECT_FALSE(read_key_file(directory.path()));
}

TEST(KeyFile, GrowsByALine) {
    EXPECT_EQ(with_key("", "a", "k"), "a k\n");
    EXPECT_EQ(with_key("# open", "a", "k"), "# open\na k\n");
    EXPECT_EQ(with_key("b l\n", "a", "k"), "b l\na k\n");
}

TEST(KeyFile, KeepsAllButWhatIsRevoked) {
    const std::string before = "# a\n\nfirst  k2345678901234567890 # x\nfirst !abc\nlast y";
    EXPECT_EQ(with_revoked(before, {3, 4}),
              "# a\n\nfirst  !k2345678901234567890 # x\nfirst !abc\nlast y");
    EXPECT_EQ(with_revoked(before, {}), before);
    EXPECT_EQ(with_revoked("a b\n", {1}), "a !b\n");
    EXPECT_EQ(with_revoked("", {1}), "");
}

TEST(NewKey, IsAKeyAndEachTimeAnother) {
    std::set<std::string> keys;
    for (int i = 0; i < 100; ++i) {
        const auto key = new_key();
        ASSERT_TRUE(key);
        EXPECT_TRUE(looks_like_key(*key)) << *key;
        EXPECT_EQ(key->size(), 26U);
        keys.insert(*key);
    }
    EXPECT_EQ(keys.size(), 100U);
}

}  // namespace
}  // namespace ostrakon::partner
