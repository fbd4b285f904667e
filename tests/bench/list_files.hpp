// Listings as files that servers read. All of them answer for kOrigin.
#pragma once

#include "bench/listings.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace ostrakon::bench {

inline constexpr std::string_view kOrigin = "bl.example.org";

/// 192.0.2.1 as 1.2.0.192.
std::string reversed(net::Ipv4 address);
/// The first `nibbles` of the address, the last of them first.
std::string reversed(net::Ipv6 address, int nibbles);

/// Plain lists: addresses, prefixes, ipv6, names.
void write_plain_lists(const Listings& listings, const std::filesystem::path& directory);
/// rbldnsd.ip4, which is an ip4trie and an ip4set, rbldnsd.ip6 (ip6trie) and rbldnsd.names (dnset).
void write_rbldnsd_lists(const Listings& listings, const std::filesystem::path& directory);
/// zonefile, RFC 1035: prefixes as wildcards, and as addresses below /24.
void write_zone_file(const Listings& listings, const std::filesystem::path& directory);

}  // namespace ostrakon::bench
