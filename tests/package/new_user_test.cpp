// What somebody does who has never seen Ostrakon, from the package to the first mail that Postfix
// refuses: doc/installing.md, step by step.
#include "mail/mail_site.hpp"
#include "mail/own_machine.hpp"
#include "mail/postfix.hpp"
#include "mail/smtp_client.hpp"
#include "support/nameserver.hpp"
#include "support/process.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <cstdlib>
#include <filesystem>

namespace ostrakon::test {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kUnbound = R"(
server:
    chroot: ""
    username: ""
    pidfile: ""
    use-syslog: no
    do-daemonize: no
    verbosity: 1
    interface: 127.0.0.1
    module-config: "iterator"
remote-control:
    control-enable: no
stub-zone:
    name: "."
    stub-addr: {}@{}
include: "/etc/unbound/unbound.conf.d/ostrakon.conf"
)";

std::string done(std::vector<std::string> command) {
    const ProcessResult result = run(command);
    EXPECT_EQ(result.status, 0) << fmt::format("{}", fmt::join(command, " ")) << "\n"
                                << result.errors;
    return result.output;
}

// The systemd that runs here, if one does, must not hear of what is installed there.
void forget_systemd() {
    if (fs::exists("/run/systemd")) {
        ASSERT_EQ(::mount("none", "/run/systemd", "tmpfs", 0, nullptr), 0);
    }
}

TEST(NewUser, GetsFromThePackageToTheFirstRefusedMail) {
    const char* const packages = std::getenv("OSTRAKON_PACKAGES");
    ASSERT_NE(packages, nullptr) << "where tests/package/make.bash has put them";
    if (const std::string why_not = enter_own_machine(); !why_not.empty()) {
        GTEST_SKIP() << why_not;
    }
    forget_systemd();
    fs::remove_all("/etc/ostrakon");
    fs::remove_all("/var/lib/ostrakon");

    done({"dpkg", "--install", "--no-triggers", fs::path{packages} / "first.deb"});
    done({"/usr/bin/ostrakon", "init"});
    done({"/usr/bin/ostrakond", "--check"});
    Process server{ProcessOptions{.arguments = {"/usr/bin/ostrakond"}}};
    ASSERT_TRUE(server.wait_for_errors("serving 1 zone")) << server.errors();

    const Nameserver world{{}};
    write_machine_file("/etc/unbound/unbound.conf.d/ostrakon.conf",
                       done({"/usr/bin/ostrakon", "client-config", "unbound"}));
    write_machine_file(
        "/etc/unbound/unbound.conf",
        fmt::format(fmt::runtime(kUnbound), world.address().address, world.address().port));
    Process unbound{ProcessOptions{.arguments = {"/usr/sbin/unbound", "-d"}}};
    ASSERT_TRUE(unbound.wait_for_errors("start of service")) << unbound.errors();
    const Postfix postfix{done({"/usr/bin/ostrakon", "client-config", "postfix"})};
    EXPECT_EQ(postfix.complaints(), "");

    const auto reply_to = [](const std::string& address) {
        SmtpClient client{Postfix::kSmtpd};
        client.introduce({.address = address, .name = "mail.example.net"});
        return client.ask("user@example.net", "user@mx.example.com");
    };
    EXPECT_THAT(reply_to("192.0.2.8"), StartsWith("250 "));
    done({"/usr/bin/ostrakon", "ban", "192.0.2.7", "--reason", "spam seen today"});
    EXPECT_THAT(reply_to("192.0.2.7"),
                AllOf(StartsWith("554 5.7.1"), HasSubstr("blocked using"),
                      HasSubstr("192.0.2.7 is blocked (ip) - spam seen today")))
        << postfix.log();

    server.signal(SIGTERM);
    EXPECT_EQ(server.wait().status, 0);
}

}  // namespace
}  // namespace ostrakon::test
