// Maps, and bans of AS and countries, by the real tool.
#include "tool/site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kFirst =
    "192.0.2.0,192.0.2.127,64500\n198.51.100.0,198.51.100.255,64501\n";
constexpr std::string_view kSecond =
    "192.0.2.0,192.0.2.127,64500\n192.0.2.160,192.0.2.191,64500\n198.51.100.0,198.51.100.127,"
    "64501\n";

class MapCommand : public ::testing::Test {
protected:
    Answer take(std::string_view rows, std::vector<std::string> more = {}) const {
        std::vector<std::string> words{"import", "-", "--source", "routes"};
        words.insert(words.end(), more.begin(), more.end());
        return site_(words, std::string{rows});
    }
    Site site_;
};

TEST_F(MapCommand, IsNamedBySource) {
    const Answer unnamed = site_({"import", "-"}, std::string{kFirst});
    EXPECT_EQ(unnamed.status, 2);
    EXPECT_THAT(
        unnamed.errors,
        HasSubstr("is a map (range-csv), no list of bans (name the map with --source NAME)"));
    EXPECT_EQ(take(kFirst, {"--class", "isp"}).status, 2);
    const Answer named = take(kFirst);
    EXPECT_EQ(named.status, 0) << named.errors;
    EXPECT_THAT(named.output, HasSubstr("2 rows read as range-csv (recognised"));
    EXPECT_THAT(named.output, HasSubstr("map routes: 2 ranges added, 0 changed, 0 removed"));
    EXPECT_THAT(site_({"stats"}).output, HasSubstr("routes"));
    const Json map = site_({"stats", "--json"}).json()["maps"][0];
    EXPECT_EQ(map["as_ranges"], 2);
    EXPECT_EQ(map["asked_for_as"], true);
    EXPECT_EQ(map["asked_for_country"], false);
}

TEST_F(MapCommand, OfADryRunMakesNoDatabase) {
    const Answer answer = take(kFirst, {"--dry-run"});
    EXPECT_EQ(answer.status, 0) << answer.errors;
    EXPECT_THAT(answer.output, HasSubstr("dry run, nothing has changed"));
    EXPECT_EQ(site_({"stats"}).status, 4);
}

TEST_F(MapCommand, ShowsWhatItMakesOfABan) {
    ASSERT_EQ(take(kFirst).status, 0);
    const Answer banned = site_({"ban", "AS64500", "AS64501", "AS64502", "--reason", "spam"});
    EXPECT_EQ(banned.status, 0) << banned.errors;
    EXPECT_THAT(banned.errors, HasSubstr("AS64500: 1 prefix, 128 addresses (map routes of 20"));
    EXPECT_THAT(banned.errors, HasSubstr("AS64502: no map knows it (map routes of 20"));
    EXPECT_THAT(banned.output, HasSubstr("AS64500 is banned (isp) for ever: 128 addresses"));
    EXPECT_THAT(banned.output, HasSubstr(": 384 addresses\n"));
    const Answer tried = take(kSecond, {"--dry-run"});
    EXPECT_EQ(tried.status, 0) << tried.errors;
    EXPECT_THAT(tried.output, HasSubstr("AS64500: 1 prefix, 128 addresses → 2, 160\n"));
    EXPECT_THAT(tried.output, HasSubstr("AS64501: 1 prefix, 256 addresses → 1, 128\n"));
    EXPECT_THAT(tried.output,
                HasSubstr("AS64502: 0 prefixes, 0 addresses → 0, 0 (no map knows it"));
    EXPECT_EQ(site_({"why", "192.0.2.170"}).status, 1);
    const Answer taken = take(kSecond);
    EXPECT_THAT(taken.errors, HasSubstr("AS64500: 1 prefix, 128 addresses → 2, 160\n"));
    EXPECT_EQ(site_({"why", "192.0.2.170"}).status, 0);
    EXPECT_EQ(site_({"check"}).status, 0);
}

TEST_F(MapCommand, IsHeldWhereAnAsGrowsMoreThanTenfold) {
    ASSERT_EQ(take("192.0.2.0,192.0.2.0,64500\n").status, 0);
    ASSERT_EQ(site_({"ban", "AS64500", "--reason", "spam"}).status, 0);
    const Answer held = take(kFirst, {"--json"});
    EXPECT_EQ(held.status, 3);
    EXPECT_EQ(held.output, "");
    EXPECT_THAT(held.errors, HasSubstr("AS64500: 1 prefix, 1 address → 1, 128\n"));
    EXPECT_THAT(held.errors, HasSubstr("it would grow more than tenfold"));
    EXPECT_THAT(held.errors, HasSubstr("(--yes accepts it all the same)"));
    EXPECT_EQ(take(kFirst, {"--yes"}).status, 0);
}

TEST_F(MapCommand, IsReportedInJson) {
    ASSERT_EQ(take(kFirst).status, 0);
    const Json banned = site_({"ban", "AS64500", "--reason", "spam", "--json"}).json();
    EXPECT_EQ(banned["addresses"], 128);
    EXPECT_EQ(banned["listings"][0]["subject"], "AS64500");
    EXPECT_EQ(banned["listings"][0]["class"], "isp");
    const Json report = take(kSecond, {"--json"}).json();
    EXPECT_GT(report["change"], 0);
    EXPECT_EQ(report["read"], 3);
    EXPECT_EQ(report["added"], 2);
    EXPECT_EQ(report["removed"], 1);
    EXPECT_EQ(report["unchanged"], 1);
    EXPECT_EQ(report["map"], "routes");
    EXPECT_EQ(report["origins"][0]["subject"], "AS64500");
    EXPECT_EQ(report["origins"][0]["addresses_before"], 128);
    EXPECT_EQ(report["origins"][0]["addresses"], 160);
}

TEST_F(MapCommand, IsNamedByWhy) {
    ASSERT_EQ(take(kFirst).status, 0);
    const Answer unlisted = site_({"why", "192.0.2.7"});
    EXPECT_EQ(unlisted.status, 1);
    EXPECT_THAT(unlisted.output, HasSubstr("It belongs to AS64500, says map routes of 20"));
    ASSERT_EQ(site_({"ban", "AS64500", "--reason", "spam"}).status, 0);
    const Answer listed = site_({"why", "192.0.2.7"});
    EXPECT_EQ(listed.status, 0);
    EXPECT_THAT(listed.output, HasSubstr("answers  AS64500 by map routes  own #1, isp - spam"));
    const Json json = site_({"why", "192.0.2.7", "--json"}).json();
    EXPECT_EQ(json["origins"][0]["subject"], "AS64500");
    EXPECT_EQ(json["origins"][0]["map"], "routes");
    EXPECT_EQ(json["matches"][0]["map"], "routes");
    const Answer not_one = site_({"why", "AS64500"});
    EXPECT_EQ(not_one.status, 2);
    EXPECT_THAT(not_one.errors, HasSubstr("ostrakon show"));
}

TEST_F(MapCommand, LetsAnAsBeListedShownAndLifted) {
    ASSERT_EQ(take(kFirst).status, 0);
    ASSERT_EQ(site_({"ban", "as64500", "country:de", "192.0.2.7", "--reason", "spam"}).status, 0);
    const Json rows = site_({"list", "--json"}).json();
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0]["subject"], "192.0.2.7");
    EXPECT_EQ(rows[1]["subject"], "AS64500");
    EXPECT_EQ(rows[2]["subject"], "country:DE");
    EXPECT_THAT(site_({"list", "--class", "country"}).output, Not(HasSubstr("AS64500")));
    EXPECT_EQ(site_({"show", "AS64500", "--json"}).json()[0]["class"], "isp");
    EXPECT_THAT(site_({"history", "AS64500"}).output, HasSubstr("banned"));
    const Json lifted = site_({"unban", "AS64500", "--reason", "sold", "--json"}).json();
    EXPECT_EQ(lifted["addresses"], 128);
    const Json undone = site_({"undo", lifted["change"].dump(), "--json"}).json();
    EXPECT_EQ(undone["addresses"], 128);
    EXPECT_EQ(site_({"why", "192.0.2.8"}).status, 0);
    EXPECT_EQ(site_({"check"}).status, 0);
}

TEST_F(MapCommand, IsUndone) {
    const Json first = take(kFirst, {"--json"}).json();
    ASSERT_EQ(site_({"ban", "AS64500", "AS64501", "--reason", "spam"}).status, 0);
    const Json second = take(kSecond, {"--json"}).json();
    EXPECT_EQ(site_({"why", "192.0.2.170"}).status, 0);
    const Json undone = site_({"undo", second["change"].dump(), "--json"}).json();
    EXPECT_EQ(undone["addresses"], 160);
    EXPECT_EQ(site_({"why", "192.0.2.170"}).status, 1);
    EXPECT_EQ(site_({"why", "198.51.100.200"}).status, 0);
    EXPECT_EQ(site_({"check"}).status, 0);
    // An undo can be undone, too.
    EXPECT_EQ(site_({"undo", undone["change"].dump()}).status, 0);
    EXPECT_EQ(site_({"why", "192.0.2.170"}).status, 0);
    const Answer late = site_({"undo", first["change"].dump()});
    EXPECT_THAT(late.errors, HasSubstr("map routes: it has been taken in anew since"));
    EXPECT_EQ(site_({"list", "--json"}).json().size(), 2U);
    EXPECT_EQ(site_({"check"}).status, 0);
}

TEST_F(MapCommand, IsGoneWhereItsFirstImportIsUndone) {
    const Json first = take(kFirst, {"--json"}).json();
    ASSERT_EQ(site_({"ban", "AS64500", "--reason", "spam"}).status, 0);
    const Json undone = site_({"undo", first["change"].dump(), "--json"}).json();
    EXPECT_EQ(undone["addresses"], 128);
    EXPECT_EQ(site_({"why", "192.0.2.7"}).status, 1);
    EXPECT_EQ(site_({"stats", "--json"}).json()["maps"].size(), 0U);
    EXPECT_EQ(site_({"check"}).status, 0);
    EXPECT_EQ(site_({"undo", undone["change"].dump()}).status, 0);
    EXPECT_EQ(site_({"why", "192.0.2.7"}).status, 0);
    EXPECT_EQ(site_({"check"}).status, 0);
}

TEST_F(MapCommand, IsBackedUpAndRestored) {
    ASSERT_EQ(take(kFirst).status, 0);
    ASSERT_EQ(site_({"ban", "AS64500", "--reason", "spam"}).status, 0);
    const std::string copy = (site_.path() / "copy.mdb").string();
    ASSERT_EQ(site_({"backup", copy}).status, 0);
    ASSERT_EQ(take("203.0.113.0,203.0.113.255,64501\n", {"--replace"}).status, 0);
    EXPECT_EQ(site_({"why", "192.0.2.7"}).status, 1);
    const Answer restored = site_({"restore", copy, "--yes"});
    EXPECT_EQ(restored.status, 0) << restored.errors;
    EXPECT_EQ(site_({"why", "192.0.2.7"}).status, 0);
    EXPECT_EQ(site_({"check"}).status, 0);
}

TEST_F(MapCommand, IsCheckedAgainstTheMd5BesideIt) {
    const std::string text =
        "2|ripencc|1|1|19700101|20260924|+0200\n"
        "ripencc|DE|ipv4|192.0.2.0|256|20110811|allocated|a\n";
    const std::string file = site_.write("delegated", text).string();
    site_.write("delegated.md5", "MD5 (delegated) = 00000000000000000000000000000000");
    const Answer other = site_({"import", file, "--source", "ripencc"});
    EXPECT_EQ(other.status, 2);
    EXPECT_THAT(other.errors, HasSubstr("its MD5 is not the one in"));
    site_.write("delegated.md5", "nothing of use");
    const Answer taken = site_({"import", file, "--source", "ripencc"});
    EXPECT_EQ(taken.status, 0) << taken.errors;
    EXPECT_THAT(site_({"why", "192.0.2.7"}).output,
                HasSubstr("It belongs to country:DE, says map ripencc of 2026-09-24."));
}

}  // namespace
}  // namespace ostrakon::test
