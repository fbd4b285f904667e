// Settings of Postfix: smtpd and postscreen.
#include "client_settings.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {
namespace {

// One restriction a filter, each a line of its own.
std::string restrictions(std::string_view name, const ClientZone& zone,
                         const std::vector<ClientCode>& codes) {
    std::string text;
    for (const std::string& filter : postfix_filters(codes)) {
        text += fmt::format("    {} {}={},\n", name, zone.zone->name, filter);
    }
    return text;
}

// The same restriction for every zone that serves the kind, under a comment.
std::string of_zones(std::string_view comment, std::string_view name,
                     const std::vector<ClientZone>& zones, bool zone::Kinds::*kind) {
    std::string text;
    for (const ClientZone& zone : zones) {
        if (zone.zone->kinds.*kind) {
            text += restrictions(name, zone, zone.block_codes());
        }
    }
    return text.empty() ? text : fmt::format("    # {}\n{}", comment, text);
}

constexpr int kThreshold = 2;
constexpr int kAllowSiteWeight = -10;

std::string sites(const ClientZone& zone, const std::vector<ClientCode>& codes, int weight) {
    std::string text;
    for (const std::string& filter : postfix_filters(codes)) {
        text += fmt::format("    {}={}*{}\n", zone.zone->name, filter, weight);
    }
    return text;
}

std::string postscreen_sites(const ClientSite& site) {
    std::string text;
    for (const ClientZone& zone : site.blocks) {
        std::vector<ClientCode> own, others;
        for (const ClientCode& code : zone.block_codes()) {
            (code.is_from_others ? others : own).push_back(code);
        }
        if (zone.zone->kinds.ip) {
            text += sites(zone, own, kThreshold) + sites(zone, others, 1);
        }
    }
    for (const ClientZone& zone : site.allows) {
        if (zone.zone->kinds.ip) {
            text += sites(zone, zone.codes, kAllowSiteWeight);
        }
    }
    return text;
}

std::string postscreen(const ClientSite& site) {
    const std::string lines = postscreen_sites(site);
    if (lines.empty()) {
        return {};
    }
    return fmt::format(
        R"(
# postscreen, where master.cf has it in front of smtpd. Weights add up, and {0} turns a client away: one
# decision of your own does, lists of others only where two agree. What postscreen lets through smtpd
# judges by all of them, and smtpd says the reason with its link; postscreen names the zone alone.
postscreen_dnsbl_sites =
{1}postscreen_dnsbl_threshold = {0}
postscreen_dnsbl_action = enforce
)",
        kThreshold, lines);
}

}  // namespace

std::string postfix_settings(const ClientSite& site) {
    std::string text = fmt::format(
        R"(# Postfix: lines for main.cf, made by `ostrakon client-config postfix`.
#
{}#
# Behind "=" stand the codes that count: an answer that does not come from this server is no listing.
# Postfix asks the resolver of the machine: `ostrakon client-config unbound` has its settings. Each
# smtpd process remembers answers for as long as it lives (max_use, max_idle): `postfix reload` ends
# that after a ban was lifted.

smtpd_recipient_restrictions =
    permit_mynetworks,
    permit_sasl_authenticated,
    reject_unauth_destination,
)",
        codes_comment(site, "#"));
    text += of_zones("exceptions: what is allowed is asked no further", "permit_dnswl_client",
                     site.allows, &zone::Kinds::ip);
    text += of_zones("the same for the client's name, which leads back to its address",
                     "permit_rhswl_client", site.allows, &zone::Kinds::name);
    text +=
        of_zones("the address of the client", "reject_rbl_client", site.blocks, &zone::Kinds::ip);
    text += of_zones("its reverse name: ISPs, dynamic lines", "reject_rhsbl_reverse_client",
                     site.blocks, &zone::Kinds::name);
    text += of_zones("what it calls itself", "reject_rhsbl_helo", site.blocks, &zone::Kinds::name);
    text += of_zones("the sender's domain", "reject_rhsbl_sender", site.blocks, &zone::Kinds::name);
    text += "    permit\n";
    for (const ClientZone& zone : site.blocks) {
        if (zone.zone->kinds.mail && zone.codes.size() > zone.block_codes().size()) {
            text +=
                "# Mail addresses are asked for by their hash, which Postfix cannot make. Its way "
                "to them is a\n"
                "# table: ostrakon export --format postfix-access, for check_sender_access.\n";
            break;
        }
    }
    return text + postscreen(site);
}

}  // namespace ostrakon::tool
