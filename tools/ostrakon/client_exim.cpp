// Settings of Exim: conditions of the ACL for RCPT.
#include "client_settings.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {
namespace {

std::string listed(const ClientZone& zone, const std::vector<ClientCode>& codes) {
    return fmt::format("{}={}", zone.zone->name, joined(codes, ","));
}

// What allow zones let in, as conditions of every deny.
std::string exceptions(const ClientSite& site) {
    std::string text;
    for (const ClientZone& zone : site.allows) {
        if (zone.zone->kinds.ip) {
            text += fmt::format("  !dnslists = {}\n", listed(zone, zone.codes));
        }
    }
    return text;
}

struct Deny {
    std::string_view comment;
    std::string_view condition;  // a further line, or empty
    std::string_view key;        // behind the codes, or empty: the client's address
    std::string_view subject;    // that the message names
};

std::string deny(const Deny& what, const ClientZone& zone, const std::vector<ClientCode>& codes,
                 const std::string& exceptions) {
    return fmt::format(
        "\n# {}\ndeny\n{}  !authenticated = *\n{}  dnslists = {}{}\n  message = "
        "${{if def:dnslist_text{{$dnslist_text}}{{{} is blocked using $dnslist_domain}}}}\n",
        what.comment, what.condition, exceptions, listed(zone, codes), what.key, what.subject);
}

constexpr Deny kAddress{"The address of the client.", "", "", "$sender_host_address"};
constexpr Deny kReverse{"Its reverse name, which leads back to the address: ISPs, dynamic lines.",
                        "  condition = ${if def:sender_host_name}\n", "/$sender_host_name",
                        "$sender_host_name"};
constexpr Deny kHelo{"What it calls itself.", "  condition = ${if def:sender_helo_name}\n",
                     "/$sender_helo_name", "$sender_helo_name"};
constexpr Deny kSender{"The sender's domain.", "  condition = ${if def:sender_address_domain}\n",
                       "/$sender_address_domain", "$sender_address_domain"};
constexpr Deny kMail{"The sender's address, asked for by its SHA-1.",
                     "  condition = ${if def:sender_address}\n", "/${sha1:${lc:$sender_address}}",
                     "$sender_address"};

}  // namespace

std::string exim_settings(const ClientSite& site) {
    std::string text = fmt::format(
        R"(# Exim: for the ACL of RCPT, made by `ostrakon client-config exim`.
#
{}#
# It belongs behind the lines that let your own hosts send and refuse to relay. In Debian's
# configuration that is a file of its own: CHECK_RCPT_LOCAL_ACL_FILE = /etc/exim4/ostrakon_acl
# Behind "=" stand the codes that count: an answer that does not come from this server is no listing.
)",
        codes_comment(site, "#"));
    const std::string allowed = exceptions(site);
    for (const ClientZone& zone : site.blocks) {
        const std::vector<ClientCode> codes = zone.block_codes();
        if (zone.zone->kinds.ip && !codes.empty()) {
            text += deny(kAddress, zone, codes, allowed);
        }
        if (zone.zone->kinds.name && !codes.empty()) {
            for (const Deny& what : {kReverse, kHelo, kSender}) {
                text += deny(what, zone, codes, allowed);
            }
        }
        if (zone.zone->kinds.mail && !zone.mail_codes().empty()) {
            text += deny(kMail, zone, zone.mail_codes(), allowed);
        }
    }
    return text;
}

}  // namespace ostrakon::tool
