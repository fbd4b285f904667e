// Settings of SpamAssassin: rules for local.cf.
#include "client_settings.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {
namespace {

constexpr std::string_view kOwnScore = "5.0";
constexpr std::string_view kOthersScore = "2.0";
constexpr std::string_view kAllowScore = "-5.0";

std::string_view score_of(const ClientZone& zone, const ClientCode& code) {
    return zone.zone->is_allow_zone() ? kAllowScore
           : code.is_from_others      ? kOthersScore
                                      : kOwnScore;
}

// A regular expression for all of the codes.
std::string any_of(const std::vector<ClientCode>& codes) {
    std::string text;
    for (const ClientCode& code : codes) {
        text += text.empty() ? "" : "|";
        for (const char c : net::to_string(code.code)) {
            text += c == '.' ? std::string{"\\."} : std::string{c};
        }
    }
    return "^(?:" + text + ")$";
}

struct MessageRule {
    std::string name;
    std::string definition;  // "header NAME eval:…"
    std::string description;
    std::string_view score;
};

std::string spelled(const MessageRule& rule, bool is_nice) {
    return fmt::format("{}\ndescribe {} {}\ntflags   {} net{}\nscore    {} {}\n", rule.definition,
                       rule.name, rule.description, rule.name, is_nice ? " nice" : "", rule.name,
                       rule.score);
}

std::string address_rules(const ClientZone& zone) {
    const std::vector<ClientCode> codes = zone.block_codes();
    const std::vector<std::string> names = rule_names(zone, codes);
    const std::string set = zone.word + "-lastexternal";
    std::string text = fmt::format(
        "\n# {0}: the address of the server that handed the message in, one question for all "
        "codes.\n"
        "header   __{1} eval:check_rbl('{2}', '{0}.')\ntflags   __{1} net\n",
        zone.zone->name, zone.word, set);
    for (std::size_t i = 0; i < codes.size(); ++i) {
        text += spelled(
            {names[i],
             fmt::format("header   {} eval:check_rbl_sub('{}', '{}')", names[i], set,
                         net::to_string(codes[i].code)),
             fmt::format("Sender's server is in {} ({})", zone.zone->name, meaning_of(codes[i])),
             score_of(zone, codes[i])},
            zone.zone->is_allow_zone());
    }
    return text;
}

std::string name_rules(const ClientZone& zone) {
    const std::vector<ClientCode> codes = zone.block_codes();
    const std::string& origin = zone.zone->name;
    std::string text;
    const auto add = [&](std::string_view comment, const std::string& suffix,
                         std::string_view definition, std::string_view what) {
        const std::string name = zone.word + suffix;
        const std::string rule = fmt::format(
            fmt::runtime(definition), fmt::arg("rule", name), fmt::arg("origin", origin),
            fmt::arg("codes", any_of(codes)), fmt::arg("word", zone.word),
            fmt::arg("first", net::to_string(codes.front().code)),
            fmt::arg("last", net::to_string(codes.back().code)));
        text += fmt::format("\n# {}\n", comment) +
                spelled({name, rule, fmt::format("{} is in {}", what, origin), kOwnScore}, false);
    };
    add("The domains of links, as they are registered; the last two numbers span all codes.",
        "_URL",
        "urirhssub {rule} {origin}. A {first}-{last}\nbody     {rule} "
        "eval:check_uridnsbl('{rule}')",
        "Domain of a link");
    add("The domain of the envelope's sender.", "_SENDER",
        "header   __{word}_SENDER eval:check_rbl_envfrom('{word}-sender', '{origin}.')\n"
        "tflags   __{word}_SENDER net\n"
        "header   {rule} eval:check_rbl_sub('{word}-sender', '{codes}')",
        "Sender's domain");
    add("The reverse name of the server that handed the message in: ISPs, dynamic lines.", "_RDNS",
        "askdns   {rule} _LASTEXTERNALRDNS_.{origin} A /{codes}/", "Reverse name of the server");
    add("What that server called itself.", "_HELO",
        "askdns   {rule} _LASTEXTERNALHELO_.{origin} A /{codes}/", "HELO name of the server");
    return text;
}

std::string mail_rule(const ClientZone& zone) {
    const std::string name = zone.word + "_EMAIL";
    return "\n# Mail addresses of the sender, by their SHA-1. Tags (user+tag@) are kept, as this "
           "server keeps them.\n" +
           spelled({name,
                    fmt::format("header   {} eval:check_hashbl_emails('{}', 'sha1/max=10/shuffle', "
                                "'ALLFROM/Reply-To', '{}')",
                                name, zone.zone->name, any_of(zone.mail_codes())),
                    fmt::format("Sender's address is in {}", zone.zone->name), kOwnScore},
                   false);
}

}  // namespace

std::string spamassassin_settings(const ClientSite& site) {
    std::string text = fmt::format(
        R"(# SpamAssassin: lines for local.cf, made by `ostrakon client-config spamassassin`. The plugins that they
# need (AskDNS, DNSEval, HashBL, URIDNSBL) are loaded by the .pre files that come with SpamAssassin.
#
{})",
        codes_comment(site, "#"));
    for (const ClientZone& zone : site.zones()) {
        const bool has_codes = !zone.block_codes().empty();
        if (zone.zone->kinds.ip && has_codes) {
            text += address_rules(zone);
        }
        if (zone.zone->kinds.name && has_codes && !zone.zone->is_allow_zone()) {
            text += name_rules(zone);
        }
        if (zone.zone->kinds.mail && !zone.mail_codes().empty() && !zone.zone->is_allow_zone()) {
            text += mail_rule(zone);
        }
    }
    return text;
}

}  // namespace ostrakon::tool
