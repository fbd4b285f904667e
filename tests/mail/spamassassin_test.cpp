// Debian's SpamAssassin with the rules that client-config prints, beside its own rules, asking
// unbound, asking ostrakond: which of them a message meets.
#include "mail/mail_site.hpp"
#include "mail/message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace ostrakon::test {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// Of the zones' own rules, those that the message met.
std::vector<std::string> rules_met_by(const Message& message) {
    const ProcessResult result = run({"spamassassin", "--test-mode"}, spelled(message));
    EXPECT_EQ(result.status, 0) << result.errors;
    std::string all = result.output;
    const std::size_t begin = all.find("tests=");
    const std::size_t end = all.find("autolearn=", begin);
    all = begin == std::string::npos ? "" : all.substr(begin + 6, end - begin - 6);
    std::replace(all.begin(), all.end(), ',', ' ');
    std::istringstream words{all};
    std::vector<std::string> rules;
    for (std::string rule; words >> rule;) {
        if (rule.find("_EXAMPLE_ORG") != std::string::npos) {
            rules.push_back(rule);
        }
    }
    return rules;
}

TEST(SpamAssassinTest, MeetsTheRulesOfWhatIsListed) {
    if (const std::string why_not = enter_own_machine(); !why_not.empty()) {
        GTEST_SKIP() << why_not;
    }
    MailSite site;
    site.tool({"ban", "192.0.2.7", "2001:db8:7::25", "--reason", "Spam"});
    site.tool({"ban", "192.0.2.0/25", "--class", "isp", "--reason", "Sells to spammers"});
    site.tool({"allow", "192.0.2.25", "--reason", "Ours"});
    site.tool({"ban", "spam.example", "helo.example", "--reason", "Spam"});
    site.tool({"ban", "badisp.example", "--class", "isp", "--reason", "Dial-up"});
    site.tool({"ban", "threats@mail.sender.example", "--reason", "Threats"});
    site.tool({"import", "-", "--format", "plain", "--source", "others"}, "198.51.100.7\n");
    site.start();
    // Names that are fit for documentation are in no list of top-level domains, and of those below
    // example.com and the like SpamAssassin does not ask.
    write_machine_file("/etc/spamassassin/local.cf",
                       "util_rb_tld example\n" + site.tool({"client-config", "spamassassin"}));
    write_machine_file("/root/.spamassassin/user_prefs", "");
    const ProcessResult lint = run({"spamassassin", "--lint"});
    EXPECT_EQ(lint.status, 0) << lint.errors;
    EXPECT_THAT(lint.errors, IsEmpty());

    // A start takes more than a second, so that a message meets several rules.
    EXPECT_THAT(rules_met_by({.sender = "threats+tag@mail.sender.example"}), IsEmpty());
    EXPECT_THAT(rules_met_by({.client = "192.0.2.7",
                              .helo = "my.helo.example",
                              .text = "See http://www.spam.example/offer for more."}),
                UnorderedElementsAre("BL_EXAMPLE_ORG_IP", "BL_EXAMPLE_ORG_ISP",
                                     "BL_EXAMPLE_ORG_HELO", "BL_EXAMPLE_ORG_URL"));
    EXPECT_THAT(
        rules_met_by({.client = "IPv6:2001:db8:7::25",
                      .client_name = "222-222-222-222.badisp.example",
                      .sender = "someone@news.spam.example"}),
        UnorderedElementsAre("BL_EXAMPLE_ORG_IP", "BL_EXAMPLE_ORG_RDNS", "BL_EXAMPLE_ORG_SENDER"));
    EXPECT_THAT(rules_met_by({.client = "198.51.100.7", .sender = "Threats@mail.sender.example"}),
                UnorderedElementsAre("BL_EXAMPLE_ORG_UPSTREAM", "BL_EXAMPLE_ORG_EMAIL"));
    EXPECT_THAT(rules_met_by({.client = "192.0.2.25"}),
                UnorderedElementsAre("WL_EXAMPLE_ORG_ALLOW"));
}

}  // namespace
}  // namespace ostrakon::test
