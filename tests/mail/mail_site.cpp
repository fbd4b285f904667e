#include "mail/mail_site.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace ostrakon::test {
namespace {

// Only what a test needs to start it, and the strictest way of asking; the rest is client-config's.
constexpr std::string_view kUnbound = R"(
server:
    directory: "{0}"
    chroot: ""
    username: ""
    pidfile: ""
    use-syslog: no
    do-daemonize: no
    verbosity: 1
    log-queries: yes
    num-threads: 1
    interface: 127.0.0.1
    module-config: "iterator"
    private-address: 127.0.0.0/8
    qname-minimisation: yes
    qname-minimisation-strict: yes
    use-caps-for-id: yes
remote-control:
    control-enable: no
stub-zone:
    name: "."
    stub-addr: {1}@{2}
include: "{0}/client-config.conf"
)";

}  // namespace

MailSite::MailSite(const std::string& zone)
    : site_{{.listen = R"(["127.0.0.1:5353", "[::1]:5353"])",
             .more = "[web]\nurl = \"https://bl.example.org\"\nnotify = \"user@mx.example.com\"\n"
                     "[lifecycle]\nevidence_to_lift = false\nrepeat_minimum = \"0s\"\n"}} {
    site_.write_zone("bl.example.org", zone);
    site_.write_zone("wl.example.org", "classes = [\"allow\"]\n");
}

std::string MailSite::tool(std::vector<std::string> words, const std::string& input) const {
    words.insert(words.begin(), {program("ostrakon"), "--config", site_.configuration(), "--yes"});
    const ProcessResult result = run(words, input);
    if (result.status != 0) {
        throw std::runtime_error(fmt::format("ostrakon {}: {}", words.at(4), result.errors));
    }
    return result.output;
}

void MailSite::start(const std::vector<std::string>& records) {
    server_.emplace(site_);
    world_ = std::make_unique<Nameserver>(records);
    site_.write("client-config.conf", tool({"client-config", "unbound"}));
    site_.write("unbound.conf", fmt::format(fmt::runtime(kUnbound), site_.directory().string(),
                                            world_->address().address, world_->address().port));
    unbound_ = std::make_unique<Process>(ProcessOptions{
        .arguments = {"/usr/sbin/unbound", "-d", "-c", site_.directory() / "unbound.conf"}});
    if (!unbound_->wait_for_errors("start of service")) {
        throw std::runtime_error("unbound did not start: " + unbound_->errors());
    }
}

bool MailSite::sees_questions(const std::string& question, int count) const {
    std::size_t at = 0;
    for (int i = 0; i < count; ++i) {
        if (!unbound_->wait_for_errors(question, at)) {
            return false;
        }
        at = unbound_->errors().find(question, at) + question.size();
    }
    return true;
}

// The shell is the first process of a PID namespace, and ends all of it with itself. The server
// cannot be that one: it is no longer told of its parent's death once it has changed its user.
std::vector<std::string> with_its_children(std::vector<std::string> command) {
    command.insert(command.begin(), {"unshare", "--pid", "--fork", "--kill-child=SIGKILL", "sh",
                                     "-c", R"("$@" >&2 & wait)", "sh"});
    return command;
}

}  // namespace ostrakon::test
