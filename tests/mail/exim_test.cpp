// Debian's Exim with the conditions that client-config prints in the ACL for RCPT, and with bit
// masks, asking unbound with strict QNAME minimisation, asking ostrakond.
//
// Exim looks up the reverse names of its clients itself, so they come from addresses of their own
// on the loopback interface, and DNS has names for them.
#include "mail/policy_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kRecipient = "user@mx.example.com";
constexpr const char* kFile = "/etc/exim4/exim4.conf";

std::string configuration(const std::string& acl) {
    return fmt::format(R"(primary_hostname = mx.example.com
domainlist local_domains = mx.example.com
host_lookup = *
helo_allow_chars = _
rfc1413_query_timeout = 0s
daemon_smtp_ports = 25
local_interfaces = <; 127.0.0.1 ; ::1
log_file_path = /var/log/exim4/%slog
log_selector = +all
keep_environment =
acl_smtp_rcpt = acl_check_rcpt
begin acl
acl_check_rcpt:
  require
    domains = +local_domains
{}
  accept
begin routers
drop:
  driver = redirect
  data = :blackhole:
)",
                       acl);
}

class EximTest : public testing::Test {
protected:
    void SetUp() override {
        if (const std::string why_not = enter_own_machine(); !why_not.empty()) {
            GTEST_SKIP() << why_not;
        }
    }
    void start(const std::string& acl) {
        write_machine_file(kFile, configuration(acl));
        for (const char* directory : {"/var/spool/exim4", "/var/log/exim4"}) {
            make_directory_of(directory, "Debian-exim");
        }
        const ProcessResult checked = run({"/usr/sbin/exim4", "-bV"});
        ASSERT_EQ(checked.status, 0) << checked.output << checked.errors;
        exim_ = std::make_unique<Process>(ProcessOptions{
            .arguments = with_its_children({"/usr/sbin/exim4", "-bdf", "-d-all+acl"})});
        ASSERT_TRUE(exim_->wait_for_errors("daemon started")) << exim_->errors();
    }
    // Has the client come from its address. Exim breaks long replies; here they are one line.
    std::string reply_to(const SmtpPeer& peer, const std::string& sender) {
        SmtpClient client{25, peer.address};
        const std::string greeted = client.say("EHLO " + peer.helo);
        std::string reply = greeted.starts_with("250") ? client.ask(sender, kRecipient) : greeted;
        for (std::size_t at = 0; (at = reply.find('\n', at)) != std::string::npos;) {
            reply.replace(at, 5, " ");  // with the code at the beginning of the next line
        }
        return reply;
    }
    std::string log() { return exim_->errors(); }

private:
    std::unique_ptr<Process> exim_;
};

// The decisions, with an address for each client that has none of its own but a name.
struct Client {
    Decision decision;
    std::vector<std::string> records;
};

std::string pointer_of(const std::string& address) {
    std::string reversed;
    std::size_t end = address.size();
    while (end != std::string::npos) {
        const std::size_t dot = end == 0 ? std::string::npos : address.rfind('.', end - 1);
        const std::size_t begin = dot == std::string::npos ? 0 : dot + 1;
        reversed += address.substr(begin, end - begin) + ".";
        end = dot;
    }
    return reversed + "in-addr.arpa";
}

std::vector<Client> clients() {
    std::vector<Client> result;
    int number = 10;
    for (const Decision& decision : decisions()) {
        Client client{decision, {}};
        for (SmtpPeer* peer : {&client.decision.banned, &client.decision.excepted}) {
            if (!peer->name.empty()) {
                peer->address = fmt::format("198.18.0.{}", number++);
                client.records.push_back(fmt::format("{} A {}", peer->name, peer->address));
                client.records.push_back(
                    fmt::format("{} PTR {}", pointer_of(peer->address), peer->name));
            }
        }
        result.push_back(std::move(client));
    }
    return result;
}

TEST_F(EximTest, RejectsWhatIsBannedAndTakesWhatIsExcepted) {
    MailSite site{kPolicyZone};
    record_decisions(site);
    site.tool({"ban", "threats@example.com", "--reason", "Threats"});
    std::vector<std::string> records;
    add_address("198.18.0.1");
    for (const Client& client : clients()) {
        records.insert(records.end(), client.records.begin(), client.records.end());
        for (const SmtpPeer& peer : {client.decision.banned, client.decision.excepted}) {
            if (peer.address != SmtpPeer{}.address) {
                add_address(peer.address);
            }
        }
    }
    site.start(records);
    ASSERT_NO_FATAL_FAILURE(start(site.tool({"client-config", "exim"})));
    for (const auto& [decision, names] : clients()) {
        SCOPED_TRACE(decision.what);
        const std::string refused = reply_to(decision.banned, decision.banned_sender);
        EXPECT_THAT(refused, StartsWith("550")) << log();
        EXPECT_THAT(refused, HasSubstr("https://bl.example.org/why/"));
        EXPECT_THAT(refused, HasSubstr(decision.reason));
        EXPECT_THAT(reply_to(decision.excepted, decision.excepted_sender), StartsWith("250"))
            << log();
    }
    EXPECT_THAT(reply_to({}, "Threats@Example.com"), HasSubstr("Threats"));
    EXPECT_THAT(reply_to({}, "threats+tag@example.com"), StartsWith("250"));
    EXPECT_THAT(reply_to({}, ""), StartsWith("250"));  // a bounce has no sender to ask about
}

// A site may choose codes that are bits, as lists of many kinds in one zone do.
TEST_F(EximTest, UnderstandsCodesAsBits) {
    MailSite site{"[codes]\nip = \"127.0.0.2\"\nisp = \"127.0.0.4\"\ndynamic = \"127.0.0.8\"\n"};
    site.tool({"ban", "192.0.2.7", "--reason", "Spam"});
    site.tool({"ban", "192.0.2.0/24", "--class", "dynamic", "--reason", "Dial-up"});
    for (const char* address : {"192.0.2.7", "192.0.2.8"}) {
        add_address(address);
    }
    site.start();
    ASSERT_NO_FATAL_FAILURE(
        start("  deny dnslists = bl.example.org&0.0.0.2\n  message = a spammer: $dnslist_text\n"
              "  deny dnslists = bl.example.org==127.0.0.8\n  message = a line: $dnslist_text\n"));
    EXPECT_THAT(reply_to({.address = "192.0.2.7"}, "a@example.com"), HasSubstr("a spammer"))
        << log();
    EXPECT_THAT(reply_to({.address = "192.0.2.8"}, "a@example.com"), HasSubstr("a line")) << log();
}

}  // namespace
}  // namespace ostrakon::test
