#include "mail/postfix.hpp"

#include "mail/mail_site.hpp"
#include "mail/own_machine.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace ostrakon::test {
namespace {

// Whose mail it takes, without looking up recipients.
constexpr std::string_view kHost = R"(compatibility_level = 3.6
myhostname = mx.example.com
mydestination = mx.example.com
local_recipient_maps =
alias_maps =
)";

// What is taken goes nowhere, and the log needs no syslog.
constexpr std::string_view kTest = R"(
mynetworks = 127.0.0.2
inet_interfaces = loopback-only
local_transport = discard:
maillog_file = /dev/stdout
smtpd_authorized_xclient_hosts = 127.0.0.1, [::1]
)";

constexpr std::string_view kMaster = R"(
smtp      inet  n - n - - smtpd
2525      inet  n - n - 1 postscreen
smtpd     pass  - - n - - smtpd
dnsblog   unix  - - n - 0 dnsblog
tlsproxy  unix  - - n - 0 tlsproxy
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
discard   unix  - - n - - discard
error     unix  - - n - - error
anvil     unix  - - n - 1 anvil
proxymap  unix  - - n - - proxymap
verify    unix  - - n - 1 verify
postlog   unix-dgram n - n - 1 postlogd
)";

}  // namespace

Postfix::Postfix(const std::string& settings, Host host) {
    write_machine_file(
        "/etc/postfix/main.cf",
        fmt::format("{}{}{}", host == Host::IsMxExampleCom ? kHost : "", kTest, settings));
    write_machine_file("/etc/postfix/master.cf", kMaster);
    make_directory_of("/var/spool/postfix", "root");
    make_directory_of("/var/lib/postfix", "postfix");
    complaints_ = run({"postconf", "-n"}).errors;
    process_ = std::make_unique<Process>(
        ProcessOptions{.arguments = with_its_children({"/usr/sbin/postfix", "start-fg"})});
    if (!process_->wait_for_errors("daemon started")) {
        throw std::runtime_error("Postfix did not start: " + log());
    }
}

}  // namespace ostrakon::test
