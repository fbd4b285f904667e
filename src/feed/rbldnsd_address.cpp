#include "rbldnsd_address.hpp"

#include "rbldnsd_text.hpp"

#include <array>
#include <cstdint>

namespace ostrakon::feed {
namespace {

constexpr std::size_t kIpv6Words = 8;
constexpr int kBitsOfWord = 16;

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

// A decimal number of any length up to `max`; leading zeros count for nothing.
std::optional<unsigned> take_number(std::string_view& text, unsigned max) {
    if (text.empty() || !is_decimal(text.front())) {
        return std::nullopt;
    }
    unsigned value = 0;
    while (!text.empty() && is_decimal(text.front())) {
        value = value * 10 + static_cast<unsigned>(text.front() - '0');
        if (value > max) {
            return std::nullopt;
        }
        text.remove_prefix(1);
    }
    return value;
}

template <class A>
struct Leading {
    A address;       // missing parts are zero
    int length = 0;  // bits that are given
};

// One to four octets.
std::optional<Leading<net::Ipv4>> take_octets(std::string_view& text) {
    Leading<net::Ipv4> read;
    do {
        const auto octet = take_number(text, 255);
        if (!octet) {
            return std::nullopt;
        }
        read.length += 8;
        read.address.bits |= *octet << (32 - read.length);
    } while (read.length < 32 && take(text, '.'));
    return read;
}

// The end of "first-last": as many octets as the beginning has, or one, which stands in place of
// its last.
Expected<net::Ipv4Range, AddressMistake> take_end(std::string_view& text,
                                                  const Leading<net::Ipv4>& first) {
    auto last = take_octets(text);
    if (!last || (last->length != first.length && last->length != 8)) {
        return Unexpected{AddressMistake::NotAnAddress};
    }
    if (last->length == 8) {
        const int before = first.length - 8;
        const std::uint32_t kept = before == 0 ? 0 : first.address.bits & ~(0xFFFF'FFFFU >> before);
        last->address.bits = last->address.bits >> before | kept;
    }
    const net::Ipv4Range range{first.address, net::prefix(last->address, first.length).last};
    if (range.last < range.first) {
        return Unexpected{AddressMistake::NotAnAddress};
    }
    return range;
}

template <class A>
Expected<net::Range<A>, AddressMistake> as_prefix(A address, int length) {
    const net::Range<A> range = net::prefix(address, length);
    if (range.first != address) {
        return Unexpected{AddressMistake::HostBitsSet};
    }
    return range;
}

constexpr int nibble_of(char c) {
    return is_decimal(c)          ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

// One word of up to 16 bits in hexadecimal, of any length; false if none stands there or it is
// larger, and then what was read of it is gone.
bool take_word(std::string_view& text, unsigned& word) {
    word = 0;
    bool is_there = false;
    while (!text.empty() && nibble_of(text.front()) >= 0) {
        word = word << 4 | static_cast<unsigned>(nibble_of(text.front()));
        if (word > 0xFFFF) {
            return false;
        }
        is_there = true;
        text.remove_prefix(1);
    }
    return is_there;
}

// Words as far as they go. A "::" makes it a whole address, even where a second one follows, which
// is left to the caller as rbldnsd leaves it.
std::optional<Leading<net::Ipv6>> take_words(std::string_view& text) {
    std::array<unsigned, kIpv6Words> words{};
    std::size_t count = 0;
    std::optional<std::size_t> gap;
    bool is_complete = false;
    if (text.starts_with("::")) {
        gap = 0;
        text.remove_prefix(2);
    }
    for (unsigned word = 0; take_word(text, word);) {
        words[count++] = word;
        if (count == kIpv6Words || !take(text, ':')) {
            is_complete = true;
            break;
        }
        if (!gap && take(text, ':')) {
            gap = count;
        }
    }
    if (gap ? count == kIpv6Words : !is_complete) {
        return std::nullopt;
    }
    const std::size_t zeros = gap ? kIpv6Words - count : 0;
    Leading<net::Ipv6> read;
    read.length = gap ? net::Ipv6::kWidth : static_cast<int>(count) * kBitsOfWord;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t place = gap && i >= *gap ? i + zeros : i;
        read.address.bits |= net::Uint128{words[i]}
                             << (net::Ipv6::kWidth - kBitsOfWord * (static_cast<int>(place) + 1));
    }
    return read;
}

}  // namespace

Expected<net::Ipv4Range, AddressMistake> take_ipv4(std::string_view& line, Ipv4Grammar grammar) {
    const auto first = take_octets(line);
    if (!first) {
        return Unexpected{AddressMistake::NotAnAddress};
    }
    if (grammar == Ipv4Grammar::Addresses) {
        if (first->length != net::Ipv4::kWidth) {
            return Unexpected{AddressMistake::NotWhole};
        }
        return net::Ipv4Range{first->address, first->address};
    }
    if (grammar == Ipv4Grammar::Ranges && take(line, '-')) {
        return take_end(line, *first);
    }
    if (take(line, '/')) {
        const auto length = take_number(line, net::Ipv4::kWidth);
        if (!length) {
            return Unexpected{AddressMistake::NotAnAddress};
        }
        if (*length == 0 && grammar == Ipv4Grammar::Ranges) {
            return Unexpected{AddressMistake::Everything};
        }
        return as_prefix(first->address, static_cast<int>(*length));
    }
    if (first->length == 8) {
        return Unexpected{AddressMistake::BareNumber};
    }
    return net::prefix(first->address, first->length);
}

Expected<net::Ipv6Range, AddressMistake> take_ipv6(std::string_view& line, Ipv6Grammar grammar) {
    constexpr int kNetworkLength = 64;
    const auto first = take_words(line);
    if (!first) {
        return Unexpected{AddressMistake::NotAnAddress};
    }
    if (grammar != Ipv6Grammar::Prefixes) {
        const int wanted = grammar == Ipv6Grammar::Networks ? kNetworkLength : net::Ipv6::kWidth;
        if (first->length != wanted) {
            return Unexpected{AddressMistake::NotWhole};
        }
        return net::prefix(first->address, wanted);
    }
    if (take(line, '/')) {
        const auto length = take_number(line, net::Ipv6::kWidth);
        if (!length) {
            return Unexpected{AddressMistake::NotAnAddress};
        }
        return as_prefix(first->address, static_cast<int>(*length));
    }
    if (first->length == kBitsOfWord) {
        return Unexpected{AddressMistake::BareNumber};
    }
    return net::prefix(first->address, first->length);
}

std::optional<net::Ipv4> take_code(std::string_view& text) {
    auto read = take_octets(text);
    if (!read) {
        return std::nullopt;
    }
    const std::uint32_t bits = read->address.bits;
    std::uint32_t code = bits;
    switch (read->length) {
        case 8:  // 5
            code = bits == 0 ? 0 : 0x7F00'0000U | bits >> 24;
            break;
        case 16:  // 127.5
            code = (bits & 0xFF00'0000U) | (bits >> 16 & 0xFFU);
            break;
        case 24:  // 127.0.5
            code = (bits & 0xFFFF'0000U) | (bits >> 8 & 0xFFU);
            break;
        default:
            break;
    }
    return code == 0 ? std::nullopt : std::optional{net::Ipv4{code}};
}

}  // namespace ostrakon::feed
