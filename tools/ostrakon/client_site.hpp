// What the settings of a client are made of: the zones as they are asked, with every code that they
// may answer, and where the server is. How a client spells that is not in here.
#pragma once

#include "zone_site.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ostrakon::tool {

/// An A record that a zone may answer with.
struct ClientCode {
    net::Ipv4 code;
    std::vector<std::string> meanings;  ///< Classes, then feeds; each sorted, never empty.
    bool is_mail = false;         ///< Class email alone: no address and no name is listed with it.
    bool may_be_mail = false;     ///< Not of built-in classes for addresses and names alone.
    bool is_from_others = false;  ///< All that has it comes out of feeds.
};

struct ClientZone {
    const zone::Zone* zone = nullptr;
    std::string word;               ///< The origin as a part of a rule's name: "BL_EXAMPLE_ORG".
    std::vector<ClientCode> codes;  ///< Ascending, each once.
    /// Whether every name that is not listed is NXDOMAIN, which some clients test.
    bool denies_unlisted_names = true;

    /// Those that addresses and names can be listed with.
    std::vector<ClientCode> block_codes() const;
    /// Those that mail addresses can be listed with.
    std::vector<ClientCode> mail_codes() const;
};

struct ClientSite {
    std::vector<ClientZone> blocks, allows;
    std::vector<config::Endpoint> servers;  ///< Where ostrakond is asked; never empty.
    std::vector<std::string> notes;         ///< What is left out, and why.

    /// All zones, those of blocks first.
    std::vector<ClientZone> zones() const;
};

/// The zones of the site, or the one that is named; retired ones are left out. Codes are those of
/// the configuration, and, where the database can be read, those of single listings and lists.
Result<ClientSite> make_client_site(const ZoneSite& site, const std::optional<std::string>& name);

/// "127.0.0.[2..6;10]": what Postfix takes behind "=". A product of more codes than there are is
/// made where none of them means something else.
std::vector<std::string> postfix_filters(const std::vector<ClientCode>& codes);

/// "127.0.0.2,127.0.0.3".
std::string joined(const std::vector<ClientCode>& codes, const std::string& separator);

/// "ip, isp".
std::string meaning_of(const ClientCode& code);

}  // namespace ostrakon::tool
