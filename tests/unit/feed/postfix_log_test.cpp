// Logs of Postfix: who counts, who does not, and what a hostile client cannot say.
#include "read.hpp"

#include <gmock/gmock.h>
#include <cstdlib>
#include <ctime>

namespace ostrakon::feed {
namespace {

using testing::HasSubstr;

class PostfixLog : public testing::Test {
protected:
    PostfixLog() {
        setenv("TZ", "UTC", 1);  // old log lines are of the local time zone
        tzset();
    }
    static Result<ReadList> read_log(std::string_view bytes, std::uint32_t threshold = 1,
                                     Duration within = Duration{3600}) {
        return read_list({.file = "mail.log",
                          .bytes = bytes,
                          .format = "postfix-log",
                          .now = kNow,
                          .log = {threshold, within},
                          .is_feed = false,
                          .progress = {}});
    }
    static std::string found(std::string_view bytes, std::uint32_t threshold = 1,
                             Duration within = Duration{3600}) {
        const auto list = read_log(bytes, threshold, within);
        if (!list) {
            return message(list.error());
        }
        std::string text;
        list->contents.list.for_each([&](const auto& entry) {
            const policy::Statement& said = list->contents.list.statements[entry.statement];
            text += to_string(policy::Subject{entry.subject}) + " " +
                    (said.listing_class.empty() ? "spam" : said.listing_class) + "\n";
        });
        return text;
    }
    static std::string line(std::string_view text, std::string_view program = "postfix/smtpd[17]") {
        return fmt::format("Dec 31 23:00:00 mx1 {}: {}\n", program, text);
    }
};

constexpr std::string_view kSpam =
    "NOQUEUE: reject: RCPT from unknown[192.0.2.7]: 554 5.7.1 Service unavailable; Client host "
    "[192.0.2.7] blocked using bl.example.net; from=<a@example.com> to=<b@example.org> proto=ESMTP "
    "helo=<x>";

TEST_F(PostfixLog, GoesOnWhereAContentCheckNamesNoClient) {
    const std::string log =
        line("4F1: reject: header Subject: x; from=<a@example.com>: spam", "postfix/cleanup[17]") +
        line(kSpam);
    EXPECT_EQ(found(log), "192.0.2.7 spam\n");
}

TEST_F(PostfixLog, TellsSpamAndMisconfiguredServers) {
    struct Case {
        std::string_view text;
        std::string_view expected;
        std::string_view program = "postfix/smtpd[17]";
    };
    constexpr auto kCases = std::to_array<Case>({
        {kSpam, "192.0.2.7 spam\n"},
        {"NOQUEUE: reject: RCPT from [198.51.100.9]:4711: 550 5.7.1 Service unavailable; client "
         "[198.51.100.9] blocked using bl.example.net; from=<>, to=<b@example.org>",
         "198.51.100.9 spam\n", "postfix/postscreen[17]"},
        {"NOQUEUE: reject: RCPT from mail.example[2001:db8::7]: 554 5.7.1 <c@example.com>: Relay "
         "access denied; from=<a@example.com> to=<c@example.com>",
         "2001:db8::7 spam\n"},
        {"4F1A: milter-reject: END-OF-MESSAGE from mail.example[192.0.2.7]: 5.7.1 Spam message "
         "rejected; from=<a@example.com> to=<b@example.org>",
         "192.0.2.7 spam\n", "postfix/cleanup[17]"},
        {"4F1A: reject: header Subject: cheap pills from mail.example[192.0.2.7]; "
         "from=<a@example.com> to=<b@example.org> proto=ESMTP helo=<x>: 5.7.1 no",
         "192.0.2.7 spam\n", "postfix/cleanup[17]"},
        {"NOQUEUE: reject: RCPT from unknown[192.0.2.7]: 450 4.7.25 Client host rejected: cannot "
         "find your hostname, [192.0.2.7]; from=<a@example.com> to=<b@example.org>",
         "192.0.2.7 misconfigured\n"},
        {"NOQUEUE: reject: RCPT from unknown[192.0.2.7]: 450 4.7.1 Client host rejected: cannot "
         "find your reverse hostname, [192.0.2.7]; from=<> to=<b@example.org>",
         "192.0.2.7 misconfigured\n"},
        {"NOQUEUE: reject: RCPT from unknown[192.0.2.7]: 504 5.5.2 <localhost>: Helo command "
         "rejected: need fully-qualified hostname; from=<a@example.com>",
         "192.0.2.7 misconfigured\n"},
        // What is no reason to list anybody.
        {"NOQUEUE: reject: RCPT from mail.example[192.0.2.7]: 450 4.2.0 <b@example.org>: Recipient "
         "address rejected: Greylisted; from=<a@example.com>",
         ""},
        {"NOQUEUE: reject: RCPT from mail.example[192.0.2.7]: 550 5.1.1 <b@example.org>: Recipient "
         "address rejected: User unknown; from=<a@example.com>",
         ""},
        {kSpam, "", "postfix/submission/smtpd[17]"},
        {kSpam, "", "postfix/smtps/smtpd[17]"},
        {kSpam, "", "sshd[17]"},
        {"connect from mail.example[192.0.2.7]", ""},
        {"NOQUEUE: reject: RCPT from unknown[unknown]: 554 blocked using x; from=<>", ""},
    });
    for (const auto& [text, expected, program] : kCases) {
        SCOPED_TRACE(text);
        EXPECT_EQ(found(line(text, program)), expected);
    }
}

TEST_F(PostfixLog, BelievesNothingThatAClientSays) {
    for (const std::string_view text : {
             "NOQUEUE: reject: RCPT from mail.example[192.0.2.7]: 550 5.1.1 <b@example.org>: "
             "Recipient address rejected: User unknown; from=<x: 554 blocked using y@example.com> "
             "to=<b@example.org> helo=<Relay access denied>",
             "NOQUEUE: reject: RCPT from ; from=<x[198.51.100.1]: 554 blocked using y>",
             "NOQUEUE: reject: VRFY x from y <[198.51.100.1]>: 554 blocked using z; from=<>",
             "warning: non-SMTP command from mail.example[192.0.2.7]: NOQUEUE: reject: RCPT from "
             "x[198.51.100.1]: blocked using y",
         }) {
        SCOPED_TRACE(text);
        EXPECT_EQ(found(line(text)), "");
    }
    // The subject of a mail stands before the client's address.
    EXPECT_EQ(found(line("4F1A: reject: header Subject: from x[198.51.100.1]; hi from "
                         "mail.example[192.0.2.7]; from=<a@example.com> to=<b@example.org>: no",
                         "postfix/cleanup[17]")),
              "192.0.2.7 spam\n");
}

TEST_F(PostfixLog, CountsWithinAWhile) {
    std::string log;
    for (const std::string_view time : {"22:00:00", "22:20:00", "22:59:59"}) {
        log += fmt::format("Dec 31 {} mx1 postfix/smtpd[1]: {}\n", time, kSpam);
    }
    EXPECT_EQ(found(log, 3), "192.0.2.7 spam\n");
    EXPECT_EQ(found(log, 4), "");
    EXPECT_EQ(found(log, 3, Duration{3598}), "");
    EXPECT_EQ(found(log, 2, Duration{1200}), "192.0.2.7 spam\n");
}

TEST_F(PostfixLog, ReadsBothKindsOfTime) {
    const auto seen = [](std::string_view time) -> std::string {
        const auto list =
            read_log(std::string{time} + " mx1 postfix/smtpd[1]: " + std::string{kSpam});
        if (!list || list->contents.list.statements.empty()) {
            return "none";
        }
        return to_string(*list->contents.list.statements[0].seen);
    };
    EXPECT_EQ(seen("Dec 31 23:00:00"), "2025-12-31T23:00:00Z");
    EXPECT_EQ(seen("Jan  1 00:00:00"), "2026-01-01T00:00:00Z");
    EXPECT_EQ(seen("Mar  2 04:05:06"), "2025-03-02T04:05:06Z");
    EXPECT_EQ(seen("2025-12-31T23:00:00.123456+01:00"), "2025-12-31T22:00:00Z");
    EXPECT_EQ(seen("2025-12-31T23:00:00Z"), "2025-12-31T23:00:00Z");
    EXPECT_EQ(seen("2031-01-01T00:00:00Z"), to_string(kNow));  // a clock that goes wrong
    EXPECT_EQ(seen("Feb 30 00:00:00"), "none");
    EXPECT_EQ(seen("Foo 30 00:00:00"), "none");
}

TEST_F(PostfixLog, KeepsTheLinesAsEvidence) {
    const auto list = read_log(line(kSpam) + line(kSpam), 2);
    ASSERT_TRUE(list);
    const policy::Statement& said = list->contents.list.statements.at(0);
    EXPECT_THAT(said.evidence, HasSubstr("blocked using bl.example.net"));
    EXPECT_EQ(said.reason,
              "rejected 2 times within 1h by our mail server, last on 2025-12-31: on a block list");
    EXPECT_EQ(said.reason.find("example.com"), std::string::npos);  // nobody's address goes out
}

TEST_F(PostfixLog, MayHaveNobodyInItButMustBeALog) {
    EXPECT_EQ(found(line("connect from mail.example[192.0.2.7]")), "");
    EXPECT_EQ(found(""), "");
    EXPECT_THAT(found("192.0.2.7\n"), HasSubstr("has no line of a log of Postfix"));
}

TEST_F(PostfixLog, IsRecognised) {
    const auto list = read(line(kSpam));
    ASSERT_TRUE(list);
    EXPECT_EQ(list->format, "postfix-log");
}

}  // namespace
}  // namespace ostrakon::feed
