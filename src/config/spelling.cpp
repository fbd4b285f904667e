#include "spelling.hpp"

#include "ostrakon/zone/listing_class.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace ostrakon::config {
namespace {

constexpr std::size_t kWebAddressSizeMax = 512;
constexpr int kAddressCountBitsMax = 64;  // an IPv6 /64 counts as one address

Unexpected<std::string> expected(std::string_view what) {
    return Unexpected{std::string{what}};
}

template <class N>
std::optional<N> number(std::string_view text) {
    N value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || text.front() == '-' || error != std::errc{} ||
        end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

}  // namespace

Spelled<std::uint64_t> spelled_size(std::string_view text) {
    struct Unit {
        std::string_view name;
        int bits;
    };
    constexpr std::array<Unit, 5> kUnits{
        {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}, {"B", 0}}};
    constexpr std::string_view kExpected = "a size, as in 64GiB (B, KiB, MiB, GiB or TiB)";
    const auto* const unit = std::find_if(kUnits.begin(), kUnits.end(), [text](const Unit& known) {
        return text.ends_with(known.name);
    });
    if (unit == kUnits.end()) {
        return expected(kExpected);
    }
    text.remove_suffix(unit->name.size());
    if (text.ends_with(' ')) {
        text.remove_suffix(1);
    }
    const auto count = number<std::uint64_t>(text);
    if (!count || *count > UINT64_MAX >> unit->bits) {
        return expected(kExpected);
    }
    return *count << unit->bits;
}

Spelled<double> spelled_percentage(std::string_view text) {
    constexpr double kPercentMax = 1e6;
    const auto percent =
        text.ends_with('%') ? number<double>(text.substr(0, text.size() - 1)) : std::nullopt;
    if (!percent || !std::isfinite(*percent) || *percent > kPercentMax) {
        return expected("a percentage, as in \"30%\"");
    }
    return *percent / 100;
}

Spelled<Endpoint> spelled_endpoint(std::string_view text) {
    constexpr std::string_view kExpected =
        "an address and a port, as in \"127.0.0.1:5353\" or \"[::1]:5353\"";
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return expected(kExpected);
    }
    const std::string_view port_text = text.substr(colon + 1);
    std::string_view address_text = text.substr(0, colon);
    const bool is_bracketed =
        address_text.size() > 2 && address_text.front() == '[' && address_text.back() == ']';
    if (is_bracketed) {
        address_text = address_text.substr(1, address_text.size() - 2);
    }
    const bool is_ipv6 = address_text.find(':') != std::string_view::npos;
    const auto port = number<std::uint16_t>(port_text);
    const auto address = net::parse_address(address_text);
    if (is_bracketed != is_ipv6 || !address || !port) {
        return expected(kExpected);
    }
    return Endpoint{*address, *port};
}

Spelled<net::AddressRange> spelled_range(std::string_view text) {
    const auto range = net::parse_range(text);
    if (range) {
        return *range;
    }
    switch (range.error()) {
        case net::RangeError::BadLength:
            return expected("a prefix length from 0 to 32, or 128 for IPv6, behind the slash");
        case net::RangeError::HostBitsSet:
            return expected("no bits set behind the prefix length, as in \"192.0.2.0/24\"");
        case net::RangeError::Reversed:
            return expected("the lower address first");
        case net::RangeError::MixedFamilies:
            return expected("two addresses of one family");
        case net::RangeError::NotAnAddress:
            break;
    }
    return expected("an address or a prefix, as in \"192.0.2.0/24\"");
}

Spelled<net::Ipv4> spelled_code(std::string_view text) {
    const auto code = net::parse_ipv4(text);
    if (!code || !zone::is_valid_code(*code)) {
        return expected("a code in 127.0.0.0/8, not 127.0.0.1 and not in 127.255.255.0/24");
    }
    return *code;
}

Spelled<dns::Name> spelled_name(std::string_view text) {
    return dns::parse_name(text).map_error(
        [](const Error& error) { return fmt::format("a domain name (it {})", error.why); });
}

Spelled<dns::Name> spelled_mailbox(std::string_view text) {
    constexpr std::string_view kExpected = "a mail address, as in \"hostmaster@example.org\"";
    const auto at = text.rfind('@');
    if (at == std::string_view::npos || at == 0) {
        return expected(kExpected);
    }
    const std::string_view local = text.substr(0, at);
    const bool is_plain = std::all_of(local.begin(), local.end(), [](char c) {
        return c > ' ' && c < 0x7F &&
               std::string_view{"()<>[]:;@\\,\""}.find(c) == std::string_view::npos;
    });
    const auto domain = dns::parse_name(text.substr(at + 1));
    if (!is_plain || !domain) {
        return expected(kExpected);
    }
    std::vector<std::string> labels = domain->labels();
    labels.insert(labels.begin(), std::string{local});
    return dns::Name::from_labels(labels).map_error([](const Error& error) {
        return fmt::format("a shorter mail address ({})", message(error));
    });
}

Spelled<std::string> spelled_mail_address_or_nothing(std::string_view text) {
    if (text.empty()) {
        return std::string{};
    }
    if (text.starts_with('-')) {  // which programs take for an option
        return expected("a mail address that does not begin with \"-\"");
    }
    return spelled_mailbox(text).map([text](const dns::Name&) { return std::string{text}; });
}

Spelled<double> spelled_address_count(std::string_view text) {
    for (const std::string_view unit : {" addresses", " address"}) {
        if (text.ends_with(unit)) {
            text.remove_suffix(unit.size());
            break;
        }
    }
    if (text.starts_with("2^")) {
        const auto bits = number<int>(text.substr(2));
        if (bits && *bits <= kAddressCountBitsMax) {
            return std::ldexp(1.0, *bits);
        }
    } else if (const auto count = number<std::uint64_t>(text)) {
        return static_cast<double>(*count);
    }
    return expected("how many addresses, as in \"2^24 addresses\" or \"65536\"");
}

Spelled<std::string> spelled_identifier(std::string_view text) {
    if (!zone::is_valid_identifier(text)) {
        return expected(
            "a name of a-z, 0-9, \"-\", \"_\" and \".\", at most 63 characters, the first a letter "
            "or digit");
    }
    return std::string{text};
}

Spelled<std::string> spelled_web_address(std::string_view text) {
    const bool is_web = text.starts_with("https://") || text.starts_with("http://");
    const bool is_plain =
        std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
    if (!text.empty() &&
        (!is_web || !is_plain || text.size() > kWebAddressSizeMax || text.ends_with("//"))) {
        return expected("an address of the web, as in \"https://bl.example.org\", without blanks");
    }
    if (text.ends_with('/')) {
        text.remove_suffix(1);
    }
    return std::string{text};
}

Spelled<std::string> SpelledText::operator()(std::string_view text) const {
    if (text.size() > size_max || text.size() < size_min) {
        return Unexpected{fmt::format("a text of {} to {} bytes", size_min, size_max)};
    }
    if (text.find('\0') != std::string_view::npos) {
        return expected("a text without a zero byte");
    }
    return std::string{text};
}

Spelled<Duration> SpelledDuration::operator()(std::string_view text) const {
    const auto duration = parse_duration(text);
    if (!duration) {
        return expected(may_be_forever ? "a duration, as in \"30d\", or \"forever\""
                                       : "a duration, as in \"30d\"");
    }
    if (duration->forever ? !may_be_forever
                          : duration->seconds < least_s || duration->seconds > most_s) {
        return Unexpected{fmt::format("a duration from {} to {}", to_string(Duration{least_s}),
                                      may_be_forever ? "forever" : to_string(Duration{most_s}))};
    }
    return *duration;
}

Spelled<std::string> SpelledWord::operator()(std::string_view text) const {
    if (std::find(words.begin(), words.end(), text) == words.end()) {
        return Unexpected{fmt::format("one of {}", fmt::join(words, ", "))};
    }
    return std::string{text};
}

}  // namespace ostrakon::config
