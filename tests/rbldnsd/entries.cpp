#include "rbldnsd/entries.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace ostrakon::rbldnsd {
namespace {

using property::Random;

template <class A>
void ask_edges(Spelled& spelled, net::Range<A> range) {
    using Bits = typename A::Bits;
    const Bits middle = range.first.bits + (range.last.bits - range.first.bits) / 2;
    for (const A address : {A{static_cast<Bits>(range.first.bits - 1)}, range.first, A{middle},
                            range.last, A{static_cast<Bits>(range.last.bits + 1)}}) {
        spelled.questions.push_back(question_of(address));
    }
}

net::Ipv4 some_ipv4(Random& random) {
    static const std::vector<unsigned> kFirst{192, 192, 198, 203, 1, 223};
    static const std::vector<unsigned> kSecond{0, 51, 52, 255};
    static const std::vector<unsigned> kThird{0, 1, 2, 100, 255};
    static const std::vector<unsigned> kFourth{0, 1, 2, 7, 8, 127, 128, 200, 254, 255};
    return {random.pick(kFirst) << 24 | random.pick(kSecond) << 16 | random.pick(kThird) << 8 |
            random.pick(kFourth)};
}

std::string octets(Random& random, net::Ipv4 address, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        const unsigned octet = address.bits >> (24 - 8 * i) & 255;
        text += fmt::format("{}{}{}", i == 0 ? "" : ".", random.chance(5) ? "00" : "", octet);
    }
    return text;
}

Spelled ipv4_prefix(Random& random) {
    const net::Ipv4 address = some_ipv4(random);
    Spelled spelled;
    const int given = static_cast<int>(1 + random.below(4));
    if (random.chance(40) && given > 1) {
        spelled.text = octets(random, address, given);
        ask_edges(spelled, net::prefix(address, 8 * given));
        return spelled;
    }
    const int length =
        static_cast<int>(random.chance(10) ? 1 + random.below(8) : 8 + random.below(25));
    const auto range = net::prefix(address, length);
    const int needed = std::max(1, (length + 7) / 8);
    const int written = needed + static_cast<int>(random.below(static_cast<unsigned>(5 - needed)));
    spelled.text = fmt::format("{}/{}{}", octets(random, range.first, written),
                               random.chance(5) ? "0" : "", length);
    ask_edges(spelled, range);
    return spelled;
}

Spelled ipv4_range(Random& random) {
    const net::Ipv4 first = some_ipv4(random);
    Spelled spelled;
    if (random.chance(40)) {  // one octet in place of the last
        const int given = static_cast<int>(1 + random.below(4));
        const int shift = 32 - 8 * given;
        const unsigned octet = first.bits >> shift & 255;
        const unsigned last = octet + static_cast<unsigned>(random.below(256 - octet));
        const net::Ipv4 end{(first.bits & ~(255U << shift)) | last << shift};
        spelled.text = fmt::format("{}-{}", octets(random, first, given), last);
        ask_edges(spelled, net::Ipv4Range{net::prefix(first, 8 * given).first,
                                          net::prefix(end, 8 * given).last});
        return spelled;
    }
    const int given = static_cast<int>(2 + random.below(3));
    const net::Ipv4 begin = net::prefix(first, 8 * given).first;
    const std::uint32_t widths[] = {0, 1, 100, 255, 256, 600, 70'000, 20'000'000};
    const std::uint32_t width = widths[random.below(random.chance(20) ? 8 : 6)];
    const net::Ipv4 end{begin.bits > ~width ? ~0U : begin.bits + width};
    spelled.text = fmt::format("{}-{}", octets(random, begin, given), octets(random, end, given));
    ask_edges(spelled, net::Ipv4Range{begin, net::prefix(end, 8 * given).last});
    return spelled;
}

Spelled ipv4_mistake(Random& random) {
    static const std::vector<std::string> kMistakes{"1",
                                                    "192.0.2.1/24",
                                                    "192.0.2.0/33",
                                                    "192.0.256.1",
                                                    "192.0.2.9-192.0.2.1",
                                                    "192.0.2.",
                                                    "192.0.2.7x",
                                                    "192.0.2.0-2.3",
                                                    "0/0",
                                                    "192.0.2.1-",
                                                    "example.com",
                                                    "192.0.2.7/",
                                                    "2001:db8::1",
                                                    "192.0.2.7,8",
                                                    ".192.0.2.7",
                                                    "192.0.2.3 - 192.0.2.9",
                                                    "192.0.2.7.",
                                                    "192.0.2.7.8",
                                                    "192.0.2.5-192.0",
                                                    "-192.0.2.1"};
    Spelled spelled{random.pick(kMistakes), {}};
    for (const std::uint32_t bits : {0xC0000201U, 0xC0000203U, 0xC0000207U, 0xC0000209U}) {
        spelled.questions.push_back(question_of(net::Ipv4{bits}));
    }
    return spelled;
}

net::Ipv6 some_ipv6(Random& random) {
    static const std::vector<unsigned> kSecond{0xdb8, 0xdb8, 0x21ab};
    static const std::vector<unsigned> kThird{0, 1, 0xc000};
    static const std::vector<unsigned> kFourth{0, 1, 0xffff};
    static const std::vector<unsigned> kLast{0, 1, 2, 0x8000, 0xffff};
    const std::array<unsigned, 8> words{0x2001,
                                        random.pick(kSecond),
                                        random.pick(kThird),
                                        random.pick(kFourth),
                                        random.chance(20) ? 1U : 0U,
                                        0,
                                        random.chance(10) ? 0xabcdU : 0U,
                                        random.pick(kLast)};
    net::Ipv6 address;
    for (const unsigned word : words) {
        address.bits = address.bits << 16 | word;
    }
    return address;
}

std::string word_of(Random& random, net::Ipv6 address, int index) {
    const auto word = static_cast<unsigned>(address.bits >> (112 - 16 * index)) & 0xFFFF;
    return random.chance(10)   ? fmt::format("{:04X}", word)
           : random.chance(10) ? fmt::format("{:06x}", word)
                               : fmt::format("{:x}", word);
}

// The first `count` words.
std::string words(Random& random, net::Ipv6 address, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += (i == 0 ? "" : ":") + word_of(random, address, i);
    }
    return text;
}

// With "::" in place of zeros, somewhere.
std::string shortened(Random& random, net::Ipv6 address) {
    for (int begin = 0; begin < 8; ++begin) {
        int end = begin;
        while (end < 8 && (address.bits >> (112 - 16 * end) & 0xFFFF) == 0) {
            ++end;
        }
        if (end == begin) {
            continue;
        }
        std::string text = words(random, address, begin) + "::";
        for (int i = end; i < 8; ++i) {
            text += word_of(random, address, i) + (i < 7 ? ":" : "");
        }
        return text;
    }
    return words(random, address, 8);
}

Spelled ipv6_prefix(Random& random) {
    const net::Ipv6 address = some_ipv6(random);
    Spelled spelled;
    if (random.chance(25)) {
        const int given = static_cast<int>(2 + random.below(7));
        spelled.text = words(random, address, given);
        ask_edges(spelled, net::prefix(address, 16 * given));
        return spelled;
    }
    const int length = random.chance(3) ? 0 : static_cast<int>(16 + random.below(113));
    const auto range = net::prefix(address, length);
    const int needed = std::max(1, (length + 15) / 16);
    const int written = needed + static_cast<int>(random.below(static_cast<unsigned>(9 - needed)));
    spelled.text = fmt::format(
        "{}/{}",
        random.chance(50) ? shortened(random, range.first) : words(random, range.first, written),
        length);
    if (length == 128 && random.chance(50)) {
        spelled.text.resize(spelled.text.find('/'));
    }
    if (length != 0) {
        ask_edges(spelled, range);
    }
    return spelled;
}

Spelled ipv6_network(Random& random) {
    const auto range = net::prefix(some_ipv6(random), 64);
    Spelled spelled{words(random, range.first, 4), {}};
    ask_edges(spelled, range);
    return spelled;
}

Spelled ipv6_mistake(Random& random) {
    static const std::vector<std::string> kMistakes{"2001",
                                                    "2001:db8::1/32",
                                                    "2001:db8::/129",
                                                    "2001:db8:",
                                                    "2001:db8::g",
                                                    "2001:12345",
                                                    "192.0.2.7",
                                                    "::1::2",
                                                    "2001:db8:0",
                                                    "1:2:3:4:5:6:7:8:9",
                                                    "1:2:3:4:5:6:7:8::",
                                                    "::2001:1:2:3:4:5:6:7",
                                                    "2001:db8::1:",
                                                    "2001:db8::/",
                                                    ":::"};
    Spelled spelled{random.pick(kMistakes), {}};
    spelled.questions.push_back(question_of(net::Ipv6{1}));
    spelled.questions.push_back(question_of(*net::parse_ipv6("2001:db8::1")));
    spelled.questions.push_back(question_of(*net::parse_ipv6("1:2:3:4:5:6:7:8")));
    return spelled;
}

// Names: labels from the left; questions about the name, what is above, below and beside it.
Spelled dnset_name(Random& random) {
    static const std::vector<std::string> kDomains{
        "example.com", "example.net", "example.org", "com", "example", "xn--bcher-kva.example"};
    static const std::vector<std::string> kLabels{"mail", "www", "a", "_dmarc", "*", "x-y", "7"};
    std::string name = random.pick(kDomains);
    const std::string domain = name;
    for (std::uint64_t i = random.below(4); i > 0; --i) {
        name = random.pick(kLabels) + "." + name;
    }
    Spelled spelled{
        "", {name, "mail." + name, "a.b." + name, domain, "other." + domain, "www.example.com"}};
    if (const std::size_t dot = name.find('.'); dot != std::string::npos) {
        spelled.questions.push_back(name.substr(dot + 1));
        spelled.questions.push_back("beside." + name.substr(dot + 1));
    }
    static const std::vector<std::string> kScopes{"", "", "*.", "."};
    std::string text = name;
    if (random.chance(15)) {
        std::transform(text.begin(), text.end(), text.begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
        });
    }
    if (random.chance(10)) {
        text += random.chance(50) ? "." : "..";
    }
    if (random.chance(10)) {
        text.insert(text.find('.') == std::string::npos ? text.size() : text.find('.'), ".");
    }
    if (random.chance(8)) {  // an escape; what it stands for is asked below
        static const std::vector<std::string> kEscaped{"w\\119w.", "q\\.r.",  "back\\\\slash.",
                                                       "\\\"q.",   "d\\$.",   "hi\\200.",
                                                       "at\\@x.",  "\\007x.", "sp\\032ce."};
        static const std::vector<std::string> kMeant{"www.",      "q\\046r.", "back\\092slash.",
                                                     "\\034q.",   "d\\036.",  "hi\\200.",
                                                     "at\\064x.", "\\007x.",  "sp\\032ce."};
        const std::size_t which = random.below(kEscaped.size());
        spelled.questions.push_back(kMeant[which] + name);
        spelled.questions.push_back("below." + kMeant[which] + name);
        text = kEscaped[which] + text;
    }
    spelled.text = random.pick(kScopes) + text;
    return spelled;
}

Spelled dnset_mistake(Random& random) {
    static const std::vector<std::string> kMistakes{".",
                                                    "*.",
                                                    "..",
                                                    "\\300.example.com",
                                                    std::string(64, 'x') + ".example.com",
                                                    "*..",
                                                    std::string(250, 'y') + ".example.com"};
    return {random.pick(kMistakes), {"example.com", "x.example.com"}};
}

}  // namespace

std::string question_of(net::Ipv4 address) {
    return fmt::format("{}.{}.{}.{}", address.bits & 255, address.bits >> 8 & 255,
                       address.bits >> 16 & 255, address.bits >> 24);
}

std::string question_of(net::Ipv6 address) {
    std::string name;
    for (int shift = 0; shift < 128; shift += 4) {
        name += fmt::format("{}{:x}", shift == 0 ? "" : ".",
                            static_cast<unsigned>(address.bits >> shift) & 15);
    }
    return name;
}

std::string mapped_question(const std::string& ipv4_question) {
    net::Ipv6 address = net::kMappedIpv4.first;
    std::uint32_t shift = 0;
    for (std::size_t at = 0; shift < 32; shift += 8) {
        address.bits |= net::Uint128{static_cast<unsigned>(std::stoi(ipv4_question.substr(at)))}
                        << shift;
        at = ipv4_question.find('.', at) + 1;
    }
    return question_of(address);
}

Spelled spell_subject(Random& random, std::string_view type) {
    constexpr unsigned kMistakesPercent = 12;
    const bool is_mistake = random.chance(kMistakesPercent);
    if (type == "dnset") {
        return is_mistake ? dnset_mistake(random) : dnset_name(random);
    }
    if (type == "ip6trie") {
        return is_mistake ? ipv6_mistake(random) : ipv6_prefix(random);
    }
    if (type == "ip6tset") {
        return is_mistake          ? ipv6_mistake(random)
               : random.chance(10) ? ipv6_prefix(random)
                                   : ipv6_network(random);
    }
    if (is_mistake) {
        return ipv4_mistake(random);
    }
    if (type == "ip4tset" && !random.chance(10)) {
        const net::Ipv4 address = some_ipv4(random);
        Spelled spelled{octets(random, address, 4), {}};
        ask_edges(spelled, net::Ipv4Range{address, address});
        return spelled;
    }
    return type == "ip4set" && random.chance(50) ? ipv4_range(random) : ipv4_prefix(random);
}

}  // namespace ostrakon::rbldnsd
