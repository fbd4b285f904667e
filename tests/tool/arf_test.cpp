// import of complaints by mail: who is banned, the evidence, and that taking one again changes
// nothing.
#include "site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;

std::string report(const std::string& source, const std::string& arrival = "") {
    return "From: <desk@example.com>\n"
           "MIME-Version: 1.0\n"
           "Content-Type: multipart/report; report-type=feedback-report; boundary=\"b\"\n"
           "\n"
           "--b\n"
           "Content-Type: message/feedback-report\n"
           "\n"
           "Feedback-Type: abuse\n"
           "Source-IP: " +
           source + "\n" + arrival + "--b--\n";
}

TEST(ImportArf, BansWithTheMessageAsEvidence) {
    const Site site;
    const Answer taken = site({"import", "-"}, report("192.0.2.7"));
    EXPECT_EQ(taken.status, 0) << taken.errors;
    EXPECT_THAT(taken.output, HasSubstr("1 message read as arf"));
    const Json listing = site({"show", "192.0.2.7", "--json"}).json()[0];
    EXPECT_EQ(listing["evidence"], report("192.0.2.7"));
    EXPECT_EQ(listing["reason"], "reported as unsolicited mail");
    EXPECT_EQ(listing["class"], "ip");
}

TEST(ImportArf, TakesTheReasonThatIsGiven) {
    const Site site;
    EXPECT_EQ(
        site({"import", "-", "--format", "arf", "--reason", "spam to our users", "--for", "30d"},
             report("192.0.2.7"))
            .status,
        0);
    const Json listing = site({"show", "192.0.2.7", "--json"}).json()[0];
    EXPECT_EQ(listing["reason"], "spam to our users");
    EXPECT_FALSE(listing["until"].is_null());
}

TEST(ImportArf, AgainChangesNothing) {
    // The second has no date, the third one that has not come yet.
    for (const std::string& mail :
         {report("192.0.2.7", "Arrival-Date: Thu, 01 Jan 2026 00:00:00 +0000\n"),
          report("192.0.2.7"),
          report("192.0.2.7", "Arrival-Date: Fri, 01 Jan 2100 00:00:00 +0000\n")}) {
        SCOPED_TRACE(mail);
        const Site site;
        const std::vector<std::string> import{"import", "-", "--format", "arf", "--json"};
        ASSERT_EQ(site(import, mail).json()["added"], 1);
        EXPECT_TRUE(site(import, mail).json()["change"].is_null());
        ASSERT_EQ(site({"unban", "192.0.2.7", "--reason", "talked to them"}).status, 0);
        EXPECT_EQ(site(import, mail).json()["unchanged"], 1);
        EXPECT_EQ(site({"why", "192.0.2.7"}).status, 1);
    }
}

TEST(ImportArf, ListsNothingOfOurs) {
    const Site site;
    const Answer ours = site({"import", "-", "--format", "arf"}, report("10.1.2.3"));
    EXPECT_EQ(ours.status, 2);
    EXPECT_THAT(ours.errors, HasSubstr("no address in it has sent the mail"));
    EXPECT_EQ(site({"import", "-", "--format", "arf"}, "they sent me spam\n").status, 2);
    std::string mail = report("10.1.2.3");
    mail.insert(
        mail.find("--b--"),
        "--b\nContent-Type: message/rfc822\n\nReceived: from x (y [192.0.2.7]) by z\n\nx\n");
    EXPECT_EQ(site({"import", "-"}, mail).status, 0);
    EXPECT_EQ(site({"why", "192.0.2.7"}).status, 0);
}

}  // namespace
}  // namespace ostrakon::test
