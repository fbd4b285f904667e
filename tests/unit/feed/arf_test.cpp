// arf: whom reports by mail list, and which of them list nobody.
#include "ostrakon/feed/complaint_mail.hpp"
#include "read.hpp"

#include <gtest/gtest.h>

namespace ostrakon::feed {
namespace {

std::string report(const std::string& fields, const std::string& spam_header = "") {
    return "From: <desk@example.com>\n"
           "MIME-Version: 1.0\n"
           "Content-Type: multipart/report; report-type=feedback-report; boundary=\"b\"\n"
           "\n"
           "--b\n"
           "Content-Type: message/feedback-report\n"
           "\n" +
           fields +
           "--b\n"
           "Content-Type: message/rfc822\n"
           "\n"
           "From: <a@spam.example>\n" +
           spam_header +
           "Subject: buy\n"
           "\n"
           "Spam\n"
           "--b--\n";
}
const std::string kAbuse =
    "Feedback-Type: abuse\nSource-IP: 192.0.2.7\nArrival-Date: Thu, 01 Jan 2025 00:00:00 +0000\n";

// Without the evidence, which is the message.
std::string who_is_listed(const Result<ReadList>& list) {
    std::string text = entries_of(list);
    for (std::size_t at = 0; (at = text.find(" evidence=")) != std::string::npos;) {
        text.erase(at, text.find("--b--\n", at) + 6 - at);
    }
    return text;
}

TEST(Arf, ListsTheAddressThatIsReported) {
    const auto list = read(report(kAbuse));
    ASSERT_TRUE(list) << message(list.error());
    EXPECT_EQ(list->format, "arf");
    EXPECT_TRUE(list->is_recognised);
    EXPECT_EQ(who_is_listed(list), "1 192.0.2.7 reason=reported as unsolicited mail\n");
    const policy::Statement& said = list->contents.list.statements[0];
    EXPECT_EQ(said.evidence, report(kAbuse));
    EXPECT_TRUE(said.is_reason_made_up);
    ASSERT_TRUE(said.seen);
    EXPECT_EQ(to_string(*said.seen), "2025-01-01T00:00:00Z");
}

TEST(Arf, SaysWhatIsReported) {
    struct Case {
        std::string fields;
        std::string expected;
    };
    const std::vector<Case> cases{
        {"Feedback-Type: fraud\nSource-IP: 2001:db8::7\n",
         "1 2001:db8::7 reason=reported as fraud\n"},
        {"Feedback-Type: VIRUS\nSource-IP: 192.0.2.7\n",
         "1 192.0.2.7 reason=reported as carrying a virus\n"},
        {"Feedback-Type: x-new\nSource-IP: 192.0.2.7\n",
         "1 192.0.2.7 reason=reported by who got mail from there\n"},
        // These say nothing against the sender.
        {"Feedback-Type: not-spam\nSource-IP: 192.0.2.7\n", ""},
        {"Feedback-Type: auth-failure\nSource-IP: 192.0.2.7\n", ""},
        {"Feedback-Type: opt-out\nSource-IP: 192.0.2.7\n", ""},
        {"Feedback-Type: abuse\n", ""},  // of nobody
    };
    for (const auto& [fields, expected] : cases) {
        SCOPED_TRACE(fields);
        EXPECT_EQ(who_is_listed(read(report(fields))), expected);
    }
    const auto praise = read(report("Feedback-Type: not-spam\nSource-IP: 192.0.2.7\n"));
    EXPECT_TRUE(praise->contents.may_be_empty);
    EXPECT_EQ(
        notes_of(praise),
        "line 1: a report of kind not-spam says nothing against the sender and is left out\n");
}

TEST(Arf, ReadsAnMboxMessageByMessage) {
    const std::string first = report(kAbuse) + "\n";
    const std::string box = "From desk@example.com Thu Jan  1 00:00:00 2026\n" + first +
                            "From desk@example.com Thu Jan  1 00:00:00 2026\n" +
                            "no message at all\n\n"
                            "From desk@example.com Thu Jan  1 00:00:00 2026\n" +
                            report("Source-IP: 203.0.113.9\n>From here on\nFrom there on\n");
    const auto list = read(box);
    ASSERT_TRUE(list) << message(list.error());
    EXPECT_EQ(who_is_listed(list),
              "2 192.0.2.7 reason=reported as unsolicited mail\n\n"
              "25 203.0.113.9 reason=reported by who got mail from there\n");
    EXPECT_EQ(list->contents.list.statements[0].evidence, first);
    EXPECT_EQ(rejects_of(list), "22 [no message at all] is no message with a header\n");
}

TEST(Arf, PassesOverWhoCannotBeListed) {
    const std::string mail = report(
        "Feedback-Type: abuse\nSource-IP: 10.0.0.1\n",
        "Received: from x (y [192.0.2.7]) by relay\nReceived: from z (z [203.0.113.9]) by x\n");
    const auto list = read_list(
        {.file = "mail",
         .bytes = mail,
         .format = "arf",
         .now = kNow,
         .may_be_listed =
             [](const net::Address& address) { return net::to_string(address) != "10.0.0.1"; },
         .progress = {}});
    EXPECT_EQ(who_is_listed(list), "1 192.0.2.7 reason=reported as unsolicited mail\n");
}

TEST(Arf, KeepsTheBeginningOfALongMessage) {
    const std::string mail = report(kAbuse) + std::string(kEvidenceSizeMax, 'x');
    const auto list = read(mail, "arf");
    ASSERT_TRUE(list) << message(list.error());
    EXPECT_EQ(list->contents.list.statements[0].evidence, mail.substr(0, kEvidenceSizeMax));
    EXPECT_NE(notes_of(list), "");
    const auto longer = read(report(kAbuse) + std::string(kComplaintSizeMax, 'x'), "arf");
    EXPECT_EQ(longer->contents.rejected, 1U);
}

TEST(Arf, IsRecognisedByItsHeaderAlone) {
    EXPECT_NE(read("192.0.2.7 # feedback-report\n")->format, "arf");
    EXPECT_NE(read("Subject: x\n\nfeedback-report\n")->format, "arf");
    EXPECT_EQ(read("From x\nSubject: x\nContent-Type: multipart/report;\n report-type=feedback-"
                   "report\n\n")
                  ->format,
              "arf");
}

}  // namespace
}  // namespace ostrakon::feed
