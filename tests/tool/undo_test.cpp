// changes and undo: what they list, what they take back, what they refuse. And what is said before
// something wide is done.
#include "site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kStrict = "[protect]\nblast_radius = \"1000 addresses\"\n";

TEST(Changes, ListsTheLatestFirst) {
    const Site site;
    ASSERT_EQ(site({"changes"}).status, 4);  // there is no database yet
    ASSERT_EQ(site({"ban", "192.0.2.7", "--reason", "a", "--by", "anna"}).status, 0);
    ASSERT_EQ(site({"allow", "192.0.2.8", "x.example", "--reason", "b"}).status, 0);
    const Answer table = site({"changes"});
    EXPECT_EQ(table.status, 0);
    EXPECT_THAT(table.output, HasSubstr("CHANGE"));
    EXPECT_LT(table.output.find("allow"), table.output.find("anna"));
    const Json json = site({"changes", "--json"}).json();
    ASSERT_EQ(json.size(), 2U);
    EXPECT_EQ(json[0]["change"], 2);
    EXPECT_EQ(json[0]["addresses"], 1);
    EXPECT_EQ(json[0]["names"], 1);
    EXPECT_EQ(json[0]["command"], "allow");
    EXPECT_EQ(json[0]["undone"], false);
    EXPECT_EQ(json[1]["by"], "anna");
    EXPECT_TRUE(json[1]["at"].is_string());
    EXPECT_EQ(json[1]["what"], "192.0.2.7 (ip): banned");
    EXPECT_EQ(site({"changes", "--limit", "1", "--json"}).json().size(), 1U);
}

TEST(Undo, TakesAChangeSetBack) {
    const Site site{""};
    ASSERT_EQ(site({"ban", "192.0.2.7", "--reason", "a"}).status, 0);
    const Answer dry = site({"undo", "1", "--dry-run"});
    EXPECT_EQ(dry.status, 0);
    EXPECT_THAT(dry.output, HasSubstr("dry run, nothing has changed: 1 address"));
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 0);
    const Answer undone = site({"undo", "1", "--reason", "a slip", "--by", "ben"});
    EXPECT_EQ(undone.status, 0) << undone.errors;
    EXPECT_EQ(undone.output,
              "192.0.2.7 is no longer banned (ip): 1 address\nchange 2: 1 address\n");
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 1);
    EXPECT_EQ(site({"changes", "--json"}).json()[1]["undone"], true);
    EXPECT_THAT(site({"history", "192.0.2.7"}).output, HasSubstr("taken back: change 1 is undone"));
    EXPECT_EQ(
        site({"ban", "192.0.2.7", "--reason", "a", "--json"}).json()["listings"][0]["strikes"], 1);
}

TEST(Undo, HasTheJsonThatScriptsRelyOn) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.7", "--reason", "a"}).status, 0);
    const Json json = site({"undo", "1", "--json"}).json();
    EXPECT_EQ(json["change"], 2);
    EXPECT_EQ(json["changed"], true);
    EXPECT_EQ(json["dry_run"], false);
    EXPECT_EQ(json["addresses"], 1);
    EXPECT_EQ(json["listings"][0]["subject"], "192.0.2.7");
    const Answer again = site({"undo", "1", "--json"});
    EXPECT_EQ(again.status, 0);
    EXPECT_EQ(again.json()["changed"], false);
    EXPECT_THAT(again.errors, HasSubstr("change 1 is undone already"));
}

TEST(Cost, IsSaidBeforeSomethingWideIsDone) {
    const Site site;
    EXPECT_THAT(site({"ban", "192.0.2.0/24", "--reason", "a"}).errors,
                HasSubstr("this covers 256 addresses"));
    EXPECT_THAT(site({"import", "-", "--reason", "a"}, "192.0.2.0/25\nx.example\n").errors,
                HasSubstr("this covers 128 addresses and 1 name"));
    EXPECT_THAT(site({"ban", "192.0.2.7", "--reason", "a"}).errors, IsEmpty());
}

TEST(BlastRadius, HoldsForLiftsToo) {
    const Site site{std::string{kStrict} + "[lifecycle]\nevidence_to_lift = false\n"};
    EXPECT_EQ(site({"ban", "198.18.0.0/16", "--reason", "a"}).status, 3);
    ASSERT_EQ(site({"ban", "198.18.0.0/16", "com", "--reason", "a", "--yes"}).status, 0);
    const Answer refused = site({"unban", "198.18.0.0/16", "--reason", "a"});
    EXPECT_EQ(refused.status, 3);
    EXPECT_THAT(refused.errors, HasSubstr("--yes"));
    EXPECT_EQ(site({"unban", "com", "--reason", "a"}).status, 3);
    EXPECT_EQ(site({"list", "--json"}).json().size(), 2U);
    EXPECT_EQ(site({"unban", "198.18.0.0/16", "com", "--reason", "a", "--yes"}).status, 0);
    EXPECT_EQ(site({"undo", "2"}).status, 3);
    EXPECT_EQ(site({"undo", "2", "--yes"}).status, 0);
}

TEST(Audit, NamesTheRuleThatWasSetAside) {
    const Site site{""};
    ASSERT_EQ(site({"ban", "192.0.2.7", "--reason", "a"}).status, 0);
    ASSERT_EQ(site({"unban", "192.0.2.7", "--reason", "b", "--override"}).status, 0);
    ASSERT_EQ(site({"ban", "10.1.2.3", "--reason", "c", "--override"}).status, 0);
    const Json history = site({"history", "--json"}).json();
    EXPECT_EQ(history[1]["what"], "lifted with --override, although lifting a ban needs evidence");
    EXPECT_EQ(history[2]["what"], "banned with --override, although [protect] never holds it");
}

}  // namespace
}  // namespace ostrakon::test
