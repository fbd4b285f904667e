// The languages that are shipped, and which of them a browser gets.
#include "ostrakon/web/languages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

namespace ostrakon::web {
namespace {

namespace fs = std::filesystem;

Languages shipped() {
    auto languages = Languages::read(OSTRAKON_WEB_TEXTS);
    EXPECT_TRUE(languages) << message(languages.error());
    return std::move(*languages);
}

std::set<std::string> places_in(const std::string& phrase) {
    static const std::regex kPlace("\\{([a-z]+)\\}");
    std::set<std::string> places;
    for (std::sregex_iterator found(phrase.begin(), phrase.end(), kPlace), end; found != end;
         ++found) {
        places.insert((*found)[1]);
    }
    return places;
}

TEST(Languages, SayTheSameEachInItsWords) {
    const Languages languages = shipped();
    ASSERT_EQ(languages.all().size(), 2U);
    const auto& first = languages.all().front().phrases();
    for (const Language& language : languages.all()) {
        EXPECT_EQ(language.phrases().size(), first.size()) << language.code();
        for (const auto& [key, phrase] : first) {
            EXPECT_FALSE(language.plain(key).empty()) << key;
            EXPECT_EQ(places_in(std::string(language.plain(key))), places_in(phrase)) << key;
        }
    }
}

TEST(Languages, HaveEveryPhraseThatPagesSay) {
    const Languages languages = shipped();
    static const std::regex kSaid(
        "(?:say|plain|problem|definition|figure|with_commands)\\((?:visit, (?:[0-9]+, "
        ")?)?\"([a-z_.]+)\"");
    int seen = 0;
    for (const auto& entry : fs::directory_iterator(OSTRAKON_WEB_SOURCES)) {
        std::ifstream file(entry.path());
        const std::string source(std::istreambuf_iterator<char>(file), {});
        for (std::sregex_iterator found(source.begin(), source.end(), kSaid), end; found != end;
             ++found, ++seen) {
            const std::string key = (*found)[1];
            const auto& phrases = languages.all().front();
            const bool is_there = phrases.has(key) || phrases.has(key + ".title") ||
                                  key.ends_with(".") || key.ends_with("_");
            EXPECT_TRUE(is_there) << key << " in " << entry.path();
        }
    }
    EXPECT_GT(seen, 40);
}

TEST(Languages, AreChosenAsTheBrowserLikes) {
    const Languages languages = shipped();
    const auto chosen = [&](std::string_view accepted) {
        return languages.choose(accepted).code();
    };
    EXPECT_EQ(chosen(""), "en");
    EXPECT_EQ(chosen("es"), "es");
    EXPECT_EQ(chosen("es-MX,es;q=0.9,en;q=0.8"), "es");
    EXPECT_EQ(chosen("de, es;q=0.3, en;q=0.7"), "en");
    EXPECT_EQ(chosen("ES"), "es");
    EXPECT_EQ(chosen("fr"), "en");
    EXPECT_EQ(chosen(";;;,q=,=;q=9"), "en");
    EXPECT_EQ(chosen(std::string(100'000, ',') + "es"), "en");
}

TEST(Language, FillsPlacesInAndNothingElse) {
    const Language language("en", {{"a", "{x} is <b> {y"}, {"b", "{z}{x}"}});
    EXPECT_EQ(language.say("a", {{"x", text("<i>")}}).html(), "&lt;i&gt; is &lt;b&gt; {y");
    EXPECT_EQ(language.say("b", {{"x", text("{z}")}}).html(), "{z}{z}");
    EXPECT_EQ(language.say("missing").html(), "missing");
}

}  // namespace
}  // namespace ostrakon::web
