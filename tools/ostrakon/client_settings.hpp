// What each client is told, as the text of its configuration. Commands that write it are in
// client_config.cpp; what the text is made of, in client_site.hpp.
#pragma once

#include "client_site.hpp"

#include <string>
#include <string_view>

namespace ostrakon::tool {

std::string postfix_settings(const ClientSite& site);
std::string exim_settings(const ClientSite& site);
std::string spamassassin_settings(const ClientSite& site);
std::string rspamd_settings(const ClientSite& site);
std::string unbound_settings(const ClientSite& site);
std::string bind_settings(const ClientSite& site);
std::string powerdns_settings(const ClientSite& site);
std::string dnsmasq_settings(const ClientSite& site);

/// Lines of comment, each behind `mark`: what each code of the zones means, and how long an answer
/// lasts.
std::string codes_comment(const ClientSite& site, std::string_view mark);

/// Names for rules or symbols, one for each code, of letters, digits and '_' and no two the same:
/// "BL_EXAMPLE_ORG_IP".
std::vector<std::string> rule_names(const ClientZone& zone, const std::vector<ClientCode>& codes);

}  // namespace ostrakon::tool
