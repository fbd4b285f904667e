#include "ostrakon/dns/reversed_address.hpp"

#include <algorithm>
#include <array>

namespace ostrakon::dns {
namespace {

constexpr int kOctets = 4;
constexpr int kNibbles = 32;
constexpr std::size_t kHashDigits = 40;  // of SHA-1

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

constexpr std::optional<std::uint8_t> hex_digit(char c) noexcept {
    if (is_digit(c)) {
        return static_cast<std::uint8_t>(c - '0');
    }
    const auto lower_case = static_cast<char>(lower(static_cast<std::uint8_t>(c)));
    if (lower_case >= 'a' && lower_case <= 'f') {
        return static_cast<std::uint8_t>(lower_case - 'a' + 10);
    }
    return std::nullopt;
}

// Accepts only the spelling a mail server would send, so that one address has one name.
std::optional<std::uint8_t> parse_octet(std::string_view text) noexcept {
    const auto digit = [text](std::size_t at) { return static_cast<unsigned>(text[at] - '0'); };
    unsigned value = 0;
    unsigned largest_digit = 0;  // what is no digit comes out as more than 9
    switch (text.size()) {
        case 1:
            value = largest_digit = digit(0);
            break;
        case 2:
            largest_digit = std::max(digit(0), digit(1));
            value = digit(0) * 10 + digit(1);
            break;
        case 3:
            largest_digit = std::max({digit(0), digit(1), digit(2)});
            value = digit(0) * 100 + digit(1) * 10 + digit(2);
            break;
        default:
            return std::nullopt;
    }
    const bool has_leading_zero = text.size() > 1 && text.front() == '0';
    if (largest_digit > 9 || value > 255 || has_leading_zero) {
        return std::nullopt;
    }
    return static_cast<std::uint8_t>(value);
}

std::optional<std::uint8_t> parse_nibble(std::string_view text) noexcept {
    return text.size() == 1 ? hex_digit(text.front()) : std::nullopt;
}

// How each family spells its addresses.
struct Octets {
    using Address = net::Ipv4;
    static constexpr int kCount = kOctets;
    static constexpr int kBits = 8;
    static constexpr auto kError = ReversedAddressError::BadOctet;
    static std::optional<std::uint8_t> parse(std::string_view label) noexcept {
        return parse_octet(label);
    }
};
struct Nibbles {
    using Address = net::Ipv6;
    static constexpr int kCount = kNibbles;
    static constexpr int kBits = 4;
    static constexpr auto kError = ReversedAddressError::BadNibble;
    static std::optional<std::uint8_t> parse(std::string_view label) noexcept {
        return parse_nibble(label);
    }
};

// What `labels` spell, as the highest bits of an address, and how many there were.
template <class Spelling>
struct Spelled {
    typename Spelling::Address address;
    int labels = 0;
};

template <class Spelling>
Expected<Spelled<Spelling>, ReversedAddressError> read(Labels labels) noexcept {
    using Bits = typename Spelling::Address::Bits;
    Spelled<Spelling> spelled;
    Bits& bits = spelled.address.bits;
    while (!labels.empty()) {  // the first label is the last part: each next one goes in front of
                               // what is there
        if (spelled.labels == Spelling::kCount) {
            return Unexpected{ReversedAddressError::TooManyLabels};
        }
        const auto part = Spelling::parse(labels.pop_front());
        if (!part) {
            return Unexpected{Spelling::kError};
        }
        bits = static_cast<Bits>(bits >> Spelling::kBits |
                                 Bits{*part} << (Spelling::Address::kWidth - Spelling::kBits));
        ++spelled.labels;
    }
    return spelled;
}

template <class Spelling>
Expected<typename Spelling::Address, ReversedAddressError> read_whole(Labels labels) noexcept {
    const auto spelled = read<Spelling>(labels);
    if (!spelled) {
        return Unexpected{spelled.error()};
    }
    if (spelled->labels < Spelling::kCount) {
        return Unexpected{ReversedAddressError::TooFewLabels};
    }
    return spelled->address;
}

template <class Spelling>
Expected<net::Range<typename Spelling::Address>, ReversedAddressError> read_cut(
    Labels labels) noexcept {
    const auto spelled = read<Spelling>(labels);
    if (!spelled) {
        return Unexpected{spelled.error()};
    }
    if (spelled->labels == 0) {
        return Unexpected{ReversedAddressError::TooFewLabels};
    }
    if (spelled->labels == Spelling::kCount) {
        return Unexpected{ReversedAddressError::TooManyLabels};
    }
    return net::prefix(spelled->address, spelled->labels * Spelling::kBits);
}

// By each byte: the value of a hexadecimal digit, or kNoDigit.
constexpr std::uint8_t kNoDigit = 0x80;
constexpr std::array<std::uint8_t, 256> digit_values() noexcept {
    std::array<std::uint8_t, 256> values{};
    for (std::size_t byte = 0; byte < values.size(); ++byte) {
        values[byte] = hex_digit(static_cast<char>(byte)).value_or(kNoDigit);
    }
    return values;
}
constexpr std::array<std::uint8_t, 256> kDigitValues = digit_values();

// An address of 32 nibbles, which is what nearly all questions for IPv6 hold, without a branch for
// each; nothing for anything else.
std::optional<net::Ipv6> whole_ipv6(std::string_view wire) noexcept {
    if (wire.size() != 2UL * kNibbles) {
        return std::nullopt;
    }
    std::array<std::uint64_t, 2> halves{};  // the lower one first
    unsigned wrong = 0;
    for (std::size_t i = 0; i < kNibbles; ++i) {
        const auto length = static_cast<std::uint8_t>(wire[2 * i]);
        const std::uint8_t digit = kDigitValues[static_cast<std::uint8_t>(wire[2 * i + 1])];
        wrong |= (length ^ 1U) | (digit & kNoDigit);
        halves[i / 16] |= std::uint64_t{digit} << (i % 16 * 4);
    }
    if (wrong != 0) {
        return std::nullopt;
    }
    return net::Ipv6{net::Uint128{halves[1]} << 64 | halves[0]};
}

}  // namespace

Expected<net::Ipv4, ReversedAddressError> parse_reversed_ipv4(Labels labels) noexcept {
    return read_whole<Octets>(labels);
}

Expected<net::Ipv6, ReversedAddressError> parse_reversed_ipv6(Labels labels) noexcept {
    if (const auto address = whole_ipv6(labels.wire())) {
        return *address;
    }
    return read_whole<Nibbles>(labels);
}

Expected<net::Ipv4Range, ReversedAddressError> parse_ipv4_cut(Labels labels) noexcept {
    return read_cut<Octets>(labels);
}

Expected<net::Ipv6Range, ReversedAddressError> parse_ipv6_cut(Labels labels) noexcept {
    return read_cut<Nibbles>(labels);
}

bool is_address_label(std::string_view label) noexcept {
    return std::all_of(label.begin(), label.end(), is_digit) || parse_nibble(label).has_value();
}

bool is_hash_label(std::string_view label) noexcept {
    return label.size() == kHashDigits &&
           std::all_of(label.begin(), label.end(), [](char c) { return hex_digit(c).has_value(); });
}

}  // namespace ostrakon::dns
