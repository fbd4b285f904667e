// Debian's Postfix with the settings that client-config prints, asking unbound with strict QNAME
// minimisation, asking ostrakond: who is banned is turned away with the reason and the link, and
// who is excepted is let in.
#include "mail/postfix.hpp"
#include "mail/policy_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

namespace ostrakon::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kRecipient = "user@mx.example.com";

// Does what a client does up to the recipient, and returns the reply that decides.
std::string reply_to(const SmtpPeer& peer, const std::string& sender) {
    SmtpClient client{Postfix::kSmtpd};
    const std::string greeted = client.introduce(peer);
    return greeted.starts_with("250") ? client.ask(sender, kRecipient) : greeted;
}

class PostfixTest : public testing::Test {
protected:
    void SetUp() override {
        if (const std::string why_not = enter_own_machine(); !why_not.empty()) {
            GTEST_SKIP() << why_not;
        }
        site_ = std::make_unique<MailSite>(kPolicyZone);
    }
    MailSite& site() { return *site_; }
    void start(const std::string& more = {}) {
        site().start();
        postfix_ = std::make_unique<Postfix>(site().tool({"client-config", "postfix"}) + more);
        EXPECT_THAT(postfix_->complaints(), IsEmpty());
    }
    std::string log() { return postfix_->log() + site().unbound_log(); }
    Postfix& postfix() { return *postfix_; }

private:
    std::unique_ptr<MailSite> site_;
    std::unique_ptr<Postfix> postfix_;
};

TEST_F(PostfixTest, RejectsWhatIsBannedWithItsReason) {
    record_decisions(site());
    start();
    for (const Decision& decision : decisions()) {
        SCOPED_TRACE(decision.what);
        const std::string reply = reply_to(decision.banned, decision.banned_sender);
        EXPECT_THAT(reply, StartsWith("554 5.7.1 ")) << log();
        EXPECT_THAT(reply, HasSubstr("blocked using bl.example.org; "));
        EXPECT_THAT(reply, HasSubstr("https://bl.example.org/why/"));
        EXPECT_THAT(reply, HasSubstr(decision.reason));
    }
}

TEST_F(PostfixTest, TakesWhatIsExceptedInsideABan) {
    record_decisions(site());
    start();
    for (const Decision& decision : decisions()) {
        SCOPED_TRACE(decision.what);
        EXPECT_THAT(reply_to(decision.excepted, decision.excepted_sender), StartsWith("250 "))
            << log();
    }
    EXPECT_THAT(postfix().log(), Not(HasSubstr("lookup error")));
}

// A message that comes to its end, before and after a ban that nobody had to be told of.
TEST_F(PostfixTest, TakesAMessageUntilItsServerIsBanned) {
    start();
    const SmtpPeer peer{.address = "192.0.2.77"};
    {
        SmtpClient client{Postfix::kSmtpd};
        client.introduce(peer);
        EXPECT_THAT(client.ask("someone@example.com", kRecipient), StartsWith("250 "));
        EXPECT_THAT(client.deliver("Subject: Hello\r\n\r\nHow are you?"), StartsWith("250 2.0.0"));
    }
    // Another address of the same network, which no cache has heard of.
    site().tool({"ban", "192.0.2.64/26", "--reason", "Your own reason"});
    const std::string reply = reply_to({.address = "192.0.2.78"}, "someone@example.com");
    EXPECT_EQ(reply,
              "554 5.7.1 Service unavailable; Client host [192.0.2.78] blocked using "
              "bl.example.org; 192.0.2.64/26 is blocked (ip), see "
              "https://bl.example.org/why/192.0.2.78 - Your own reason");
}

// postscreen adds weights: an own decision is enough, one list of others is not.
TEST_F(PostfixTest, TakesTheMailAboutANewRequest) {
    start();
    site().tool({"ban", "192.0.2.7", "--reason", "spam"});
    site().tool({"request", "add", "192.0.2.7", "--kind", "removal", "--contact", "a@example.com"});
    EXPECT_EQ(site().tool({"request", "notify"}),
              "mail about 1 of 1 open requests went to user@mx.example.com\n");
    EXPECT_TRUE(postfix().sees("to=<user@mx.example.com>, relay=none")) << postfix().log();
}

TEST_F(PostfixTest, IsGuardedByPostscreen) {
    site().tool({"import", "-", "--format", "plain", "--source", "others"},
                "198.51.100.7\n198.51.100.8\n");
    site().tool({"ban", "192.0.2.7", "2001:db8:7::25", "--reason", "Spam"});
    site().tool({"allow", "198.51.100.8", "--reason", "Ours"});
    for (const char* address : {"192.0.2.7", "198.51.100.7", "198.51.100.8", "2001:db8:7::25"}) {
        add_address(address);
    }
    start("postscreen_greet_wait = 1s\n");
    const auto reply_from = [](const std::string& address) {
        SmtpClient client{Postfix::kPostscreen, address};
        const std::string greeted = client.say("EHLO mail.example.com");
        return greeted.starts_with("250") ? client.ask("someone@example.com", kRecipient)
                                          : client.banner() + greeted;
    };
    for (const char* banned : {"192.0.2.7", "2001:db8:7::25"}) {
        EXPECT_THAT(reply_from(banned),
                    AllOf(StartsWith("550 5.7.1 "), HasSubstr("blocked using bl.example.org")))
            << log();
    }
    // smtpd, behind it, says why.
    EXPECT_THAT(reply_from("198.51.100.7"),
                AllOf(StartsWith("554 5.7.1 "), HasSubstr("is listed by others")))
        << log();
    EXPECT_THAT(reply_from("198.51.100.8"), StartsWith("250 ")) << log();
}

}  // namespace
}  // namespace ostrakon::test
