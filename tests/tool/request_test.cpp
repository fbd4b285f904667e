// request: taking in, deciding under the lifecycle's rules, taking the decision back.
#include "site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Answer add(const Site& site, const std::string& subject, const std::string& kind,
           const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{
        "request", "add", subject, "--kind", kind, "--contact", "postmaster@example.com"};
    words.insert(words.end(), more.begin(), more.end());
    return site(words);
}

TEST(Request, IsTakenInOnceAndListed) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.0/24", "--reason", "spam"}).status, 0);
    const Answer added = add(site, "192.0.2.7", "removal", {"--evidence", "relay closed"});
    EXPECT_EQ(added.status, 0) << added.errors;
    EXPECT_EQ(added.output,
              "request 1: removal of 192.0.2.7, asked for by postmaster@example.com\n");
    EXPECT_THAT(added.errors, HasSubstr("still covered by the ban of 192.0.2.0/24"));
    EXPECT_THAT(add(site, "192.0.2.7", "removal").errors, HasSubstr("asks for that already"));
    const Json list = site({"request", "list", "--json"}).json();
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0]["id"], 1);
    EXPECT_EQ(list[0]["kind"], "removal");
    EXPECT_EQ(list[0]["subject"], "192.0.2.7");
    EXPECT_EQ(list[0]["state"], "open");
    EXPECT_TRUE(list[0]["received"].is_string());
    EXPECT_THAT(site({"request", "show", "1"}).output, HasSubstr("relay closed"));
    EXPECT_EQ(site({"request", "show", "2"}).status, 1);
    EXPECT_EQ(add(site, "192.0.2.7", "other").status, 2);
    EXPECT_EQ(add(site, "no subject!", "allow").status, 2);
    EXPECT_EQ(site({"request", "show", "x"}).status, 2);
}

TEST(Request, IsAcceptedUnderTheRulesOfTheLifecycle) {
    const Site site{""};
    ASSERT_EQ(site({"ban", "192.0.2.7", "192.0.2.8", "--reason", "spam"}).status, 0);
    ASSERT_EQ(add(site, "192.0.2.7", "removal").status, 0);
    ASSERT_EQ(add(site, "192.0.2.8", "removal", {"--evidence", "relay closed"}).status, 0);
    const Answer refused = site({"request", "accept", "1", "--reason", "fine"});
    EXPECT_EQ(refused.status, 3);
    EXPECT_THAT(refused.errors, HasSubstr("needs evidence"));
    EXPECT_EQ(site({"request", "list", "--json"}).json().size(), 2U);
    const Json accepted = site({"request", "accept", "2", "--reason", "fine", "--json"}).json();
    EXPECT_EQ(accepted["changed"], true);
    EXPECT_EQ(accepted["listings"][0]["subject"], "192.0.2.8");
    EXPECT_EQ(site({"why", "192.0.2.8"}).status, 1);
    EXPECT_EQ(site({"request", "accept", "1", "--reason", "fine", "--override"}).status, 0);
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 1);
    EXPECT_THAT(site({"history", "192.0.2.8"}).output, HasSubstr("request 2"));
    EXPECT_THAT(site({"request", "list", "--json"}).output, HasSubstr("[]"));
    EXPECT_EQ(site({"request", "list", "--all", "--json"}).json().size(), 2U);
}

TEST(Request, OfAnAllowMakesAnException) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.0/24", "--reason", "spam"}).status, 0);
    ASSERT_EQ(add(site, "192.0.2.7", "allow").status, 0);
    EXPECT_EQ(site({"request", "accept", "1", "--reason", "a partner"}).status, 0);
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 1);
    EXPECT_EQ(site({"why", "192.0.2.8"}).status, 0);
}

TEST(Request, IsDecidedOnce) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.7", "--reason", "spam"}).status, 0);
    ASSERT_EQ(add(site, "192.0.2.7", "removal").status, 0);
    EXPECT_EQ(site({"request", "decline", "1", "--reason", "still open"}).status, 0);
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 0);
    EXPECT_EQ(site({"request", "decline", "1", "--reason", "still open"}).status, 0);
    const Answer other = site({"request", "accept", "1", "--reason", "x"});
    EXPECT_EQ(other.status, 3);
    EXPECT_THAT(other.errors, HasSubstr("`ostrakon undo 3` opens it again"));
    ASSERT_EQ(site({"undo", "3"}).status, 0);
    EXPECT_EQ(site({"request", "accept", "1", "--reason", "x"}).status, 0);
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 1);
}

TEST(Request, WithNothingToLiftSaysSo) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.0/24", "--reason", "spam"}).status, 0);
    ASSERT_EQ(add(site, "192.0.2.7", "removal").status, 0);
    const Answer answer = site({"request", "accept", "1", "--reason", "x"});
    EXPECT_EQ(answer.status, 1);
    EXPECT_THAT(answer.errors, HasSubstr("192.0.2.0/24"));
    EXPECT_THAT(answer.output, IsEmpty());
    EXPECT_EQ(site({"request", "list", "--json"}).json().size(), 1U);
}

TEST(Request, SurvivesABackup) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.7", "--reason", "spam"}).status, 0);
    ASSERT_EQ(add(site, "192.0.2.7", "removal").status, 0);
    const std::string file = (site.path() / "b.mdb").string();
    ASSERT_EQ(site({"backup", file}).status, 0);
    ASSERT_EQ(site({"request", "decline", "1", "--reason", "no"}).status, 0);
    ASSERT_EQ(site({"restore", file, "--yes"}).status, 0);
    EXPECT_EQ(site({"request", "show", "1", "--json"}).json()["state"], "open");
    EXPECT_EQ(site({"undo", "1"}).status, 3);  // what undoes it belonged to another truth
    EXPECT_EQ(add(site, "192.0.2.8", "removal").output,
              "request 2: removal of 192.0.2.8, asked for by postmaster@example.com\n");
}

}  // namespace
}  // namespace ostrakon::test
