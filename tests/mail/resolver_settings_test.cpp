// What client-config prints for resolvers, in the real programs: their own word on the syntax, and
// a listing that comes through each of them. (unbound stands in all the other tests.)
#include "mail/mail_site.hpp"
#include "support/dns_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

namespace ostrakon::test {
namespace {

using ::testing::ElementsAre;

constexpr std::uint16_t kPort = 5355;

class ResolverSettings : public testing::Test {
protected:
    void SetUp() override {
        if (const std::string why_not = enter_own_machine(); !why_not.empty()) {
            GTEST_SKIP() << why_not;
        }
        site_ = std::make_unique<MailSite>();
        site().tool({"ban", "192.0.2.7", "2001:db8::/32", "--reason", "Spam"});
        site().start();
    }
    MailSite& site() { return *site_; }
    std::string settings_of(const std::string& client) {
        return site().tool({"client-config", client});
    }
    static void check(std::vector<std::string> command) {
        const ProcessResult result = run(std::move(command));
        EXPECT_EQ(result.status, 0) << result.output << result.errors;
    }
    // Starts a resolver and asks it.
    static void expect_answers_from(std::vector<std::string> command, const std::string& ready) {
        Process process{ProcessOptions{.arguments = with_its_children(std::move(command))}};
        ASSERT_TRUE(process.wait_for_errors(ready)) << process.errors();
        UdpClient client{{"127.0.0.1", kPort}};
        for (const auto& [name, data] :
             {std::pair{"7.2.0.192.bl.example.org", std::vector<std::string>{"127.0.0.2"}},
              {"8.2.0.192.bl.example.org", {}},
              {"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.bl.example.org",
               {"127.0.0.2"}}}) {
            SCOPED_TRACE(name);
            Bytes query = query_bytes({.name = name});
            query.at(2) |= 1U;  // recursion is desired
            client.send(query);
            EXPECT_EQ(parse_reply(client.receive()).data, data) << process.errors();
        }
    }

private:
    std::unique_ptr<MailSite> site_;
};

TEST_F(ResolverSettings, OfUnboundAreRight) {
    write_machine_file("/etc/unbound/unbound.conf.d/ostrakon.conf", settings_of("unbound"));
    write_machine_file("/etc/unbound/test.conf",
                       "include: \"/etc/unbound/unbound.conf.d/ostrakon.conf\"\n");
    check({"unbound-checkconf", "/etc/unbound/test.conf"});
}

TEST_F(ResolverSettings, OfBindAreRight) {
    const std::string directory = "/var/cache/named-test";
    make_directory_of(directory, "root");
    write_machine_file("/etc/bind/named.conf.local", settings_of("bind"));
    write_machine_file("/etc/bind/named.conf",
                       fmt::format("options {{ directory \"{0}\"; listen-on port {1} {{ 127.0.0.1; "
                                   "}}; listen-on-v6 {{ none; }}; pid-file none; session-keyfile "
                                   "none; lock-file none; managed-keys-directory \"{0}\"; "
                                   "dnssec-validation no; qname-minimization strict; }};\n"
                                   "controls {{ }};\ninclude \"/etc/bind/named.conf.local\";\n",
                                   directory, kPort));
    check({"named-checkconf", "/etc/bind/named.conf"});
    expect_answers_from({"named", "-g", "-n", "1", "-c", "/etc/bind/named.conf"},
                        "all zones loaded");
}

TEST_F(ResolverSettings, OfPowerdnsAreRight) {
    write_machine_file("/etc/powerdns/recursor.d/ostrakon.conf", settings_of("powerdns"));
    make_directory_of("/run/pdns-recursor", "root");
    expect_answers_from(
        {"pdns_recursor", "--daemon=no", "--disable-syslog", "--setuid=root", "--setgid=root",
         fmt::format("--local-address=127.0.0.1:{}", kPort), "--log-timestamp=no",
         "--socket-dir=/run/pdns-recursor", "--include-dir=/etc/powerdns/recursor.d"},
        "Enabled multiplexer");
}

TEST_F(ResolverSettings, OfDnsmasqAreRight) {
    write_machine_file("/etc/dnsmasq.d/ostrakon.conf", settings_of("dnsmasq"));
    check({"dnsmasq", "--test", "--conf-file=/etc/dnsmasq.d/ostrakon.conf"});
    expect_answers_from({"dnsmasq", "--no-daemon", fmt::format("--port={}", kPort), "--user=root",
                         "--stop-dns-rebind", "--listen-address=127.0.0.1", "--bind-interfaces",
                         "--no-resolv", "--conf-file=/etc/dnsmasq.d/ostrakon.conf"},
                        "read /etc/hosts");
}

}  // namespace
}  // namespace ostrakon::test
