// Debian's rspamd with the rules that client-config prints, beside its own, asking unbound, asking
// ostrakond: which symbols a message gets, and that its monitor is content with the zone.
#include "mail/mail_site.hpp"
#include "mail/message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

// Short of what asks the world, and of compiling expressions for a minute. The monitor looks every
// second, and the top-level domains are those of these tests.
void write_surroundings() {
    write_machine_file("/etc/rspamd/tlds", "com\nnet\norg\nexample\n");
    write_machine_file("/etc/rspamd/local.d/options.inc",
                       "url_tld = \"/etc/rspamd/tlds\";\ndisable_hyperscan = true;\n"
                       "monitoring_watch_interval = 0.2s;\nlocal_addrs = [];\n");
    write_machine_file("/etc/rspamd/local.d/logging.inc",
                       "type = \"console\";\nlevel = \"info\";\n");
    for (const char* module : {"fuzzy_check", "asn"}) {
        write_machine_file(std::string{"/etc/rspamd/local.d/"} + module + ".conf",
                           "enabled = false;\n");
    }
    for (const char* directory : {"/var/lib/rspamd", "/run/rspamd", "/var/log/rspamd"}) {
        make_directory_of(directory, "_rspamd");
    }
}

class RspamdTest : public testing::Test {
protected:
    void SetUp() override {
        if (const std::string why_not = enter_own_machine(); !why_not.empty()) {
            GTEST_SKIP() << why_not;
        }
    }
    void start(const std::string& settings) {
        write_surroundings();
        write_machine_file("/etc/rspamd/rspamd.conf.local", settings);
        const ProcessResult checked = run({"rspamadm", "configtest"});
        ASSERT_EQ(checked.status, 0) << checked.output << checked.errors;
        rspamd_ = std::make_unique<Process>(ProcessOptions{
            .arguments = with_its_children({"rspamd", "-f", "-u", "_rspamd", "-g", "_rspamd"})});
        ASSERT_TRUE(rspamd_->wait_for_errors("listening for control commands"))
            << rspamd_->errors();
    }
    void stop() { rspamd_.reset(); }
    Process& rspamd() { return *rspamd_; }

    // The zones' symbols that a message gets.
    static std::vector<std::string> symbols_of(const Message& message) {
        const ProcessResult result =
            run({"rspamc", "-h", "127.0.0.1:11333", "--ip", message.client, "--hostname",
                 message.client_name, "--helo", message.helo, "--from", message.sender},
                spelled(message));
        EXPECT_EQ(result.status, 0) << result.output << result.errors;
        std::istringstream lines{result.output};
        std::vector<std::string> symbols;
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with("Symbol: ") && line.find("_EXAMPLE_ORG") != std::string::npos) {
                symbols.push_back(line.substr(8, line.find(' ', 8) - 8));
            }
        }
        return symbols;
    }

private:
    std::unique_ptr<Process> rspamd_;
};

TEST_F(RspamdTest, GivesTheSymbolsOfWhatIsListed) {
    MailSite site;
    site.tool({"ban", "192.0.2.7", "2001:db8:7::25", "--reason", "Spam"});
    site.tool({"ban", "192.0.2.0/25", "--class", "isp", "--reason", "Sells to spammers"});
    site.tool({"allow", "192.0.2.25", "--reason", "Ours"});
    site.tool({"ban", "spam.example", "helo.example", "--reason", "Spam"});
    site.tool({"ban", "badisp.example", "--class", "isp", "--reason", "Dial-up"});
    site.tool({"ban", "threats@mail.example.net", "--reason", "Threats"});
    site.start();
    ASSERT_NO_FATAL_FAILURE(start(site.tool({"client-config", "rspamd"})));
    EXPECT_THAT(symbols_of({}), IsEmpty()) << rspamd().errors();
    EXPECT_THAT(symbols_of({.client = "192.0.2.7"}),
                UnorderedElementsAre("BL_EXAMPLE_ORG_FROM_IP", "BL_EXAMPLE_ORG_FROM_ISP",
                                     "BL_EXAMPLE_ORG_RECEIVED_IP"));
    EXPECT_THAT(symbols_of({.client = "2001:db8:7::25"}),
                testing::Contains("BL_EXAMPLE_ORG_FROM_IP"));
    EXPECT_THAT(symbols_of({.client = "192.0.2.25"}),
                UnorderedElementsAre("WL_EXAMPLE_ORG_FROM_ALLOW"));
    EXPECT_THAT(symbols_of({.text = "See http://www.spam.example/offer for more."}),
                UnorderedElementsAre("BL_EXAMPLE_ORG_NAME_DOMAIN"));
    EXPECT_THAT(symbols_of({.sender = "someone@news.spam.example"}),
                UnorderedElementsAre("BL_EXAMPLE_ORG_NAME_DOMAIN"));
    EXPECT_THAT(symbols_of({.client_name = "222-222-222-222.badisp.example"}),
                UnorderedElementsAre("BL_EXAMPLE_ORG_NAME_ISP"));
    EXPECT_THAT(symbols_of({.helo = "my.helo.example"}),
                UnorderedElementsAre("BL_EXAMPLE_ORG_NAME_DOMAIN"));
    EXPECT_THAT(symbols_of({.sender = "Threats@mail.example.net"}),
                UnorderedElementsAre("BL_EXAMPLE_ORG_EMAIL_EMAIL"));
    EXPECT_THAT(symbols_of({.text = "Write to threats@mail.example.net."}),
                UnorderedElementsAre("BL_EXAMPLE_ORG_EMAIL_EMAIL"));
}

// What the monitor asks again and again, as unbound sees it.
constexpr int kLooks = 3;
constexpr const char* kDisabled = "disable object";

TEST_F(RspamdTest, MonitorsAZoneAndIsContent) {
    MailSite site;
    site.start();
    ASSERT_NO_FATAL_FAILURE(
        start(site.tool({"client-config", "rspamd", "--zone", "bl.example.org"})));
    EXPECT_TRUE(site.sees_questions("bl.example.org. A IN", kLooks)) << site.unbound_log();
    EXPECT_THAT(rspamd().errors(), Not(HasSubstr(kDisabled)));
}

// A pattern that is not bound to a domain can list whatever name the monitor makes up, which then
// lets go of the zone: it is turned off where there is one.
TEST_F(RspamdTest, DoesNotMonitorAZoneOfPatterns) {
    MailSite site{"kinds = [\"name\"]\n"};
    site.tool({"ban", "rdns:/[a-z]{4}/", "--reason", "Too much"});
    site.start();
    const std::string settings = site.tool({"client-config", "rspamd", "--zone", "bl.example.org"});
    std::string monitored = settings;
    constexpr std::string_view kOff = "disable_monitoring = true";
    for (std::size_t at = 0; (at = monitored.find(kOff)) != std::string::npos;) {
        monitored.replace(at, kOff.size(), "random_monitored = true");
    }
    ASSERT_NE(settings, monitored);
    ASSERT_NO_FATAL_FAILURE(start(monitored));
    EXPECT_TRUE(rspamd().wait_for_errors(kDisabled)) << rspamd().errors();
    stop();
    ASSERT_NO_FATAL_FAILURE(start(settings));
    EXPECT_THAT(symbols_of({.client_name = "host7.example.net"}),
                testing::Contains("BL_EXAMPLE_ORG_NAME_DYNAMIC"));
    EXPECT_THAT(rspamd().errors(), Not(HasSubstr(kDisabled)));
}

}  // namespace
}  // namespace ostrakon::test
