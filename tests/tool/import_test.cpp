// import: what comes in, what is left out and said, what is refused as a whole.
#include "ostrakon/store/writer_lock.hpp"
#include "site.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Import, TakesAListAsOwnBans) {
    const Site site;
    const std::string file =
        site.write("bans.txt", "# ours\n192.0.2.7\n198.51.100.0/24\nexample.com\n193.\n").string();
    const Answer answer = site({"import", file, "--reason", "moved", "--until", "2999-01-01"});
    EXPECT_EQ(answer.status, 0);
    EXPECT_THAT(
        answer.output,
        HasSubstr(file + ": 4 lines read as plain (recognised; --format names another)\n"
                         "own listings: 3 added, 0 changed, 0 removed, 0 unchanged, 1 rejected\n"
                         "change 1\n"));
    EXPECT_THAT(answer.errors,
                HasSubstr("1 line was rejected:\n  line 5: 193.  has an empty octet"));
    const Json rows = site({"list", "--json"}).json();
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0]["reason"], "moved");
    EXPECT_EQ(rows[0]["until"], "2999-01-01T00:00:00Z");
    EXPECT_EQ(rows[2]["class"], "domain");
    EXPECT_EQ(site({"check"}).status, 0);
    EXPECT_THAT(site({"history"}).output, HasSubstr("import bans.txt"));
}

TEST(Import, LeavesNoDatabaseBehindWhenItIsRefused) {
    const Site site{"[protect]\nnever = [\"192.0.2.0/24\"]\n"};
    const auto expect_none = [&](const std::vector<std::string>& words, int status,
                                 const std::string& input = "") {
        const Answer answer = site(words, input);
        EXPECT_EQ(answer.status, status) << answer.errors;
        EXPECT_FALSE(std::filesystem::exists(site.database() / "data.mdb")) << words.front();
    };
    expect_none({"import", "-"}, 2, "");
    expect_none({"import", "-"}, 3, "64.0.0.0/7\n");
    expect_none({"import", "-", "--source", "list", "--replace"}, 3, "64.0.0.0/7\n");
    expect_none({"import", "-", "--source", "own"}, 2, "198.51.100.1\n");
    expect_none({"ban", "192.0.2.1", "--reason", "spam"}, 3);
    expect_none({"ban", "64.0.0.0/7", "--reason", "spam"}, 3);
    EXPECT_EQ(site({"import", "-", "--source", "list"}, "198.51.100.1\n").status, 0);
}

TEST(Import, LooksAtAFeedWithoutTheWritersLock) {
    const Site site;
    ASSERT_EQ(site({"import", "-", "--source", "list"}, "198.51.100.1\n").status, 0);
    const auto lock = store::WriterLock::take(
        {.directory = site.database(), .command = "restore", .wait = {}, .tell = {}});
    ASSERT_TRUE(lock);
    const std::vector<std::string> replace{"import",    "-",      "--source", "list",
                                           "--replace", "--wait", "0s"};
    EXPECT_EQ(site(replace, "64.0.0.0/7\n").status, 3);
    auto dry_run = replace;
    dry_run.emplace_back("--dry-run");
    EXPECT_THAT(site(dry_run, "198.51.100.1\n198.51.100.2\n").output, HasSubstr("1 added"));
    const Answer waiting = site(replace, "198.51.100.1\n198.51.100.2\n");
    EXPECT_EQ(waiting.status, 4);
    EXPECT_THAT(waiting.errors, HasSubstr("gave up after 0s"));
}

TEST(Import, HasTheJsonThatScriptsRelyOn) {
    const Site site;
    const std::string list = "192.0.2.7\n192.0.2.8/31\n192.0.2.9/24\nnot an entry\n198.51.100.7\n";
    const Json first = site({"import", "-", "--json"}, list).json();
    EXPECT_EQ(first["change"], 1);
    EXPECT_EQ(first["read"], 5);
    EXPECT_EQ(first["added"], 3);
    EXPECT_EQ(first["changed"], 0);
    EXPECT_EQ(first["removed"], 0);
    EXPECT_EQ(first["unchanged"], 0);
    EXPECT_EQ(first["rejected"], 2);
    ASSERT_EQ(first["rejects"].size(), 2U);
    EXPECT_EQ(first["rejects"][0]["line"], 3);
    EXPECT_EQ(first["rejects"][0]["text"], "192.0.2.9/24");
    EXPECT_THAT(first["rejects"][0]["why"].get<std::string>(),
                HasSubstr("the network is 192.0.2.0/24"));
    const Json second = site({"import", "-", "--json"}, list).json();
    EXPECT_TRUE(second["change"].is_null());
    EXPECT_EQ(second["unchanged"], 3);
}

TEST(Import, KeepsTheFirstHundredRejects) {
    const Site site;
    std::string list;
    for (int i = 0; i < 150; ++i) {
        list += fmt::format("192.0.2.{}\n192.0.2.\n", i);
    }
    const Answer answer = site({"import", "-", "--json"}, list);
    EXPECT_EQ(answer.json()["rejected"], 150);
    EXPECT_EQ(answer.json()["rejects"].size(), 100U);
    const Answer told = site({"import", "-"}, list);
    EXPECT_THAT(told.errors,
                HasSubstr("150 lines were rejected:\n  line 2: 192.0.2.  has an empty octet"));
    EXPECT_THAT(told.errors, HasSubstr("and 140 more; --json has the first 100"));
}

TEST(Import, NeverWidensAnIpv6Address) {
    const Site site;
    ASSERT_EQ(site({"import", "-"}, "2001:db8::7\n").status, 0);
    EXPECT_EQ(site({"why", "2001:db8::7"}).status, 0);
    EXPECT_EQ(site({"why", "2001:db8::8"}).status, 1);
}

TEST(Import, IsRefusedWhereMoreIsWrongThanRight) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.1", "--reason", "x"}).status, 0);
    for (const char* list : {"", "# nothing\n", "error code: 520\n", "192.0.2.7\n193.\n194.\n"}) {
        const Answer answer = site({"import", "-", "--json"}, list);
        EXPECT_EQ(answer.status, 2) << list;
        EXPECT_THAT(answer.output, IsEmpty()) << list;
        EXPECT_THAT(answer.errors, HasSubstr("ostrakon: ")) << list;
    }
    EXPECT_EQ(site({"list", "--json"}).json().size(), 1U);
}

TEST(Import, WithStrictTakesNoWrongLine) {
    const Site site;
    const Answer answer = site({"import", "-", "--strict"}, "192.0.2.7\n193.\n192.0.2.8\n");
    EXPECT_EQ(answer.status, 2);
    EXPECT_THAT(answer.output, IsEmpty());
    EXPECT_THAT(answer.errors, HasSubstr("line 2: 193."));
    EXPECT_EQ(site({"import", "-", "--strict"}, "192.0.2.7\n192.0.2.8\n").status, 0);
}

TEST(Import, RefusesWhatIsNoList) {
    const Site site;
    for (const auto& [bytes, why] :
         {std::pair{std::string{"<html><body>192.0.2.7</body></html>"}, "is a web page"},
          std::pair{std::string{"{\"status\": 500}"}, "is a JSON document"},
          std::pair{std::string{"\x1F\x8B\x08", 3}, "damaged or cut off"},
          std::pair{std::string{"\xFF\xFE"
                                "1\0",
                                4},
                    "iconv"}}) {
        const Answer answer = site({"import", "-", "--source", "feed"}, bytes);
        EXPECT_EQ(answer.status, 2) << why;
        EXPECT_THAT(answer.output, IsEmpty());
        EXPECT_THAT(answer.errors, HasSubstr(std::string{"standard input: "}));
        EXPECT_THAT(answer.errors, HasSubstr(why));
    }
}

TEST(Import, TakesEachFormat) {
    const Site site;
    EXPECT_EQ(site({"import", "-", "--json"},
                   "subject,reason,class,until\n\"192.0.2.1\",\"a, b\",isp,2999-01-01\n")
                  .json()["added"],
              1);
    EXPECT_EQ(site({"import", "-", "--json"}, R"([{"subject": "192.0.2.2", "reason": "c"}])")
                  .json()["added"],
              1);
    EXPECT_EQ(site({"import", "-", "--json"}, "; Spamhaus DROP List\n192.0.2.3/32 ; SBL1\n; EOF\n")
                  .json()["added"],
              1);
    const std::string record = "{\"cidr\":\"192.0.2.4/32\",\"sblid\":\"SBL2\",\"rir\":null}\n";
    EXPECT_EQ(site({"import", "-", "--json"},
                   record + fmt::format("{{\"type\":\"metadata\",\"size\":{},\"records\":1}}\n",
                                        record.size()))
                  .json()["added"],
              1);
    const Json rows = site({"list", "--json"}).json();
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_EQ(rows[0]["reason"], "a, b");
    EXPECT_EQ(rows[0]["class"], "isp");
    EXPECT_EQ(rows[1]["reason"], "c");
    EXPECT_EQ(rows[2]["reason"], "SBL1");
    EXPECT_EQ(rows[3]["reason"], "SBL2");
    const Answer cut_off = site({"import", "-"}, "; Spamhaus DROP List\n192.0.2.3/32 ; SBL1\n");
    EXPECT_EQ(cut_off.status, 2);
    EXPECT_THAT(cut_off.errors, HasSubstr("does not end in \"; EOF\""));
}

TEST(Import, MakesAnAllowOfClassAllowInCsv) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.0/24", "--reason", "x"}).status, 0);
    ASSERT_EQ(site({"import", "-"}, "subject,class\n192.0.2.7,allow\n").status, 0);
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 1);
}

TEST(Import, FillsAFeed) {
    const Site site;
    const Answer first =
        site({"import", "-", "--source", "feed", "--class", "isp", "--reason", "r"},
             "192.0.2.7\n192.0.2.8\n192.0.2.9\nexample.com\n");
    EXPECT_EQ(first.status, 0) << first.errors;
    EXPECT_THAT(first.output, HasSubstr("feed feed: 4 added"));
    EXPECT_EQ(site({"list", "--json"}).json().size(), 0U);
    EXPECT_EQ(site({"why", "192.0.2.7", "--json"}).json()["matches"][0]["source"], "feed");
    // Without --replace entries stay; with it they go, in steps that the feed's limits allow.
    EXPECT_EQ(site({"import", "-", "--source", "feed", "--json"}, "192.0.2.10\n").json()["removed"],
              0);
    const Answer shrink = site({"import", "-", "--source", "feed", "--replace"}, "192.0.2.7\n");
    EXPECT_EQ(shrink.status, 3);
    EXPECT_THAT(shrink.output, IsEmpty());
    EXPECT_THAT(shrink.errors, HasSubstr("max_shrink"));
    const Json forced =
        site({"import", "-", "--source", "feed", "--replace", "--yes", "--json"}, "192.0.2.7\n")
            .json();
    EXPECT_EQ(forced["removed"], 4);
    EXPECT_EQ(site({"why", "192.0.2.8"}).status, 1);
    EXPECT_EQ(site({"check"}).status, 0);
}

TEST(Import, DryRunChangesNothing) {
    const Site site;
    ASSERT_EQ(site({"ban", "198.51.100.7", "--reason", "x"}).status, 0);
    const Answer own = site({"import", "-", "--dry-run"}, "192.0.2.7\n");
    EXPECT_EQ(own.status, 0);
    EXPECT_THAT(own.output, HasSubstr("1 added"));
    EXPECT_THAT(own.output, HasSubstr("dry run, nothing has changed"));
    const Json feed =
        site({"import", "-", "--source", "feed", "--dry-run", "--json"}, "192.0.2.7\n").json();
    EXPECT_EQ(feed["added"], 1);
    EXPECT_TRUE(feed["change"].is_null());
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 1);
}

TEST(Import, KeepsTheSafetyRules) {
    const Site site;
    const Answer wide = site({"import", "-"}, "0.0.0.0/1\n");
    EXPECT_EQ(wide.status, 3);
    EXPECT_THAT(wide.errors, HasSubstr("--yes"));
    const Json inside = site({"import", "-", "--json"}, "192.0.2.7\n10.1.2.3\n").json();
    EXPECT_EQ(inside["added"], 1);
    EXPECT_EQ(inside["rejected"], 1);
    EXPECT_EQ(inside["rejects"][0]["line"], 2);
}

TEST(Import, DrawsNoBarWhereThereIsNoTerminal) {
    const Site site;
    std::string list;
    for (int i = 0; i < 100'000; ++i) {
        list += fmt::format("192.{}.{}.{}\n", i % 7, i / 256, i % 256);
    }
    const Answer answer = site({"import", "-", "--source", "feed"}, list);
    EXPECT_EQ(answer.status, 0) << answer.errors;
    EXPECT_THAT(answer.errors, Not(HasSubstr("[")));
}

TEST(Import, QuietlyPrintsNothing) {
    const Answer answer = Site{}({"import", "-", "--quiet"}, "192.0.2.7\n192.0.2.8\n193.\n");
    EXPECT_EQ(answer.status, 0);
    EXPECT_EQ(answer.output + answer.errors, "");
}

}  // namespace
}  // namespace ostrakon::test
