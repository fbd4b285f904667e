// All that a mail server needs around it to ask ostrakond: a site with a zone of blocks and one of
// exceptions, what others have in DNS, and unbound between them, all at their usual ports.
#pragma once

#include "mail/own_machine.hpp"
#include "support/live_site.hpp"
#include "support/nameserver.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ostrakon::test {

class MailSite {
public:
    /// `zone` is more TOML for bl.example.org. The machine was entered before.
    explicit MailSite(const std::string& zone = {});

    const LiveSite& site() const { return site_; }
    /// Runs `ostrakon`; throws std::runtime_error where its exit status is another than 0.
    std::string tool(std::vector<std::string> words, const std::string& input = {}) const;

    /// Starts ostrakond, and unbound with what client-config prints and with
    /// qname-minimisation-strict, as the machine's resolver. `records` is what others have in DNS:
    /// "mail.example.com A 192.0.2.7".
    void start(const std::vector<std::string>& records = {});

    std::string unbound_log() const { return unbound_->errors(); }
    /// Waits until unbound was asked so often for something that `question` is a part of, as in
    /// "bl.example.org. A IN".
    bool sees_questions(const std::string& question, int count) const;
    LiveServer& server() { return *server_; }

private:
    LiveSite site_;
    std::unique_ptr<Nameserver> world_;
    std::optional<LiveServer> server_;
    std::unique_ptr<Process> unbound_;
};

/// The command in front of a server that has children: they end with it, and it with its Process.
/// What they print is in errors().
std::vector<std::string> with_its_children(std::vector<std::string> command);

}  // namespace ostrakon::test
