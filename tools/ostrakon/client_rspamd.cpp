// Settings of rspamd: rules of its module rbl, and what their symbols weigh.
#include "client_settings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ostrakon::tool {
namespace {

constexpr double kOwnSymbolWeight = 6.0;
constexpr double kOthersSymbolWeight = 2.0;
constexpr double kAllowSymbolWeight = -6.0;

struct Symbol {
    std::string name;
    double weight = 0;
    std::string description;
};

// The rules, and the symbols that they give.
struct Rules {
    std::string text;
    std::vector<Symbol> symbols;
};

double weight_of(const ClientZone& zone, const ClientCode& code) {
    return zone.zone->is_allow_zone() ? kAllowSymbolWeight
           : code.is_from_others      ? kOthersSymbolWeight
                                      : kOwnSymbolWeight;
}

struct Rule {
    std::string suffix;  // of the rule's name
    std::string comment;
    std::string checks;    // "from"
    std::string settings;  // further lines
    std::string what;      // that the symbols are about
};

void add(Rules& rules, const ClientZone& zone, const std::vector<ClientCode>& codes,
         const Rule& rule) {
    const std::vector<std::string> names = rule_names(zone, codes);
    const std::string rule_name = zone.word + rule.suffix;
    std::string returned;
    for (std::size_t i = 0; i < codes.size(); ++i) {
        const std::string symbol =
            rule_name + names[i].substr(zone.word.size());  // BL_EXAMPLE_ORG_FROM_IP
        returned += fmt::format("        {} = \"{}\";\n", symbol, net::to_string(codes[i].code));
        rules.symbols.push_back(
            {symbol, weight_of(zone, codes[i]),
             fmt::format("{} is in {} ({})", rule.what, zone.zone->name, meaning_of(codes[i]))});
    }
    rules.text += fmt::format(R"(    # {}
    {} {{
      rbl = "{}";
      symbol = "{}";
      ignore_defaults = true;
{}{}      returncodes {{
{}      }}
    }}
)",
                              rule.comment, rule_name, zone.zone->name, rule_name, rule.checks,
                              rule.settings, returned);
}

// rspamd asks every list about once a minute for what cannot be listed, and lets go of one that
// answers anything but NXDOMAIN.
std::string monitor(const ClientZone& zone) {
    return zone.denies_unlisted_names
               ? ""
               : "      disable_monitoring = true;    # names that are not listed have no NXDOMAIN "
                 "here\n";
}

void add_address_rules(Rules& rules, const ClientZone& zone) {
    const std::vector<ClientCode> codes = zone.block_codes();
    const std::string settings =
        "      ipv4 = true;\n      ipv6 = true;\n" +
        std::string{zone.zone->is_allow_zone()
                        ? "      is_whitelist = true;    # silences the other rules of this file\n"
                        : ""} +
        monitor(zone);
    add(rules, zone, codes,
        {"_FROM", "the address of the client", "      from = true;\n", settings, "client"});
    std::vector<ClientCode> bad_servers;
    std::copy_if(codes.begin(), codes.end(), std::back_inserter(bad_servers),
                 [](const ClientCode& code) {
                     return std::find(code.meanings.begin(), code.meanings.end(), "ip") !=
                            code.meanings.end();
                 });
    if (!bad_servers.empty() && !zone.zone->is_allow_zone()) {
        add(rules, zone, bad_servers,
            {"_RECEIVED",
             "addresses in Received; not those of whole ISPs and lines, whose customers write here",
             "      received = true;\n", settings, "relay"});
    }
}

void add_name_rule(Rules& rules, const ClientZone& zone) {
    add(rules, zone, zone.block_codes(),
        {"_NAME", "domains of links, senders and replies; HELO and reverse names",
         "      urls = true;\n      emails = true;\n      emails_domainonly = true;\n      replyto "
         "= true;\n      helo = true;\n      rdns = true;\n"
         "      selector = \"from('smtp'):domain.lower;from('mime'):domain.lower\";\n",
         "      no_ip = true;\n" + monitor(zone), "name"});
}

void add_mail_rule(Rules& rules, const ClientZone& zone) {
    add(rules, zone, zone.mail_codes(),
        {"_EMAIL", "mail addresses of senders, of replies and in the text, by their SHA-1",
         "      emails = true;\n      replyto = true;\n"
         "      selector = \"from('smtp'):addr.lower;from('mime'):addr.lower\";\n",
         "      hash = \"sha1\";\n      no_ip = true;\n" + monitor(zone), "mail address"});
}

}  // namespace

std::string rspamd_settings(const ClientSite& site) {
    Rules rules;
    for (const ClientZone& zone : site.zones()) {
        const bool has_codes = !zone.block_codes().empty();
        if (zone.zone->kinds.ip && has_codes) {
            add_address_rules(rules, zone);
        }
        if (zone.zone->kinds.name && has_codes && !zone.zone->is_allow_zone()) {
            add_name_rule(rules, zone);
        }
        if (zone.zone->kinds.mail && !zone.mail_codes().empty() && !zone.zone->is_allow_zone()) {
            add_mail_rule(rules, zone);
        }
    }
    std::string weights;
    for (const Symbol& symbol : rules.symbols) {
        weights += fmt::format(
            "    \"{}\" {{ weight = {:.1f}; description = \"{}\"; one_shot = true; }}\n",
            symbol.name, symbol.weight, symbol.description);
    }
    return fmt::format(
        R"(# rspamd: for /etc/rspamd/rspamd.conf.local, made by `ostrakon client-config rspamd`.
#
{}
rbl {{
  rbls {{
{}  }}
}}

group "rbl" {{
  symbols {{
{}  }}
}}
)",
        codes_comment(site, "#"), rules.text, weights);
}

}  // namespace ostrakon::tool
