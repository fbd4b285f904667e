// Checks a mail server's DNS as a strict receiver does, and says what its administrator must do.
//
// All that DNS said is fit to be shown: names and texts in it are spelled in printable characters.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/diagnose/resolver.hpp"
#include "ostrakon/net/address.hpp"
#include "ostrakon/pattern/name_rules.hpp"
#include "ostrakon/zone/top_level_domains.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::diagnose {

/// The longest HELO name or sender that is looked at, in bytes.
inline constexpr std::size_t kWordSizeMax = 512;

/// A mail server, with what it said when it came.
struct MailServer {
    net::Address address;
    std::optional<std::string> helo;
    std::optional<std::string> sender;  ///< user@example.com; "<>" or nothing is the null sender.
};

/// Whether a sender is one that can be looked into: the null sender, or something around an "@".
bool is_sender(std::string_view text);

enum class Finding : std::uint8_t {
    Passed,
    Failed,
    Unknown,  ///< It could not be found out: no answer in time, SERVFAIL, REFUSED.
};
std::string_view to_string(Finding finding);

struct Check {
    std::string_view name;  ///< "reverse-dns": the same for ever.
    Finding finding = Finding::Unknown;
    std::string seen;    ///< What there is, or why it is unknown.
    std::string brief;   ///< Of a failed one: the mistake in a few words.
    std::string remedy;  ///< Of a failed one: what the server's administrator has to do.
};

struct Diagnosis {
    MailServer server;
    std::string resolver;
    UnixTime at;
    /// In the order of a report. What depends on a check that did not pass is left out.
    std::vector<Check> checks;

    std::size_t count(Finding finding) const;
    bool passes() const { return count(Finding::Passed) == checks.size(); }
    /// The briefs of what failed, in one line.
    std::string brief() const;
};

/// What names say by themselves. A check for which this is null is left out.
struct NameKnowledge {
    const pattern::NameClassifier* dynamic_names = nullptr;
    const zone::TopLevelDomains* top_level_domains = nullptr;  ///< No longer used once it is old.
};

/// Asks the resolver what there is to know about the server. `protect` says which names are ours.
Diagnosis diagnose(Resolver& resolver, const MailServer& server,
                   const config::ProtectSettings& protect, UnixTime at,
                   const NameKnowledge& names = {});

/// The whole as a report for people that can be pasted into a reply: plain text, lines of at most
/// some 76 characters.
std::string report_text(const Diagnosis& diagnosis);

}  // namespace ostrakon::diagnose
