// Speaks SMTP as a mail server would that hands in a message, line by line.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace ostrakon::test {

/// Who hands in a message, as a server that believes XCLIENT is told.
struct SmtpPeer {
    std::string address = "198.18.0.1";
    std::string name = {};         ///< Reverse name, which leads back; empty: it has none.
    std::string forged_name = {};  ///< One that does not lead back.
    std::string helo = "mail.example.com";
};

class SmtpClient {
public:
    /// Connects and reads the banner. Throws std::runtime_error where that does not come; `from`
    /// is the address to come from, or empty.
    explicit SmtpClient(std::uint16_t port, const std::string& from = {});

    const std::string& banner() const { return banner_; }
    /// Sends a line and reads the reply: lines are joined by '\n'. Empty when the server has hung
    /// up.
    std::string say(std::string_view line);

    /// XCLIENT and EHLO; the reply to the latter.
    std::string introduce(const SmtpPeer& peer);
    /// MAIL and RCPT; the reply to the first that is refused, else to RCPT.
    std::string ask(const std::string& sender, const std::string& recipient);
    /// All of a message behind ask(); the reply to its end.
    std::string deliver(std::string_view message);

private:
    std::string read_reply();

    FileDescriptor socket_;
    std::string banner_;
    std::string read_;
};

}  // namespace ostrakon::test
