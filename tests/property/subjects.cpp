#include "subjects.hpp"

#include "model_patterns.hpp"

#include <algorithm>

namespace ostrakon::property {
namespace {

using net::Uint128;

constexpr std::uint64_t kRandomPlaces = 8;
constexpr std::uint64_t kDepthMax = 4;
constexpr std::uint64_t kDeepestLabels = 120;

const std::vector<std::uint32_t> kIpv4Places{
    0x00000000, 0x0000FFFF, 0x00FFFFFF, 0x01000000, 0x7FFFFFFF, 0x80000000, 0xC0000000, 0xC0000200,
    0xC00002FF, 0xC000FFFF, 0xC0010000, 0xC6336400, 0xC633FFFF, 0xCB007100, 0xFFFF0000, 0xFFFFFFFF};
const std::vector<int> kIpv4Lengths{8, 9, 12, 15, 16, 17, 20, 23, 24, 25, 26, 28, 30, 31, 32};
const std::vector<int> kIpv4WideLengths{0, 1, 2, 4, 6, 7};

constexpr Uint128 ipv6(std::uint64_t high, std::uint64_t low) {
    return static_cast<Uint128>(high) << 64 | low;
}
const std::vector<Uint128> kIpv6Places{
    ipv6(0, 0),
    ipv6(0, 0x0000FFFE'FFFFFFFF),
    ipv6(0, 0x00010000'00000000),
    ipv6(0x20010DB7'FFFFFFFF, ~std::uint64_t{0}),
    ipv6(0x20010DB8'00000000, 0),
    ipv6(0x20010DB8'0000FFFF, ~std::uint64_t{0}),
    ipv6(0x20010DB8'00010000, 0),
    ipv6(0x20010DB8'FFFFFFFF, ~std::uint64_t{0}),
    ipv6(0x2001FFFF'FFFFFFFF, ~std::uint64_t{0}),
    ipv6(0x20020000'00000000, 0),
    ipv6(0xFFFFFFFF'FFFFFFFF, ~std::uint64_t{0}),
    ipv6(0xFFFF0000'00000000, 0),
};
const std::vector<int> kIpv6Lengths{12, 15, 16, 17, 24, 31, 32,  33,  40,  47, 48,
                                    49, 56, 63, 64, 65, 96, 112, 126, 127, 128};
const std::vector<int> kIpv6WideLengths{0, 1, 3, 4, 8};

const std::vector<std::string> kLabels{"a", "b", "aa", "a-b", "_x", "zz", "0"};
const std::vector<std::string> kGlobs{"*.", "*", "a*.", "*a", "*-*.", "*.a.*.", "_*", "a."};
const std::vector<std::string> kGlobEnds{
    "example",      "example.org",    "a.example.org", "a.b.example",
    "test.example", "a.test.example", "b.example.com", ""};
const std::vector<std::string> kRegexes{"/^a/",        "/-/",    "/\\.B\\./", "/(zz|_x)\\./",
                                        "/^[ab]+\\./", "/org$/", "/a.*b/",    "/(a\\.){3}/"};
const std::vector<std::string> kTops{"example", "example.org", "example.com", "test.example"};

const std::vector<std::string> kMailAddresses{"a@example.com", "a+x@example.com", "b@example.com",
                                              "a.b@test.example", "a@example"};

template <class A>
net::Range<A> around(A place, typename A::Bits before, typename A::Bits after) {
    const A last = net::everything<A>().last;
    return {A{before > place.bits ? typename A::Bits{0}
                                  : static_cast<typename A::Bits>(place.bits - before)},
            A{after > last.bits - place.bits ? last.bits
                                             : static_cast<typename A::Bits>(place.bits + after)}};
}

template <class A>
net::Range<A> random_range(Random& random, A place, const std::vector<int>& lengths,
                           unsigned bits_max) {
    using Bits = typename A::Bits;
    const auto step = [&](unsigned bits) {
        const unsigned width = static_cast<unsigned>(random.below(bits + 1));
        const Uint128 wide = ipv6(random.bits(), random.bits());
        return width == 0 ? Bits{0} : static_cast<Bits>(wide & ~Uint128{0} >> (128 - width));
    };
    const A near = around(place, step(4), Bits{0}).first;
    switch (random.below(3)) {
        case 0:
            return {near, near};
        case 1:
            return net::prefix(around(near, Bits{0}, step(bits_max / 2)).last,
                               random.pick(lengths));
        default:
            return around(near, step(bits_max), step(bits_max));
    }
}

dns::Name random_name(Random& random) {
    std::string text = random.pick(kTops);
    const bool is_deep = random.chance(2);
    const std::uint64_t labels =
        is_deep ? kDeepestLabels - random.below(4) : random.below(kDepthMax + 1);
    for (std::uint64_t i = 0; i < labels; ++i) {
        text.insert(0, (is_deep ? "a" : random.pick(kLabels)) + ".");
    }
    return *dns::parse_name(text);
}

// A mail address, its hash alone, or names that end in such a hash.
policy::Subject random_mail_subject(Random& random) {
    const std::string& address = random.pick(kMailAddresses);
    policy::MailSubject mail = *policy::parse_mail_address(address);
    // Of one address either is taken always, as the model knows subjects by their spelling.
    const bool is_hash = address.starts_with('b');
    if (random.chance(70)) {
        return is_hash ? policy::mail_of_hash(mail.hash) : mail;
    }
    const dns::Name hash = *dns::parse_name(mail.hash);
    return random.chance(50)
               ? policy::NameSubject{hash, policy::NameScope::Below}
               : policy::NameSubject{*dns::parse_name("q." + mail.hash), policy::NameScope::Tree};
}

// Small ranges in one /16 of IPv4 and one /48 of IPv6, names below one.
policy::Subject crowded_subject(Random& random) {
    const std::uint64_t dice = random.below(11);
    if (dice == 10) {
        return random_mail_subject(random);
    }
    if (dice < 4) {
        const net::Ipv4 first{static_cast<std::uint32_t>(0xC0000000 + random.below(1 << 11))};
        return around(first, 0U, static_cast<std::uint32_t>(random.below(4)));
    }
    if (dice < 9) {
        const net::Ipv6 place{ipv6(0x20010DB8'00010000 + random.below(1 << 9), 0)};
        return net::prefix(place, random.chance(90) ? 64 : 62);
    }
    return policy::NameSubject{random_name(random), policy::NameScope::Tree};
}

template <class A>
void add_ends(net::Range<A> range, std::vector<Query>& queries) {
    const net::Range<A> all = net::everything<A>();
    for (const A end : {range.first, range.last}) {
        queries.emplace_back(end);
        if (end != all.first) {
            queries.emplace_back(A{end.bits - 1});
        }
        if (end != all.last) {
            queries.emplace_back(A{end.bits + 1});
        }
    }
}

void add_below(const dns::Name& name, const std::vector<std::string>& labels,
               std::vector<Query>& queries) {
    std::vector<std::string> longer = name.labels();
    longer.insert(longer.begin(), labels.begin(), labels.end());
    if (const auto below = dns::Name::from_labels(longer)) {
        queries.emplace_back(*below);
    }
}

void add_name(const dns::Name& name, std::vector<Query>& queries) {
    queries.emplace_back(name);
    add_below(name, {"q"}, queries);
    add_below(name, {"zz", "q"}, queries);
    std::vector<std::string> labels = name.labels();
    labels.erase(labels.begin());
    if (!labels.empty()) {
        queries.emplace_back(*dns::Name::from_labels(labels));
    }
}

}  // namespace

policy::Subject random_subject(Random& random, Spread spread) {
    if (spread == Spread::Crowded) {
        return crowded_subject(random);
    }
    const bool is_wide = spread == Spread::Wide && random.chance(20);
    switch (random.below(4)) {
        case 3:
            return random_mail_subject(random);
        case 0:
            return random_range(random, net::Ipv4{random.pick(kIpv4Places)},
                                is_wide ? kIpv4WideLengths : kIpv4Lengths, is_wide ? 32 : 18);
        case 1: {
            const auto range =
                random_range(random, net::Ipv6{random.pick(kIpv6Places)},
                             is_wide ? kIpv6WideLengths : kIpv6Lengths, is_wide ? 128 : 100);
            // Mapped addresses are IPv4; people cannot write a range of IPv6 that ends in them.
            const bool ends_in_ipv4 = net::mapped_ipv4(range.first) || net::mapped_ipv4(range.last);
            return ends_in_ipv4 ? net::prefix(range.first, 64) : range;
        }
        default: {
            const policy::NameScope scopes[] = {policy::NameScope::Tree, policy::NameScope::Exact,
                                                policy::NameScope::Below};
            return policy::NameSubject{random_name(random), scopes[random.below(3)]};
        }
    }
}

net::AddressRange random_addresses(Random& random, Spread spread) {
    while (true) {
        const policy::Subject subject = random_subject(random, spread);
        if (const auto* v4 = std::get_if<net::Ipv4Range>(&subject)) {
            return *v4;
        }
        if (const auto* v6 = std::get_if<net::Ipv6Range>(&subject)) {
            return *v6;
        }
    }
}

pattern::Pattern random_pattern(Random& random) {
    if (random.chance(30)) {
        return *pattern::parse(random.pick(kRegexes));
    }
    std::string glob = random.pick(kGlobs) + random.pick(kGlobEnds);
    return *pattern::parse(glob.ends_with('.') ? glob + "com" : glob);
}

net::Origin random_origin(Random& random) {
    constexpr std::uint32_t kFirstAs = 64500;
    const std::uint32_t germany = net::parse_country("DE")->number;
    return random.chance(50) ? net::Origin{net::OriginKind::As,
                                           kFirstAs + static_cast<std::uint32_t>(random.below(4))}
                             : net::Origin{net::OriginKind::Country,
                                           germany + static_cast<std::uint32_t>(random.below(3))};
}

std::vector<Query> critical_queries(const std::vector<const Record*>& records,
                                    const std::map<std::string, std::vector<MapLine>>& maps,
                                    const config::ProtectSettings& protect, Random& random) {
    std::vector<Query> queries;
    for (const auto& [name, lines] : maps) {
        for (const MapLine& line : lines) {
            std::visit([&](const auto& range) { add_ends(range, queries); }, line.range);
        }
    }
    for (const Record* record : records) {
        if (const auto* v4 = std::get_if<net::Ipv4Range>(&record->subject)) {
            add_ends(*v4, queries);
        } else if (const auto* v6 = std::get_if<net::Ipv6Range>(&record->subject)) {
            add_ends(*v6, queries);
        } else if (const auto* name = std::get_if<policy::NameSubject>(&record->subject)) {
            add_name(name->name, queries);
        } else if (const auto* pattern = std::get_if<pattern::Pattern>(&record->subject)) {
            const dns::Name end = end_of(*pattern);
            add_name(end.is_root() ? random_name(random) : end, queries);
            add_below(end, {"a-b", "a"}, queries);
        } else if (const auto* mail = std::get_if<policy::MailSubject>(&record->subject)) {
            add_name(*dns::parse_name(mail->hash), queries);
        }
    }
    for (const net::Ipv4Range& range : protect.never_ipv4) {
        add_ends(range, queries);
    }
    for (const net::Ipv6Range& range : protect.never_ipv6) {
        add_ends(range, queries);
    }
    for (const dns::Name& name : protect.never_names) {
        add_name(name, queries);
    }
    for (std::uint64_t i = 0; i < kRandomPlaces; ++i) {
        add_ends(random_range(random, net::Ipv4{random.pick(kIpv4Places)}, kIpv4Lengths, 20),
                 queries);
        add_ends(random_range(random, net::Ipv6{random.pick(kIpv6Places)}, kIpv6Lengths, 128),
                 queries);
        add_name(random_name(random), queries);
    }
    std::erase_if(queries, [](const Query& query) {
        const auto* v6 = std::get_if<net::Ipv6>(&query);
        return v6 != nullptr && net::kMappedIpv4.contains(*v6);
    });
    std::sort(queries.begin(), queries.end());
    queries.erase(std::unique(queries.begin(), queries.end()), queries.end());
    return queries;
}

}  // namespace ostrakon::property
