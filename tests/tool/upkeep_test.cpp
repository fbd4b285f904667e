// expire, check, stats, zone list, zone check.
#include "ostrakon/store/environment.hpp"
#include "ostrakon/store/transaction.hpp"
#include "site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(Expire, TidiesUpWhatHasEnded) {
    const Site site;
    ASSERT_EQ(
        site({"import", "-"}, "subject,until\n192.0.2.7,2020-01-01\n192.0.2.8,2999-01-01\n").status,
        0);
    const Answer answer = site({"expire"});
    EXPECT_EQ(answer.status, 0);
    EXPECT_THAT(answer.output, StartsWith("192.0.2.7 (ip) has ended: 1 address\n"));
    const Json again = site({"expire", "--json"}).json();
    EXPECT_EQ(again["changed"], false);
    EXPECT_TRUE(again["change"].is_null());
    EXPECT_EQ(again["listings"], Json::array());
    EXPECT_EQ(site({"list", "--json"}).json().size(), 1U);
    EXPECT_EQ(site({"expire", "--quiet"}).output, "");
}

TEST(Check, IsOkWhereWhatIsServedWasDecided) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.0/24", "example.com", "2001:db8::7", "--reason", "x"}).status,
              0);
    const Answer answer = site({"check"});
    EXPECT_EQ(answer.status, 0);
    EXPECT_EQ(answer.output, "ok: what is served equals what was decided\n");
    EXPECT_EQ(site({"check", "--json"}).json()["ok"], true);
    EXPECT_EQ(site({"check", "--json"}).json()["differences"], 0);
    EXPECT_EQ(site({"check", "--quiet"}).output, "");
}

TEST(Check, FindsWhatIsMissingInTheIndex) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.0/24", "--reason", "x"}).status, 0);
    {
        auto environment = store::Environment::open(
            {.directory = site.database(), .access = store::Access::ReadWrite, .size_bytes = {}});
        ASSERT_TRUE(environment);
        auto transaction = store::WriteTransaction::begin(*environment);
        ASSERT_TRUE(transaction);
        transaction->clear(store::Table::IndexIpv4);
        ASSERT_TRUE(transaction->commit());
    }
    const Answer answer = site({"check"});
    EXPECT_EQ(answer.status, 1);
    EXPECT_THAT(answer.output, StartsWith("not ok: "));
    EXPECT_THAT(answer.output, HasSubstr("192.0."));
    const Json json = site({"check", "--json"}).json();
    EXPECT_EQ(json["ok"], false);
    EXPECT_GT(json["differences"], 0);
    EXPECT_THAT(answer.errors, HasSubstr("check --repair"));

    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 0);  // the truth still has it
    const Answer repaired = site({"check", "--repair"});
    EXPECT_EQ(repaired.status, 0) << repaired.errors;
    EXPECT_EQ(repaired.output,
              "repaired 1 difference\nok: what is served equals what was decided\n");
    EXPECT_EQ(site({"check", "--repair", "--json"}).json()["repaired"], 0);
    EXPECT_EQ(site({"check"}).status, 0);
    EXPECT_THAT(site({"history"}).output, HasSubstr("check --repair"));
}

TEST(Check, FindsWhatIsMissingInTheFilterOfTheNames) {
    const Site site;
    ASSERT_EQ(site({"ban", "example.com", "--reason", "x"}).status, 0);
    {
        auto environment = store::Environment::open(
            {.directory = site.database(), .access = store::Access::ReadWrite, .size_bytes = {}});
        ASSERT_TRUE(environment);
        auto transaction = store::WriteTransaction::begin(*environment);
        ASSERT_TRUE(transaction);
        transaction->clear(store::Table::NameFilter);
        ASSERT_TRUE(transaction->commit());
    }
    const Answer answer = site({"check"});
    EXPECT_EQ(answer.status, 1);
    EXPECT_THAT(answer.output, HasSubstr("filter of names"));
    // A change that cannot follow it says what to do.
    const Answer unban = site({"unban", "example.com", "--reason", "x"});
    EXPECT_NE(unban.status, 0);
    EXPECT_THAT(unban.errors, HasSubstr("check --repair"));
    EXPECT_EQ(site({"check", "--repair"}).status, 0);
    EXPECT_EQ(site({"check"}).status, 0);
    EXPECT_EQ(site({"unban", "example.com", "--reason", "x"}).status, 0);
}

TEST(Stats, HasTheFiguresOfTheDatabase) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.7", "192.0.2.8", "--reason", "x"}).status, 0);
    ASSERT_EQ(site({"allow", "192.0.2.9", "--reason", "x"}).status, 0);
    ASSERT_EQ(site({"unban", "192.0.2.8", "--reason", "x"}).status, 0);
    ASSERT_EQ(site({"import", "-", "--source", "feed"}, "198.51.100.1\n198.51.100.2\n").status, 0);
    const Answer answer = site({"stats"});
    EXPECT_EQ(answer.status, 0);
    EXPECT_THAT(answer.output, HasSubstr("own bans        1\n"));
    EXPECT_THAT(answer.output, HasSubstr("own allows      1\n"));
    EXPECT_THAT(answer.output, HasSubstr("history         1 ended listing\n"));
    EXPECT_THAT(answer.output, HasSubstr("feed  2 "));
    const Json json = site({"stats", "--json"}).json();
    EXPECT_EQ(json["own_listings"], 1);
    EXPECT_EQ(json["own_allows"], 1);
    EXPECT_EQ(json["feeds"][0]["name"], "feed");
    EXPECT_EQ(json["feeds"][0]["entries"], 2);
    EXPECT_GT(json["serial"], 0);
    EXPECT_EQ(json["size_bytes"], 1U << 30);
}

TEST(ZoneList, HasSerialAndState) {
    const Site site;
    site.write_zone("wl.example.org", "classes = [\"allow\"]\n");
    ASSERT_EQ(site({"ban", "192.0.2.7", "--reason", "x"}).status, 0);
    const Answer answer = site({"zone", "list"});
    EXPECT_EQ(answer.status, 0);
    EXPECT_THAT(answer.output, HasSubstr("bl.example.org"));
    const Json json = site({"zone", "list", "--json"}).json();
    ASSERT_EQ(json.size(), 2U);
    EXPECT_EQ(json[0]["zone"], "bl.example.org");
    EXPECT_TRUE(json[0]["serial"].is_number_unsigned());
    EXPECT_TRUE(json[0]["state"].is_string());
    const auto serial = json[0]["serial"].get<std::uint32_t>();
    ASSERT_EQ(site({"ban", "192.0.2.8", "--reason", "x"}).status, 0);
    EXPECT_GT(site({"zone", "list", "--json"}).json()[0]["serial"], serial);
}

TEST(ZoneCheck, IsContentWithGoodZones) {
    const Site site;
    const Answer answer = site({"zone", "check"});
    EXPECT_EQ(answer.status, 0);
    EXPECT_EQ(answer.output, "ok: 1 zone\n");
    EXPECT_EQ(site({"zone", "check", "--json"}).json()["ok"], true);
}

TEST(ZoneCheck, NamesEveryMistakeWithItsPlace) {
    const Site site;
    site.write_zone("bl.example.org", "ttl = \"5 minutes\"\nsource = [\"own\"]\n");
    site.write_zone("two.example.org", "classes = [\"nope\"]\n");
    const Answer answer = site({"zone", "check", "--json"});
    EXPECT_EQ(answer.status, 2);
    EXPECT_THAT(answer.output, IsEmpty());
    EXPECT_THAT(answer.errors, HasSubstr("bl.example.org.toml:4:"));
    EXPECT_THAT(answer.errors, HasSubstr("bl.example.org.toml:5:"));
    EXPECT_THAT(answer.errors, HasSubstr("two.example.org.toml:4:"));
}

TEST(ZoneCheck, TellsNamesThatHideOthers) {
    const Site site;
    site.write_zone(
        "bl.example.org",
        "[a]\ntest = [\"192.0.2.80\"]\n\"7.2.0.192\" = [\"192.0.2.80\"]\nwww = [\"192.0.2.80\"]\n");
    site.write_zone("127.bl.example.org");
    const Answer answer = site({"zone", "check"});
    EXPECT_EQ(answer.status, 0) << answer.errors;
    EXPECT_THAT(answer.output, HasSubstr("[a] test.bl.example.org hides the test point TEST"));
    EXPECT_THAT(answer.output,
                HasSubstr("[a] 7.2.0.192.bl.example.org hides listings of addresses"));
    EXPECT_THAT(
        answer.output,
        HasSubstr("the zone 127.bl.example.org hides listings of addresses of bl.example.org"));
    EXPECT_EQ(answer.output.find("www"), std::string::npos);
}

TEST(Zone, CommandsNeedAZone) {
    const TemporaryDirectory directory;
    for (const char* command : {"list", "check"}) {
        const Answer answer = run_tool({"--database", directory.path().string(), "zone", command});
        EXPECT_EQ(answer.status, 2);
        EXPECT_THAT(answer.output, IsEmpty());
        EXPECT_THAT(answer.errors, HasSubstr("ostrakon init"));
    }
}

}  // namespace
}  // namespace ostrakon::test
