// The strict policy of doc/policy.md: its main.cf and its zones, as they stand there, and one
// client for each of their lines.
#include "mail/document.hpp"
#include "mail/mail_site.hpp"
#include "mail/postfix.hpp"
#include "mail/smtp_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::string block_of(const Document& document, const std::string& file) {
    const auto found = std::find_if(document.blocks.begin(), document.blocks.end(),
                                    [&file](const Block& block) { return block.argument == file; });
    return found == document.blocks.end() ? "" : found->text;
}

struct Case {
    std::string what;
    std::string reply;  // a part of it
    SmtpPeer peer{.name = "mail.example.net", .helo = "mail.example.net"};
    std::string sender = "someone@example.net";
    std::string recipient = "user@example.com";
};

std::vector<Case> cases() {
    const auto from = [](SmtpPeer peer) {
        peer.name = peer.name.empty() ? "mail.example.net" : peer.name;
        peer.helo = "mail.example.net";
        return peer;
    };
    std::vector<Case> all{
        {.what = "nobody in particular", .reply = "250 "},
        {.what = "an unknown recipient", .reply = "550 5.1.1", .recipient = "nobody@example.com"},
        {.what = "mail for others", .reply = "Relay access denied", .recipient = "a@example.org"},
        {.what = "a banned address",
         .reply = "is blocked (ip)",
         .peer = from({.address = "192.0.2.7"})},
        {.what = "a banned address that writes to postmaster",
         .reply = "250 ",
         .peer = from({.address = "192.0.2.7"}),
         .recipient = "postmaster@example.com"},
        {.what = "an exception, without a reverse name",
         .reply = "250 ",
         .peer = {.address = "192.0.2.1", .helo = "nothing"}},
        {.what = "an ISP", .reply = "is blocked (isp)", .peer = from({.address = "203.0.113.7"})},
        {.what = "a country",
         .reply = "is blocked (country)",
         .peer = from({.address = "203.0.113.200"})},
        {.what = "an ISP by its names",
         .reply = "is blocked (isp)",
         .peer = from({.name = "222-222-222-222.badisp.example"})},
        {.what = "a dynamic line of a good ISP",
         .reply = "is blocked (dynamic)",
         .peer = from({.name = "222-222-222-222.adsl.ispgood.example.net"})},
        {.what = "a server of that ISP",
         .reply = "250 ",
         .peer = from({.name = "mail.ispgood.example.net"})},
        {.what = "a sender's domain",
         .reply = "is blocked (domain)",
         .sender = "offers@spam.example"},
        {.what = "a top-level domain that there is not",
         .reply = "is blocked (misconfigured)",
         .sender = "root@server.lan"},
        {.what = "no reverse name",
         .reply = "cannot find your reverse hostname",
         .peer = {.helo = "mail.example.net"}},
        {.what = "a reverse name that does not lead back",
         .reply = "cannot find your hostname",
         .peer = {.forged_name = "mail.example.net", .helo = "mail.example.net"}},
        {.what = "a HELO that is no whole name", .reply = "need fully-qualified hostname"},
        {.what = "a HELO that does not exist", .reply = "Host not found"},
        {.what = "a HELO that claims to be us", .reply = "you are not us"},
        {.what = "a sender without a whole domain",
         .reply = "need fully-qualified address",
         .sender = "root@localhost"},
        {.what = "a sender whose domain does not exist",
         .reply = "Domain not found",
         .sender = "someone@nowhere.example.net"},
    };
    for (Case& one : all) {
        if (one.what == "a HELO that is no whole name") {
            one.peer.helo = "mailserver";
        } else if (one.what == "a HELO that does not exist") {
            one.peer.helo = "nowhere.example.net";
        } else if (one.what == "a HELO that claims to be us") {
            one.peer.helo = "mx.example.com";
        }
    }
    return all;
}

TEST(StrictPolicy, IsWhatItsConfigurationDoes) {
    if (const std::string why_not = enter_own_machine(); !why_not.empty()) {
        GTEST_SKIP() << why_not;
    }
    const Document document =
        read_document(std::filesystem::path{OSTRAKON_SOURCES} / "doc/policy.md");
    MailSite site;
    for (const char* zone : {"bl.example.org", "wl.example.org"}) {
        const std::string name = std::string{zone} + ".toml";
        const std::string text = block_of(document, "/etc/ostrakon/zones/" + name);
        ASSERT_THAT(text, HasSubstr("origin"));
        site.site().write("zones/" + name, text);
    }
    site.tool({"import", "-", "--format", "range-csv", "--source", "as-map"},
              "203.0.113.0,203.0.113.127,AS64500\n");
    site.tool({"import", "-", "--format", "range-csv", "--source", "country-map"},
              "203.0.113.128,203.0.113.255,XX\n");
    for (const char* subject : {"192.0.2.7", "AS64500", "country:XX", "spam.example",
                                "rdns:*.adsl.ispgood.example.net"}) {
        site.tool({"ban", subject, "--reason", "Policy"});
    }
    site.tool({"ban", "badisp.example", "--class", "isp", "--reason", "Policy"});
    site.tool({"allow", "192.0.2.0/29", "--reason", "Asked for it"});
    site.start({"mail.example.net A 198.18.0.1", "example.net MX 10 mail.example.net"});
    Postfix postfix = Postfix::of_whole_file(
        block_of(document, "/etc/postfix/main.cf") +
        "local_recipient_maps = inline:{ { user@example.com = x }, { postmaster@example.com = x } "
        "}\n");
    ASSERT_THAT(postfix.complaints(), IsEmpty());

    for (const Case& one : cases()) {
        SCOPED_TRACE(one.what);
        SmtpClient client{Postfix::kSmtpd};
        client.introduce(one.peer);
        EXPECT_THAT(client.ask(one.sender, one.recipient), HasSubstr(one.reply)) << postfix.log();
    }
    {
        SmtpClient client{Postfix::kSmtpd};
        client.introduce(Case{}.peer);
        EXPECT_THAT(client.ask("", "user@example.com"), StartsWith("250 "));
        EXPECT_THAT(client.say("RCPT TO:<postmaster@example.com>"), StartsWith("250 "));
        EXPECT_THAT(client.say("DATA"), HasSubstr("Multi-recipient bounce"));
    }
    SmtpClient hasty{Postfix::kSmtpd};
    hasty.introduce(Case{}.peer);
    hasty.ask("someone@example.net", "user@example.com");
    EXPECT_THAT(hasty.say("DATA\r\nSubject: Buy!"), HasSubstr("Improper use of SMTP command"));
    EXPECT_THAT(SmtpClient{Postfix::kSmtpd}.say("MAIL FROM:<>"), HasSubstr("HELO/EHLO first"));
}

}  // namespace
}  // namespace ostrakon::test
