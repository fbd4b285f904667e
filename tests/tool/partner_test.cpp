// ostrakon partner, and a zone's retirement: commands that write beside the configuration.
#include "site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace ostrakon::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

constexpr const char* kKeysFile = "[access]\nkeys_file = \"bl.keys\"\n";
constexpr const char* kZoneName = "bl.example.org";

std::string mode_of(const std::filesystem::path& file) {
    const auto bits = static_cast<unsigned>(std::filesystem::status(file).permissions());
    return std::to_string(bits / 64) + std::to_string(bits / 8 % 8) + std::to_string(bits % 8);
}

class PartnerCommand : public testing::Test {
protected:
    PartnerCommand() { site_.write_zone(kZoneName, kKeysFile); }

    std::filesystem::path keys() const { return site_.path() / "zones" / "bl.keys"; }
    Json list() const { return site_({"partner", "list", "--show-keys", "--json"}).json(); }

    Site site_;
};

TEST_F(PartnerCommand, AddMakesAKeyAndTheFile) {
    const Answer added = site_({"partner", "add", "mailhost", "--zone", "BL.example.org."});
    EXPECT_EQ(added.status, 0) << added.errors;
    EXPECT_THAT(added.output, MatchesRegex("[0-9a-z]+\\.bl\\.example\\.org\n\n  reject_rbl_client "
                                           "[0-9a-z]+\\.bl\\.example\\.org\n"));
    EXPECT_EQ(mode_of(keys()), "600");
    const Json rows = list();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0]["name"], "mailhost");
    EXPECT_EQ(rows[0]["state"], "active");
    EXPECT_THAT(added.output, StartsWith(rows[0]["key"].get<std::string>()));
}

TEST_F(PartnerCommand, AddLeavesAPartnerHisKeyUnlessHeWantsAnother) {
    const Json first = site_({"partner", "add", "a", "--json"}).json();
    EXPECT_EQ(first["added"], true);
    const Json again = site_({"partner", "add", "a", "--json"}).json();
    EXPECT_EQ(again["added"], false);
    EXPECT_EQ(again["origin"], first["origin"]);
    const Json another = site_({"partner", "add", "a", "--another", "--json"}).json();
    EXPECT_EQ(another["added"], true);
    EXPECT_NE(another["origin"], first["origin"]);
    EXPECT_EQ(site_({"partner", "revoke", "a", "--keep-newest", "--json"}).json()["revoked"], 1);
    const Json rows = list();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0]["state"], "revoked");
    EXPECT_EQ(rows[1]["state"], "active");
    EXPECT_THAT(another["origin"].get<std::string>(),
                StartsWith(rows[1]["key"].get<std::string>()));
}

TEST_F(PartnerCommand, RevokeKeepsTheLineAndTheRestOfTheFile) {
    site_.write("zones/bl.keys",
                "# ours\nfirst k2345678901234567890 # x\nother z2345678901234567890\n");
    std::filesystem::permissions(
        keys(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    EXPECT_EQ(site_({"partner", "revoke", "first"}).output, "1 key of first revoked\n");
    EXPECT_EQ(read_file(keys()),
              "# ours\nfirst !k2345678901234567890 # x\nother z2345678901234567890\n");
    EXPECT_EQ(site_({"partner", "revoke", "first", "--json"}).json()["changed"], false);
    EXPECT_EQ(site_({"partner", "revoke", "nobody"}).status, 1);
    const Answer shown = site_({"partner", "list"});
    EXPECT_THAT(shown.output, HasSubstr("revoked"));
    EXPECT_THAT(shown.output, Not(HasSubstr("2345678901234567890")));
    EXPECT_THAT(site_({"partner", "list", "--json"}).output, Not(HasSubstr("2345678901234567890")));
}

TEST_F(PartnerCommand, SaysWhatIsMissingOrWrong) {
    EXPECT_EQ(site_({"partner", "list"}).status, 2);  // no file yet
    EXPECT_EQ(site_({"partner", "add", "a b"}).status, 2);
    EXPECT_EQ(site_({"partner", "add", "a", "--zone", "other.example.org"}).status, 2);
    site_.write("zones/bl.keys", "wrong\n");
    const Answer open_to_all = site_({"partner", "add", "a"});
    EXPECT_EQ(open_to_all.status, 2);
    EXPECT_THAT(open_to_all.errors, HasSubstr("chmod 600"));
    std::filesystem::permissions(
        keys(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    EXPECT_THAT(site_({"partner", "add", "a"}).errors, HasSubstr("bl.keys:1: expected"));
    EXPECT_EQ(read_file(keys()), "wrong\n");
    site_.write_zone(kZoneName);
    EXPECT_THAT(site_({"partner", "add", "a", "--zone", kZoneName}).errors,
                HasSubstr("keys_file = \"bl.example.org.keys\""));
}

TEST_F(PartnerCommand, WhyReadsANameWithAKey) {
    ASSERT_EQ(site_({"ban", "192.0.2.7", "example.com", "--reason", "x"}).status, 0);
    const std::string origin = site_({"partner", "add", "a", "--json"}).json()["origin"];
    const Answer address = site_({"why", "7.2.0.192." + origin, "--json"});
    EXPECT_EQ(address.status, 0) << address.errors;
    EXPECT_EQ(address.json()["query"], "192.0.2.7");
    EXPECT_EQ(site_({"why", "mail.example.com." + origin}).status, 0);
    EXPECT_EQ(site_({"why", "8.2.0.192." + origin}).status, 1);
    EXPECT_EQ(site_({"why", origin}).status, 2);
    const Answer mistyped = site_({"why", "7.2.0.192.k2345678901234567890.bl.example.org"});
    EXPECT_EQ(mistyped.status, 2);
    EXPECT_THAT(mistyped.errors, HasSubstr("a key that nobody has"));
    ASSERT_EQ(site_({"partner", "revoke", "a"}).status, 0);
    EXPECT_THAT(site_({"why", "7.2.0.192." + origin}).errors, HasSubstr("revoked"));
}

TEST_F(PartnerCommand, TellsWhatSecondariesDoNotGet) {
    EXPECT_THAT(site_({"zone", "check"}).output, HasSubstr("so that ostrakond does not start"));
    ASSERT_EQ(site_({"partner", "add", "a"}).status, 0);
    ASSERT_EQ(site_({"partner", "add", "b"}).status, 0);
    ASSERT_EQ(site_({"partner", "revoke", "b"}).status, 0);
    EXPECT_THAT(site_({"zone", "check"}).output, Not(HasSubstr("leave out")));
    site_.write_zone(kZoneName, "sources = [\"own\", \"dynamic-names\"]\n" +
                                    std::string{kKeysFile} + "transfer = [\"192.0.2.53\"]\n");
    EXPECT_THAT(site_({"zone", "check"}).output,
                HasSubstr("leave out the built-in source dynamic-names and 1 partner key:"));
    ASSERT_EQ(site_({"ban", "rdns:*.adsl.example.net", "--reason", "x"}).status, 0);
    EXPECT_THAT(site_({"zone", "check", "--json"}).output,
                HasSubstr("leave out 1 own pattern (rdns:), the built-in source dynamic-names and "
                          "1 partner key:"));
    EXPECT_THAT(site_({"export", "--format", "plain", "--zone", kZoneName}).errors,
                HasSubstr("left out: partner keys (1)"));
    site_.write("zones/bl.keys", "wrong\n");
    const Answer wrong = site_({"zone", "check"});
    EXPECT_EQ(wrong.status, 2);
    EXPECT_THAT(wrong.errors, HasSubstr("bl.keys:1: expected"));
}

class RetireCommand : public testing::Test {
protected:
    RetireCommand() { site_({"ban", "192.0.2.7", "--reason", "spam"}); }

    std::string zone_file() const {
        return read_file(site_.path() / "zones" / "bl.example.org.toml");
    }
    std::string state() const { return site_({"zone", "list", "--json"}).json()[0]["state"]; }

    Site site_;
};

TEST_F(RetireCommand, WritesTheDayAndTakesItBack) {
    site_.write_zone(kZoneName, "[text]\n\"*\" = \"retired = no\"\n");
    const std::string before = zone_file();
    EXPECT_EQ(state(), "serving");
    const Json set = site_({"zone", "retire", kZoneName, "--on", "2399-05-01", "--json"}).json();
    EXPECT_EQ(set["state"], "retiring");
    EXPECT_EQ(set["retired"], "2399-05-01T00:00:00Z");
    EXPECT_EQ(set["changed"], true);
    EXPECT_GT(set["steps"].size(), 4U);
    EXPECT_THAT(zone_file(), HasSubstr("origin = \"bl.example.org\"\nretired = \"2399-05-01T00:"));
    EXPECT_EQ(state(), "retiring");
    EXPECT_EQ(site_({"zone", "retire", kZoneName, "--json"}).json()["changed"], false);
    EXPECT_EQ(site_({"why", "192.0.2.7"}).status, 0);
    EXPECT_THAT(site_({"zone", "check"}).output, HasSubstr("lists nothing from 2399-05-01"));

    ASSERT_EQ(site_({"zone", "retire", kZoneName, "--on", "2020-01-01", "--yes"}).status, 0);
    EXPECT_EQ(state(), "retired");
    const Answer why = site_({"why", "192.0.2.7", "--json"});
    EXPECT_EQ(why.status, 1);
    EXPECT_EQ(why.json()["listed"], false);
    EXPECT_EQ(site_({"why", "127.0.0.2"}).status, 1);
    EXPECT_THAT(site_({"export", "--format", "nftables", "--zone", kZoneName}).output,
                Not(HasSubstr("192.0.2.7")));
    const std::string exported = site_({"export", "--format", "bind", "--zone", kZoneName}).output;
    EXPECT_THAT(exported, HasSubstr("SOA"));
    EXPECT_THAT(exported, Not(HasSubstr("127.0.0.2")));

    EXPECT_EQ(site_({"zone", "retire", kZoneName, "--cancel", "--json"}).json()["state"],
              "serving");
    EXPECT_EQ(zone_file(), before);
    EXPECT_EQ(site_({"why", "192.0.2.7"}).status, 0);
}

TEST_F(RetireCommand, GivesAMonthsNotice) {
    const Answer hasty = site_({"zone", "retire", kZoneName, "--on", "2020-01-01"});
    EXPECT_EQ(hasty.status, 3);
    EXPECT_THAT(hasty.output, IsEmpty());
    EXPECT_THAT(hasty.errors, HasSubstr("RFC 6471"));
    EXPECT_THAT(zone_file(), Not(HasSubstr("retired")));
    const Answer planned = site_({"zone", "retire", kZoneName});
    EXPECT_EQ(planned.status, 0) << planned.errors;
    EXPECT_THAT(planned.output, HasSubstr("is retiring: "));
    EXPECT_THAT(planned.output, HasSubstr("[x] 1. "));
    EXPECT_EQ(state(), "retiring");
    EXPECT_EQ(site_({"zone", "retire", "other.example.org"}).status, 2);
    EXPECT_EQ(site_({"zone", "retire", kZoneName, "--on", "soon"}).status, 2);
    EXPECT_EQ(site_({"zone", "retire", kZoneName, "--on", "2399-01-01", "--cancel"}).status, 2);
}

TEST_F(RetireCommand, PutsAFileBackThatItCannotEdit) {
    site_.write("zones/bl.example.org.toml",
                "ns = [\"ns1.example.net\"]\ncontact = \"\"\"hostmaster\\\n"
                "@example.net\"\"\"\n\"retired\" = \"2399-01-01\"\norigin = \"bl.example.org\"\n");
    const std::string before = zone_file();
    const Answer refused = site_({"zone", "retire", kZoneName, "--on", "2399-05-01"});
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.errors, HasSubstr("by hand"));
    EXPECT_EQ(zone_file(), before);
}

}  // namespace
}  // namespace ostrakon::test
