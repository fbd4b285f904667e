// complaint: the ledger, what it counts, the ban that comes with it.
#include "site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;

std::string spam(const std::string& address, const std::string& subject = "buy") {
    return "Received: from mx (localhost [127.0.0.1]) by mx\n"
           "Received: from x (y [" +
           address + "]) by mx\nFrom: a@spam.example\nSubject: " + subject + "\n\nSpam\n";
}

TEST(Complaint, KeepsTheWholeMessage) {
    const Site site;
    ASSERT_EQ(site({"ban", "198.51.100.1", "--reason", "x"}).status, 0);
    const std::string mail = spam("192.0.2.7") + std::string("\0\xFF\r\n", 4);
    const Answer added = site({"complaint", "add", "-"}, mail);
    EXPECT_EQ(added.status, 0) << added.errors;
    EXPECT_EQ(added.output, "complaint 1 about 192.0.2.7\n");
    EXPECT_EQ(site({"complaint", "show", "1", "--message"}).output, mail);
    const Json shown = site({"complaint", "show", "1", "--json"}).json();
    EXPECT_EQ(shown["subject"], "192.0.2.7");
    EXPECT_EQ(shown["domain"], "spam.example");
    EXPECT_EQ(shown["state"], "open");
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 1);
    const Answer again = site({"complaint", "add", "-", "--json"}, mail);
    EXPECT_EQ(again.status, 0);
    EXPECT_EQ(again.json()["changed"], false);
    EXPECT_THAT(again.errors, HasSubstr("is complaint 1 already"));
}

TEST(Complaint, BansWithTheMessageAsEvidence) {
    const Site site;
    ASSERT_EQ(site({"ban", "198.51.100.1", "--reason", "x"}).status, 0);
    const Answer added = site({"complaint", "add", "-", "--ban", "--reason", "spam to our users"},
                              spam("192.0.2.7"));
    EXPECT_EQ(added.output, "complaint 1 about 192.0.2.7\n192.0.2.7 is banned (ip)\n");
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 0);
    EXPECT_EQ(site({"show", "192.0.2.7", "--json"}).json()[0]["evidence"], "complaint 1");
    ASSERT_EQ(site({"undo", "2"}).status, 0);
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 1);
    EXPECT_EQ(site({"complaint", "show", "1"}).status, 1);
    EXPECT_EQ(site({"undo", "3"}).status, 0);
    EXPECT_EQ(site({"complaint", "show", "1", "--message"}).output, spam("192.0.2.7"));
}

TEST(Complaint, IsCountedPerSubject) {
    const Site site;
    ASSERT_EQ(site({"ban", "198.51.100.1", "--reason", "x"}).status, 0);
    for (const auto& [address, subject] : {std::pair{"192.0.2.7", "a"},
                                           {"192.0.2.7", "b"},
                                           {"192.0.2.7", "c"},
                                           {"203.0.113.9", "d"}}) {
        ASSERT_EQ(site({"complaint", "add", "-"}, spam(address, subject)).status, 0);
    }
    EXPECT_EQ(site({"complaint", "valid", "1", "3", "--reason", "seen"}).status, 0);
    EXPECT_EQ(site({"complaint", "invalid", "2", "--reason", "ordered"}).status, 0);
    EXPECT_EQ(site({"complaint", "valid", "9", "--reason", "seen"}).status, 1);
    const Json valid = site({"complaint", "list", "--valid", "--json"}).json();
    ASSERT_EQ(valid.size(), 2U);
    EXPECT_EQ(valid[0]["valid_of_subject"], 2);
    EXPECT_EQ(valid[0]["complaints_of_subject"], 3);
    EXPECT_EQ(site({"complaint", "list", "--subject", "192.0.2.0/24", "--json"}).json().size(), 3U);
    EXPECT_EQ(site({"complaint", "list", "--subject", "spam.example", "--json"}).json().size(), 4U);
    EXPECT_EQ(site({"complaint", "list", "--since", "2999-01-01", "--json"}).json().size(), 0U);
    const std::string csv = site({"complaint", "list", "--csv"}).output;
    EXPECT_THAT(csv, HasSubstr("id,received,subject,"));
    EXPECT_THAT(csv, HasSubstr(",192.0.2.7,spam.example,,valid,"));
    EXPECT_THAT(site({"complaint", "list"}).output, HasSubstr("2 of 3"));
}

TEST(Complaint, NeedsSomebodyToBeAbout) {
    const Site site;
    ASSERT_EQ(site({"ban", "198.51.100.1", "--reason", "x"}).status, 0);
    EXPECT_EQ(site({"complaint", "add", "-"}, "Subject: x\n\ny\n").status, 2);
    EXPECT_EQ(
        site({"complaint", "add", "-", "--subject", "192.0.2.0/24"}, "Subject: x\n\ny\n").output,
        "complaint 1 about 192.0.2.0/24\n");
    EXPECT_EQ(site({"complaint", "add", "-"}, "no message").status, 2);
    EXPECT_EQ(site({"complaint", "add", "-", "--reason", "x"}, spam("192.0.2.7")).status, 2);
}

TEST(Complaint, SurvivesABackup) {
    const Site site;
    ASSERT_EQ(site({"ban", "198.51.100.1", "--reason", "x"}).status, 0);
    ASSERT_EQ(site({"complaint", "add", "-"}, spam("192.0.2.7")).status, 0);
    const std::string file = (site.path() / "b.mdb").string();
    ASSERT_EQ(site({"backup", file}).status, 0);
    ASSERT_EQ(site({"complaint", "valid", "1", "--reason", "seen"}).status, 0);
    ASSERT_EQ(site({"restore", file, "--yes"}).status, 0);
    EXPECT_EQ(site({"complaint", "show", "1", "--json"}).json()["state"], "open");
    EXPECT_EQ(site({"complaint", "show", "1", "--message"}).output, spam("192.0.2.7"));
}

}  // namespace
}  // namespace ostrakon::test
