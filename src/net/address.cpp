#include "ostrakon/net/address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <algorithm>
#include <charconv>

namespace ostrakon::net {
namespace {

constexpr std::size_t kAddressTextSizeMax = 45;
constexpr int kIpv6Groups = 8;

struct ZeroRun {
    int first = -1;
    int count = 0;
};

// The run of zero groups that "::" stands for: the longest of at least two, the first of equals
// (RFC 5952 §4.2).
template <class Group>
ZeroRun longest_zero_run(Group group) {
    ZeroRun longest{-1, 1};
    for (int first = 0; first < kIpv6Groups; ++first) {
        int count = 0;
        while (first + count < kIpv6Groups && group(first + count) == 0) {
            ++count;
        }
        if (count > longest.count) {
            longest = {first, count};
        }
    }
    return longest;
}

template <class A>
Expected<Range<A>, RangeError> prefix_of(A address, std::string_view length_text) {
    int length = 0;
    const auto [end, error] =
        std::from_chars(length_text.data(), length_text.data() + length_text.size(), length);
    const bool leading_zero = length_text.size() > 1 && length_text.front() == '0';
    if (error != std::errc{} || end != length_text.data() + length_text.size() || leading_zero ||
        length < 0 || length > A::kWidth) {
        return Unexpected{RangeError::BadLength};
    }
    const Range<A> block = prefix(address, length);
    if (block.first != address) {
        return Unexpected{RangeError::HostBitsSet};
    }
    return block;
}

// One family has one spelling: a range of mapped addresses is the IPv4 range.
AddressRange normalised(Ipv6Range range) {
    if (kMappedIpv4.contains(range)) {
        return Ipv4Range{*mapped_ipv4(range.first), *mapped_ipv4(range.last)};
    }
    return range;
}

}  // namespace

std::optional<Ipv4> parse_ipv4(std::string_view text) {
    Ipv4 address;
    const char* at = text.data();
    const char* const end = at + text.size();
    for (int octet = 0; octet < 4; ++octet) {
        if (octet > 0 && (at == end || *at++ != '.')) {
            return std::nullopt;
        }
        unsigned value = 0;
        const auto [next, error] = std::from_chars(at, end, value);
        if (error != std::errc{} || value > 255 || next - at > 3 || (next - at > 1 && *at == '0')) {
            return std::nullopt;
        }
        at = next;
        address.bits = address.bits << 8 | value;
    }
    return at == end ? std::optional{address} : std::nullopt;
}

std::optional<Ipv6> parse_ipv6(std::string_view text) {
    if (text.size() > kAddressTextSizeMax || text.find('\0') != std::string_view::npos) {
        return std::nullopt;
    }
    std::array<std::uint8_t, 16> bytes{};
    std::array<char, kAddressTextSizeMax + 1> terminated{};
    std::copy(text.begin(), text.end(), terminated.begin());
    if (inet_pton(AF_INET6, terminated.data(), bytes.data()) != 1) {
        return std::nullopt;
    }
    return ipv6_from_bytes(bytes.data());
}

std::optional<Address> parse_address(std::string_view text) {
    if (const auto v4 = parse_ipv4(text)) {
        return Address{*v4};
    }
    const auto v6 = parse_ipv6(text);
    if (!v6) {
        return std::nullopt;
    }
    if (const auto v4 = mapped_ipv4(*v6)) {
        return Address{*v4};
    }
    return Address{*v6};
}

Expected<AddressRange, RangeError> parse_range(std::string_view text) {
    if (const auto dash = text.find('-'); dash != std::string_view::npos) {
        const auto first = parse_address(text.substr(0, dash));
        const auto last = parse_address(text.substr(dash + 1));
        if (!first || !last) {
            return Unexpected{RangeError::NotAnAddress};
        }
        if (first->index() != last->index()) {
            return Unexpected{RangeError::MixedFamilies};
        }
        if (*last < *first) {
            return Unexpected{RangeError::Reversed};
        }
        if (const auto* v4 = std::get_if<Ipv4>(&*first)) {
            return AddressRange{Ipv4Range{*v4, std::get<Ipv4>(*last)}};
        }
        return AddressRange{Ipv6Range{std::get<Ipv6>(*first), std::get<Ipv6>(*last)}};
    }
    const auto slash = text.find('/');
    const std::string_view address = text.substr(0, slash);
    const bool whole = slash == std::string_view::npos;
    if (const auto v4 = parse_ipv4(address)) {
        const auto range = whole ? Ipv4Range{*v4, *v4} : prefix_of(*v4, text.substr(slash + 1));
        return range.map([](Ipv4Range found) { return AddressRange{found}; });
    }
    const auto v6 = parse_ipv6(address);
    if (!v6) {
        return Unexpected{RangeError::NotAnAddress};
    }
    const auto range = whole ? Ipv6Range{*v6, *v6} : prefix_of(*v6, text.substr(slash + 1));
    return range.map(normalised);
}

std::string to_string(Ipv4 address) {
    return fmt::format("{}.{}.{}.{}", address.bits >> 24, address.bits >> 16 & 255,
                       address.bits >> 8 & 255, address.bits & 255);
}

// Not inet_ntop, which writes all of ::/96 with dots, as RFC 4291 §2.5.5.1 no longer does.
std::string to_string(Ipv6 address) {
    if (const auto ipv4 = mapped_ipv4(address)) {
        return "::ffff:" + to_string(*ipv4);
    }
    const auto group = [address](int i) {
        return static_cast<std::uint16_t>(address.bits >> (112 - 16 * i));
    };
    const ZeroRun zeros = longest_zero_run(group);
    std::string text;
    for (int i = 0; i < kIpv6Groups; ++i) {
        if (i == zeros.first) {
            text += "::";
            i += zeros.count - 1;
            continue;
        }
        text += fmt::format("{}{:x}", text.empty() || text.back() == ':' ? "" : ":", group(i));
    }
    return text;
}

std::string to_string(const Address& address) {
    return std::visit([](auto value) { return to_string(value); }, address);
}

namespace {

template <class A>
std::string range_to_string(Range<A> range) {
    if (range.first == range.last) {
        return to_string(range.first);
    }
    if (const auto length = prefix_length(range)) {
        return fmt::format("{}/{}", to_string(range.first), *length);
    }
    return fmt::format("{}-{}", to_string(range.first), to_string(range.last));
}

}  // namespace

std::string to_string(Ipv4Range range) {
    return range_to_string(range);
}
std::string to_string(Ipv6Range range) {
    return range_to_string(range);
}
std::string to_string(const AddressRange& range) {
    return std::visit([](auto value) { return to_string(value); }, range);
}

std::array<std::uint8_t, 16> to_bytes(Ipv6 address) {
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(address.bits >> (120 - 8 * i));
    }
    return bytes;
}

Ipv6 ipv6_from_bytes(const std::uint8_t* bytes) {
    Ipv6 address;
    for (int i = 0; i < 16; ++i) {
        address.bits = address.bits << 8 | bytes[i];
    }
    return address;
}

}  // namespace ostrakon::net
