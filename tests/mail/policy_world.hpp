// What a strict site has decided, for tests with mail software: one ban of every kind, and an
// exception inside each.
#pragma once

#include "mail/mail_site.hpp"
#include "mail/smtp_client.hpp"

#include <string>
#include <vector>

namespace ostrakon::test {

/// A client that is turned away, and one inside the same ban that is not.
struct Decision {
    std::string what;  ///< "a prefix".
    SmtpPeer banned;
    std::string banned_sender = "someone@mail.example.com";
    SmtpPeer excepted;
    std::string excepted_sender = "someone@mail.example.com";
    std::string reason;  ///< That was given with the ban.
    std::string asked;   ///< What stands in the link: the address or the name.
};

/// The decisions, and how MailSite comes to know them.
const std::vector<Decision>& decisions();
void record_decisions(const MailSite& site);

/// What the zone bl.example.org says besides.
inline constexpr const char* kPolicyZone = "sources = [\"own\", \"*\", \"dynamic-names\"]\n";

}  // namespace ostrakon::test
