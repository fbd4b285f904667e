// Complaints by mail: who sent what is complained about, and what a hostile mail cannot say.
#include "ostrakon/feed/complaint_mail.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::feed {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> senders_of(const ComplaintMail& mail) {
    std::vector<std::string> senders;
    for (const net::Address& address : mail.senders) {
        senders.push_back(net::to_string(address));
    }
    return senders;
}

ComplaintMail read(std::string_view bytes) {
    const auto mail = read_complaint_mail("mail.eml", bytes);
    EXPECT_TRUE(mail) << message(mail.error());
    return mail.value_or(ComplaintMail{});
}

// The example of RFC 5965, Appendix B.2, with other names.
constexpr std::string_view kReport =
    "From: <abusedesk@example.com>\r\n"
    "Date: Thu, 8 Mar 2007 17:40:36 +0000\r\n"
    "Subject: FW: Earn money\r\n"
    "To: <abuse@example.net>\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/report; report-type=feedback-report; boundary=\"b1\"\r\n"
    "\r\n"
    "--b1\r\n"
    "Content-Type: text/plain; charset=\"US-ASCII\"\r\n"
    "\r\n"
    "This is an email abuse report.\r\n"
    "--b1\r\n"
    "Content-Type: message/feedback-report\r\n"
    "\r\n"
    "Feedback-Type: abuse\r\n"
    "User-Agent: SomeGenerator/1.0\r\n"
    "Version: 1\r\n"
    "Original-Mail-From: <somespammer@example.net>\r\n"
    "Arrival-Date: Thu, 8 Mar 2005 14:00:00 EDT\r\n"
    "Reporting-MTA: dns; mail.example.com\r\n"
    "Source-IP: 192.0.2.1\r\n"
    "Reported-Domain: Example.NET\r\n"
    "Reported-Uri: http://example.net/earn_money.html\r\n"
    "--b1\r\n"
    "Content-Type: message/rfc822\r\n"
    "\r\n"
    "From: <somespammer@spam.example>\r\n"
    "Received: from mailserver.example.net (mailserver.example.net\r\n"
    " [198.51.100.1]) by example.com with ESMTP id M63d4137594e46;\r\n"
    " Thu, 08 Mar 2005 14:00:00 -0400\r\n"
    "Subject: Earn money\r\n"
    "\r\n"
    "Spam Spam Spam\r\n"
    "--b1--\r\n";

TEST(ComplaintMail, ReadsAReport) {
    const ComplaintMail mail = read(kReport);
    EXPECT_TRUE(mail.is_report);
    EXPECT_EQ(mail.kind, "abuse");
    EXPECT_EQ(mail.reporter, "abusedesk@example.com");
    EXPECT_THAT(senders_of(mail), ElementsAre("192.0.2.1", "198.51.100.1"));
    EXPECT_EQ(mail.domain, "example.net");
    ASSERT_TRUE(mail.arrived);
    EXPECT_EQ(to_string(*mail.arrived), "2005-03-08T18:00:00Z");
}

constexpr std::string_view kSpam =
    "Received: from mx.example.org (localhost [127.0.0.1]) by mx.example.org; Thu, 1 Jan 2026\n"
    "Received: from [203.0.113.99] (unknown [192.0.2.7])\n"
    "\tby mx.example.org (Postfix) with ESMTP id 4F1A\n"
    "Received: from forged.example (forged.example [198.51.100.1]) by unknown\n"
    "From: Somebody <x@Spam.Example>\n"
    "Date: Thu, 01 Jan 2026 00:00:00 +0000\n"
    "Subject: buy\n"
    "\n"
    "Spam\n";

TEST(ComplaintMail, ReadsTheMessageItself) {
    const ComplaintMail mail = read(kSpam);
    EXPECT_FALSE(mail.is_report);
    EXPECT_EQ(mail.reporter, "");
    EXPECT_THAT(senders_of(mail), ElementsAre("127.0.0.1", "192.0.2.7", "198.51.100.1"));
    EXPECT_EQ(mail.domain, "spam.example");
    EXPECT_EQ(to_string(*mail.arrived), "2026-01-01T00:00:00Z");
}

TEST(ComplaintMail, ReadsTheMessageThatIsAttached) {
    const std::string forward =
        "Received: from desk.example.com ([198.51.100.250]) by mx.example.org\n"
        "From: angry@example.com\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\nSee!\n"
        "--b\nContent-Type: message/rfc822\n\n" +
        std::string{kSpam} + "--b--\n";
    const ComplaintMail mail = read(forward);
    EXPECT_EQ(mail.reporter, "angry@example.com");
    EXPECT_THAT(senders_of(mail), ElementsAre("127.0.0.1", "192.0.2.7", "198.51.100.1"));
    EXPECT_EQ(mail.domain, "spam.example");
}

TEST(ComplaintMail, TakesNoHeloForAnAddress) {
    struct Case {
        std::string_view received;
        std::vector<std::string> expected;
    };
    const std::vector<Case> cases{
        {"from [203.0.113.9] (helo.example [192.0.2.7]) by mx", {"192.0.2.7"}},  // Postfix
        {"from helo.example (rdns.example [IPv6:2001:db8::7]) by mx", {"2001:db8::7"}},
        {"from [192.0.2.7] (helo=[203.0.113.9]) by mx with esmtp (Exim 4.96)", {"192.0.2.7"}},
        {"from [192.0.2.7] (port=4711 helo=x) by mx with esmtp (Exim 4.96)", {"192.0.2.7"}},
        {"from rdns.example ([192.0.2.7] helo=[203.0.113.9]) by mx", {"192.0.2.7"}},
        {"from unknown (HELO [203.0.113.9]) (192.0.2.7) by mx with SMTP", {"192.0.2.7"}},  // qmail
        {"from helo (rdns.example. [192.0.2.7]) by mx.google.com", {"192.0.2.7"}},
        {"by 2002:a05:1234 with SMTP id x; from x (y [203.0.113.9])", {}},
        {"from userid 1000 by mx (Postfix)", {}},
        {"from x (y [not an address]) by mx", {}},
        {"from x (y [192.0.2.7", {}},
    };
    for (const auto& [received, expected] : cases) {
        SCOPED_TRACE(received);
        const ComplaintMail mail =
            read("Received: " + std::string{received} + "\nFrom: a@example.com\n\nx\n");
        EXPECT_EQ(senders_of(mail), expected);
    }
}

TEST(ComplaintMail, RefusesWhatIsNoMessage) {
    EXPECT_FALSE(read_complaint_mail("x", ""));
    EXPECT_FALSE(read_complaint_mail("x", "192.0.2.7\n"));
    EXPECT_FALSE(read_complaint_mail("x", std::string(kComplaintSizeMax + 1, 'x')));
}

TEST(ComplaintMail, ComesToAnEndWhateverItsBytesAre) {
    // Cut off anywhere, and nested without end.
    for (std::size_t size = 0; size < kReport.size(); size += 7) {
        const auto mail = read_complaint_mail("x", kReport.substr(0, size));
        EXPECT_TRUE(!mail || mail->senders.size() <= 2);
    }
    std::string nested = "From: a@example.com\n";
    for (int depth = 0; depth < 2000; ++depth) {
        nested += "Content-Type: multipart/mixed; boundary=b" + std::to_string(depth) + "\n\n--b" +
                  std::to_string(depth) + "\n";
    }
    EXPECT_TRUE(read_complaint_mail("x", nested));
    std::string many = "From: a@example.com\n";
    for (int i = 0; i < 5000; ++i) {
        many += "Received: from x (y [192.0.2.7]) by z\n";
    }
    EXPECT_LE(read(many + "\nx\n").senders.size(), 20U);
}

TEST(ComplaintMail, IsKeptWhole) {
    const std::string message = std::string{kReport} + std::string(3, '\0');
    const auto back = unpack_message(pack_message(message), message.size());
    EXPECT_EQ(back, message);
    EXPECT_EQ(unpack_message("damaged", 100), std::nullopt);
    EXPECT_EQ(unpack_message(pack_message(message), message.size() - 1), std::nullopt);
}

}  // namespace
}  // namespace ostrakon::feed
