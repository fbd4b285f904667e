#include "subject_mistake.hpp"

#include "ostrakon/base/printable.hpp"
#include "ostrakon/dns/name.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <bit>
#include <charconv>
#include <optional>
#include <vector>

namespace ostrakon::policy {
namespace {

constexpr std::size_t kShownSizeMax = 120;
constexpr std::string_view kAddressExample =
    "write it as 192.0.2.7, 192.0.2.0/24, 192.0.2.10-192.0.2.90 or 2001:db8::/48";
constexpr std::string_view kNameExample =
    "write it as example.com, =example.com (that name alone) or *.example.com (only what is below)";

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(at + 1);
    }
}

// "040" → "40"; the last zero stays.
std::string_view without_leading_zeros(std::string_view digits) {
    const std::size_t first = digits.find_first_not_of('0');
    return digits.substr(std::min(first, digits.size() - 1));
}

// 192.0.2 or 127/8: written as if the rest were zeros, which is a guess that is not made here.
Unexpected<Error> octet_count_mistake(std::string_view text, std::string_view address,
                                      std::size_t octets) {
    const std::size_t slash = text.find('/');
    if (octets == 1 && slash == std::string_view::npos) {
        return subject_mistake(text, "is a bare number, not an address",
                               std::string{kAddressExample});
    }
    std::string network{address};
    for (std::size_t i = octets; i < 4; ++i) {
        network += ".0";
    }
    network += slash == std::string_view::npos ? fmt::format("/{}", 8 * octets)
                                               : std::string{text.substr(slash)};
    return subject_mistake(
        text, fmt::format("has {} octet{}, not four", octets, octets == 1 ? "" : "s"),
        net::parse_range(network) ? fmt::format("write all four; the network is {}", network)
                                  : std::string{kAddressExample});
}

// What is wrong with something that has the outer form of an IPv4 address: digits and dots.
Unexpected<Error> dotted_mistake(std::string_view text, std::string_view address) {
    const auto octets = split(address, '.');
    if (!std::all_of(octets.begin(), octets.end(), is_all_digits)) {
        return subject_mistake(text, "has an empty octet where an IPv4 address has four numbers",
                               std::string{kAddressExample});
    }
    if (octets.size() != 4) {
        return octet_count_mistake(text, address, octets.size());
    }
    std::string plain;
    bool has_leading_zero = false;
    for (const std::string_view octet : octets) {
        const std::string_view number = without_leading_zeros(octet);
        has_leading_zero = has_leading_zero || number.size() != octet.size();
        plain += (plain.empty() ? "" : ".") + std::string{number};
    }
    if (has_leading_zero && net::parse_ipv4(plain)) {
        return subject_mistake(
            text, "has an octet with a leading zero, which some programs read as octal",
            fmt::format("write {} if that is what is meant", plain));
    }
    return subject_mistake(text, "has an octet above 255", std::string{kAddressExample});
}

// "192.0.2.0/255.255.255.0" → 24; nothing where the mask has holes.
std::optional<int> netmask_length(std::string_view text) {
    const auto mask = net::parse_ipv4(text);
    if (!mask || std::countl_one(mask->bits) + std::countr_zero(mask->bits) < 32) {
        return std::nullopt;
    }
    return std::countl_one(mask->bits);
}

Unexpected<Error> bad_length(std::string_view text) {
    const std::size_t slash = text.find('/');
    const std::string_view address = text.substr(0, slash);
    const auto v4 = net::parse_ipv4(address);
    const auto mask = netmask_length(text.substr(slash + 1));
    if (v4 && mask) {
        return subject_mistake(text, "has a netmask where a prefix length belongs",
                               fmt::format("write {}", net::to_string(net::prefix(*v4, *mask))));
    }
    return subject_mistake(text,
                           fmt::format("has no prefix length from 0 to {} behind the slash",
                                       v4 ? net::Ipv4::kWidth : net::Ipv6::kWidth),
                           v4 ? "write it as 192.0.2.0/24" : "write it as 2001:db8::/48");
}

Unexpected<Error> host_bits_set(std::string_view text) {
    const std::size_t slash = text.find('/');
    const std::string_view address = text.substr(0, slash);
    int length = 0;
    std::from_chars(text.data() + slash + 1, text.data() + text.size(), length);
    std::string network;
    if (const auto v4 = net::parse_ipv4(address)) {
        network = net::to_string(net::prefix(*v4, length));
    } else if (const auto v6 = net::parse_ipv6(address)) {
        network = net::to_string(net::prefix(*v6, length));
    }
    return subject_mistake(
        text, "has bits set behind its prefix length",
        fmt::format("the network is {}, the address alone {}", network, address));
}

Unexpected<Error> colon_mistake(std::string_view text) {
    const std::string_view host = host_of(text);
    if (!host.empty() && is_all_digits(text.substr(text.rfind(':') + 1))) {
        return subject_mistake(text, "has a port", fmt::format("write {} alone", host));
    }
    if (text.find('%') != std::string_view::npos) {
        return subject_mistake(text, "has a zone id (the part behind %)",
                               "an address of one link only cannot be listed; write it as "
                               "2001:db8::7 or 2001:db8::/48");
    }
    if (text.front() == '[' && text.back() == ']') {
        const std::string_view inner = text.substr(1, text.size() - 2);
        if (net::parse_ipv6(inner)) {
            return subject_mistake(text, "has brackets around the address",
                                   fmt::format("write {}", inner));
        }
    }
    return subject_mistake(text, "is no IPv6 address", "write it as 2001:db8::7 or 2001:db8::/48");
}

}  // namespace

bool is_all_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Unexpected<Error> subject_mistake(std::string_view text, std::string why, std::string remedy) {
    return Unexpected{Error{ErrorCode::Usage,
                            fmt::format("subject \"{}\"", printable(text, kShownSizeMax)),
                            std::move(why), std::move(remedy)}};
}

std::string_view host_of(std::string_view text) {
    if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos) {
        text.remove_prefix(scheme + 3);
    }
    text = text.substr(0, text.find_first_of("/?#"));
    if (const std::size_t user = text.rfind('@'); user != std::string_view::npos) {
        text.remove_prefix(user + 1);
    }
    if (text.starts_with('[')) {
        const std::string_view inner = text.substr(1, text.find(']') - 1);
        return net::parse_ipv6(inner) ? inner : std::string_view{};
    }
    const std::string_view host = text.substr(0, text.find(':'));
    return net::parse_ipv4(host) || dns::parse_name(host) ? host : std::string_view{};
}

Unexpected<Error> address_mistake(std::string_view text, net::RangeError error) {
    switch (error) {
        case net::RangeError::BadLength:
            return bad_length(text);
        case net::RangeError::HostBitsSet:
            return host_bits_set(text);
        case net::RangeError::Reversed:
            return subject_mistake(text, "ends before it starts",
                                   "write the lower address first, as in 192.0.2.10-192.0.2.90");
        case net::RangeError::MixedFamilies:
            return subject_mistake(text, "starts in IPv4 and ends in IPv6 or the other way round",
                                   "write two ranges, one a family");
        case net::RangeError::NotAnAddress:
            break;
    }
    const std::size_t slash = text.find('/');
    if (slash == 0 || (slash != std::string_view::npos && dns::parse_name(text.substr(0, slash)))) {
        return subject_mistake(text, "has a path",
                               slash == 0 ? std::string{kAddressExample}
                                          : fmt::format("write {} alone", text.substr(0, slash)));
    }
    for (const std::string_view part : split(text.substr(0, slash), '-')) {
        if (part.find(':') != std::string_view::npos) {
            if (!net::parse_ipv6(part)) {
                return colon_mistake(part.size() == text.size() ? text : part);
            }
        } else if (part.find_first_not_of("0123456789.") != std::string_view::npos) {
            return subject_mistake(text, "mixes a name into an address or prefix",
                                   std::string{kAddressExample});
        } else if (!net::parse_ipv4(part)) {
            return dotted_mistake(text, part);
        }
    }
    return subject_mistake(text, "is no address, prefix or range", std::string{kAddressExample});
}

Unexpected<Error> name_mistake(std::string_view text, const Error& name_error) {
    if (text.find('*') != std::string_view::npos) {
        return subject_mistake(
            text, "has a * that is not its whole first label",
            fmt::format("*.example.com is all names below example.com; a pattern over "
                        "whole names is written as rdns:{}",
                        text));
    }
    if (text.starts_with('.') && dns::parse_name(text.substr(1))) {
        return subject_mistake(text, "begins with a dot",
                               fmt::format("write {0} (that name and all below it) or *.{0} (only "
                                           "what is below)",
                                           text.substr(1)));
    }
    return subject_mistake(text, name_error.why, std::string{kNameExample});
}

}  // namespace ostrakon::policy
