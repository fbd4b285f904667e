#include "ostrakon/dns/reversed_address.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

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

// The bytes at `at` as a number, the first one lowest.
template <class Number>
Number load_first_lowest(const char* at) noexcept {
    Number number = 0;
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(&number, at, sizeof number);
    } else {
        for (std::size_t i = 0; i < sizeof number; ++i) {
            number |= Number{static_cast<std::uint8_t>(at[i])} << 8 * i;
        }
    }
    return number;
}

// Four nibbles with their length bytes are eight bytes, of which each pair is a lane of a word: the
// length below, the digit above.
using Word = std::uint64_t;
constexpr std::size_t kNibblesAtOnce = sizeof(Word) / 2;
constexpr Word kLanes = 0x0001000100010001;

// What the four nibbles at `labels` spell, the first one lowest; more than 16 bits where they are
// none. All lanes are worked on at once, without a branch.
std::uint32_t four_nibbles(const char* labels) noexcept {
    const Word word = load_first_lowest<Word>(labels);
    const Word text = word >> 8 & 0xFF * kLanes;
    const Word is_letter = text >> 6 & kLanes;
    const Word lowered = text | is_letter << 5;
    const Word first = '0' * kLanes + is_letter * ('a' - '0');
    const Word last = '9' * kLanes + is_letter * ('f' - '9');
    // The highest bit of a lane is lost where a digit is below the first or beyond the last one.
    const Word highest = 0x8000 * kLanes;
    const Word within = (lowered + highest - first) & (last + highest - lowered) & highest;
    const Word digits = lowered - first + is_letter * 10;
    // Each lane's digit to its place in the highest 16 bits.
    constexpr Word kGather = Word{1} << 48 | Word{1} << 36 | Word{1} << 24 | Word{1} << 12;
    const bool is_right = within == highest && (word & 0xFF * kLanes) == kLanes;
    return static_cast<std::uint32_t>(digits * kGather >> 48) | (is_right ? 0U : 0x10000U);
}

// An address of 32 nibbles, which is what nearly all questions for IPv6 hold; nothing for anything
// else.
std::optional<net::Ipv6> whole_ipv6(std::string_view wire) noexcept {
    if (wire.size() != 2UL * kNibbles) {
        return std::nullopt;
    }
    std::array<std::uint64_t, 2> halves{};  // the lower one first
    std::uint32_t all = 0;
    for (std::size_t i = 0; i < kNibbles; i += kNibblesAtOnce) {
        const std::uint32_t four = four_nibbles(wire.data() + 2 * i);
        all |= four;
        halves[i / 16] |= std::uint64_t{four & 0xFFFF} << (i % 16 * 4);
    }
    if (all > 0xFFFF) {
        return std::nullopt;
    }
    return net::Ipv6{net::Uint128{halves[1]} << 64 | halves[0]};
}

// The octet whose label starts the four bytes of `label`, the first one lowest, as parse_octet
// takes it, else 256 or more. There is no branch for its digits: how many there are cannot be
// guessed.
std::uint32_t octet_of(std::uint32_t label) noexcept {
    constexpr std::uint32_t kEachDigit = 0x010101;
    const std::uint32_t length = label & 0xFF;
    const std::uint32_t text = label >> 8;
    // The last digit goes into the third byte; where there are fewer, the others become 0.
    const std::uint32_t digits = ((text ^ '0' * kEachDigit) << ((24 - 8 * length) & 31)) & 0xFFFFFF;
    const std::uint32_t value = (digits & 0xFF) * 100 + (digits >> 8 & 0xFF) * 10 + (digits >> 16);
    const bool is_number =
        (((digits + (0x80 - 10) * kEachDigit) | digits) & 0x80 * kEachDigit) == 0;
    const bool has_leading_zero = length > 1 && (text & 0xFF) == '0';
    const bool is_right = is_number && !has_leading_zero && length - 1 < 3;
    return is_right ? value : 256;
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

std::optional<net::Ipv4> whole_ipv4(const QuestionName& name) noexcept {
    std::uint32_t bits = 0;
    std::uint32_t all = 0;
    for (std::size_t i = 0; i < kOctets; ++i) {
        const std::uint32_t octet =
            octet_of(load_first_lowest<std::uint32_t>(name.lower_bytes() + name.label_start(i)));
        all |= octet;
        bits = bits >> 8 | octet << 24;
    }
    return all < 256 ? std::optional{net::Ipv4{bits}} : std::nullopt;
}

bool is_address_label(std::string_view label) noexcept {
    return std::all_of(label.begin(), label.end(), is_digit) || parse_nibble(label).has_value();
}

bool is_hash_label(std::string_view label) noexcept {
    return label.size() == kHashDigits &&
           std::all_of(label.begin(), label.end(), [](char c) { return hex_digit(c).has_value(); });
}

}  // namespace ostrakon::dns
