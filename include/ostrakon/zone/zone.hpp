// What a zone is: an origin, what it serves and how it spells it. Plain data, read from TOML by
// config/.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/dns/name.hpp"
#include "ostrakon/net/address.hpp"
#include "ostrakon/zone/text_template.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::zone {

/// What a query may ask about.
struct Kinds {
    bool ip = true;
    bool name = true;
    bool mail = true;
};

struct SoaTimers {
    std::uint32_t refresh_s = 3600;
    std::uint32_t retry_s = 900;
    std::uint32_t expire_s = 30 * 86400;
};

/// The addresses of one owner name of [a], at the apex or below it.
struct AddressRecords {
    dns::Name owner;  ///< Absolute.
    std::vector<net::Ipv4> a;
    std::vector<net::Ipv6> aaaa;
};

/// Who may query: these prefixes (IPv4 clients are never written as mapped IPv6).
struct QueryAccess {
    bool any = true;
    std::vector<net::AddressRange> prefixes;
};

/// A key that signs transfers and notifies ([[tsig]]), as the files name it. What it is lies in a
/// file of its own, which only the server reads.
struct SignatureKey {
    std::string name;                   ///< Lower-case, without the last dot.
    std::string algorithm;              ///< As "hmac-sha256".
    std::filesystem::path secret_file;  ///< Absolute.
    std::string place;                  ///< Where the key is named, "file:line".
};

/// Who may transfer: who has all that is named here.
struct TransferPeer {
    std::optional<net::AddressRange> address;
    std::string key;  ///< The name of a SignatureKey; empty: none is needed.
};

/// Who is told of changes.
struct NotifyTarget {
    net::Address address;
    std::uint16_t port = 53;
    std::string key;  ///< The name of the SignatureKey that signs; empty: none.
};

/// Who takes a zone from here.
struct Secondaries {
    std::vector<TransferPeer> transfer;
    std::vector<NotifyTarget> notify;
    bool has_digest = false;  ///< Whether the zone goes out with a ZONEMD record (RFC 8976).
};

/// A source pattern of `sources`: "own", "NAME", "NAME/LABEL", "*", or "!…" of a name.
struct SourcePattern {
    std::string name;
    bool excluded = false;
};

/// Whether the data set of that label is one of this sub-zone ("@": of the base). A label has the
/// sub-zones of a data set with commas between them, then # and a number where there is another one
/// of the same sub-zones; an empty one is that of a list of one data set.
bool is_data_set_of(std::string_view label, std::string_view sub_zone);

struct Zone {
    std::string
        name;  ///< The origin as text without the last dot, lower-case: how people call the zone.
    std::string file;  ///< Where it was read.
    dns::Name origin;
    std::uint32_t ttl_s = 300;
    std::uint32_t negative_ttl_s = 60;
    std::uint32_t ns_ttl_s = 3600;
    std::vector<dns::Name> ns;  ///< At least one; the first is the SOA's primary.
    dns::Name contact;  ///< As the SOA's RNAME: the mailbox's local part is the first label.
    SoaTimers soa;
    Kinds kinds;
    std::vector<SourcePattern> sources;
    std::vector<std::string> classes;        ///< "*" or names; {"allow"} alone makes an allow zone.
    std::vector<AddressRecords> addresses;   ///< [a], each owner once.
    std::map<std::string, net::Ipv4> codes;  ///< [codes] as written; defaults are not in it.
    std::map<std::string, TextTemplate> texts;  ///< [text], the defaults included, "*" always.
    QueryAccess query_access;
    std::string keys_file;  ///< [access] keys_file, absolute; empty: no partner has a key.
    std::optional<UnixTime> retired;  ///< From then on the zone lists nothing.
    Secondaries secondaries;
    std::vector<SignatureKey> keys;  ///< [[tsig]] of its own file.

    bool is_allow_zone() const { return classes.size() == 1 && classes.front() == "allow"; }
    /// Whether listings of this class answer here ("*" is all but allow).
    bool serves_class(const std::string& class_name) const;
    /// Whether the layer of a feed (label empty for the base), "own" or a built-in source may
    /// answer here.
    bool serves_source(const std::string& source, const std::string& label = "") const;
};

}  // namespace ostrakon::zone
