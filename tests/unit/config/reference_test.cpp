// The words about keys, held against what reads the keys.
#include "ostrakon/config/reference.hpp"

#include "ostrakon/config/feed_catalogue.hpp"
#include "unit/config/site.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <set>

namespace ostrakon::config {
namespace {

using Keys = std::set<std::string>;

// No key is so much like it that one is suggested.
constexpr std::string_view kNonsense = "zzzzzzzzzzzz = 1\n";
constexpr std::string_view kZone =
    "origin = \"bl.example.org\"\nns = [\"ns1.example.net\"]\n"
    "contact = \"hostmaster@example.org\"\n";
constexpr std::string_view kHowToMend =
    "; the man pages are made of src/config/reference_*.cpp, which needs a line for it";

Keys words_of(std::span<const KeyReference> keys) {
    Keys words;
    for (const KeyReference& key : keys) {
        words.emplace(key.key);
    }
    return words;
}

Keys names_of(std::span<const TableReference> tables) {
    Keys words;
    for (const TableReference& table : tables) {
        if (table.form == TableForm::Top) {
            words.merge(words_of(table.keys));
        } else {
            words.emplace(table.name);
        }
    }
    return words;
}

// What the reader says that it would have known in place of the nonsense.
Keys known_keys(const std::vector<std::string>& mistakes) {
    constexpr std::string_view kBefore = "expected one of ";
    for (const std::string& mistake : mistakes) {
        const auto at = mistake.find(kBefore);
        if (mistake.find("unknown key \"zzz") == std::string::npos || at == std::string::npos) {
            continue;
        }
        Keys keys;
        std::string rest = mistake.substr(at + kBefore.size());
        for (auto comma = rest.find(", "); comma != std::string::npos; comma = rest.find(", ")) {
            keys.insert(rest.substr(0, comma));
            rest.erase(0, comma + 2);
        }
        keys.insert(rest);
        return keys;
    }
    ADD_FAILURE() << "nobody noticed the nonsense: " << testing::PrintToString(mistakes);
    return {};
}

void expect_same(const Keys& read, const Keys& described, const std::string& where) {
    for (const std::string& key : read) {
        EXPECT_TRUE(described.contains(key))
            << where << " knows the key " << key << ", which is nowhere described" << kHowToMend;
    }
    for (const std::string& key : described) {
        EXPECT_TRUE(read.contains(key)) << where << " has no key " << key << " to read any more";
    }
}

std::string heading(const TableReference& table) {
    switch (table.form) {
        case TableForm::Top:
            return "";
        case TableForm::Repeated:
            return fmt::format("[[{}]]\n", table.name);
        case TableForm::Once:
        case TableForm::OwnWords:
            return fmt::format("[{}]\n", table.name);
    }
    return "";
}

std::vector<std::string> mistakes_in_settings(std::string_view text) {
    return Site{text}.settings().mistakes;
}

std::vector<std::string> mistakes_in_zone(std::string_view text) {
    return Site{}.file("zones/bl.toml", text).zones().mistakes;
}

TEST(Reference, HasEveryKeyOfOstrakonToml) {
    expect_same(known_keys(mistakes_in_settings(kNonsense)), names_of(settings_reference()),
                "ostrakon.toml");
    for (const TableReference& table : settings_reference()) {
        if (table.form != TableForm::OwnWords) {
            expect_same(known_keys(mistakes_in_settings(heading(table) + std::string{kNonsense})),
                        words_of(table.keys), fmt::format("[{}] of ostrakon.toml", table.name));
        }
    }
}

TEST(Reference, HasEveryKeyOfAZone) {
    for (const TableReference& table : zone_reference()) {
        if (table.form != TableForm::OwnWords) {
            const Keys described =
                table.form == TableForm::Top ? names_of(zone_reference()) : words_of(table.keys);
            expect_same(known_keys(mistakes_in_zone(std::string{kZone} + heading(table) +
                                                    std::string{kNonsense})),
                        described, fmt::format("[{}] of a zone's file", table.name));
        }
    }
}

TEST(Reference, HasEveryKeyOfAFeedAndOfTheCatalogue) {
    const auto file = Site{}.file("feeds/partners.toml", kNonsense).settings().mistakes;
    expect_same(known_keys(file), words_of(feed_reference()), "a feed's file");

    Site site;
    site.file("feeds.toml", "[[feed]]\n" + std::string{kNonsense});
    Settings settings = default_settings();
    settings.file = site.path() / "ostrakon.toml";
    const auto catalogue = read_feed_catalogue(settings);
    ASSERT_FALSE(catalogue);
    std::vector<std::string> mistakes;
    std::string line;
    for (const char c : message(catalogue.error()) + "\n") {
        if (c == '\n') {
            mistakes.push_back(std::exchange(line, ""));
        } else {
            line += c;
        }
    }
    Keys read = known_keys(mistakes);
    for (const KeyReference& key : feed_reference()) {
        read.erase(std::string{key.key});
    }
    expect_same(read, words_of(catalogue_reference()), "the catalogue of feeds");
}

// What a table says may stand there: the values by default, or the examples.
std::string written(const TableReference& table, bool as_example) {
    std::string text;
    for (const KeyReference& key : table.keys) {
        const bool takes_example = key.by_default.empty() || (as_example && !key.example.empty());
        const std::string_view value = takes_example ? key.example : key.by_default;
        const bool is_own = table.form == TableForm::OwnWords;
        // A feed without an address needs none of what comes with one.
        if (!value.empty() && !(table.name == "feed" && !as_example && takes_example)) {
            text += fmt::format("{} = {}\n",
                                is_own ? (table.name == "a" ? "\"@\"" : "phish") : key.key, value);
        }
    }
    return text;
}

TEST(Reference, HasDefaultsAndExamplesThatCanBeRead) {
    for (const bool as_example : {false, true}) {
        std::string settings;
        for (const TableReference& table : settings_reference()) {
            if (table.name == "feed" && !as_example) {
                settings += "[[feed]]\nname = \"partners\"\n";
            } else {
                settings += heading(table);
            }
            settings += written(table, as_example);
        }
        Site site{settings};
        site.file("zones/keep", "").file("feeds/keep", "");
        EXPECT_THAT(site.settings().mistakes, testing::IsEmpty()) << settings;

        std::string zone;
        for (const TableReference& table : zone_reference()) {
            zone += heading(table) + written(table, as_example);
        }
        EXPECT_THAT(mistakes_in_zone(zone), testing::IsEmpty()) << zone;
    }
}

TEST(Reference, SaysOfEachKeyWhatItIs) {
    const auto check = [](std::string_view table, std::span<const KeyReference> keys) {
        for (const KeyReference& key : keys) {
            SCOPED_TRACE(fmt::format("[{}] {}", table, key.key));
            EXPECT_FALSE(key.type.empty());
            EXPECT_TRUE(key.meaning.ends_with('.'));
            EXPECT_FALSE(key.by_default.empty() && key.example.empty());
        }
    };
    for (const TableReference& table : settings_reference()) {
        check(table.name, table.keys);
    }
    for (const TableReference& table : zone_reference()) {
        check(table.name, table.keys);
    }
    check("feed of the catalogue", catalogue_reference());
}

}  // namespace
}  // namespace ostrakon::config
