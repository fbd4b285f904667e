// The addresses that mean something else on every site: no list and no stranger has a say in them.
#pragma once

#include "ostrakon/net/address.hpp"

#include <array>
#include <string_view>

namespace ostrakon::net {

/// This host, private use, link-local, carriers' NAT, multicast and what is reserved; "private" in
/// the configuration.
inline constexpr std::array<std::string_view, 12> kPrivateRanges{
    "0.0.0.0/8",      "10.0.0.0/8",    "100.64.0.0/10",  "127.0.0.0/8",
    "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
    "::/127",         "fc00::/7",      "fe80::/10",      "ff00::/8"};

/// Whether an address lies in one of them; of ::ffff:a.b.c.d (RFC 4291 §2.5.5.2) and
/// 64:ff9b::a.b.c.d (RFC 6052 §2.1) the IPv4 address counts.
bool is_private(const Address& address);

}  // namespace ostrakon::net
