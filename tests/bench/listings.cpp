#include "bench/listings.hpp"

#include <algorithm>
#include <array>

namespace ostrakon::bench {
namespace {

constexpr std::uint64_t kAddressSpace = std::uint64_t{1} << 32;
constexpr std::array<Size, 3> kSizes{{{"S", 10'000, 2'000, 10'000, 10'000},
                                      {"M", 1'000'000, 20'000, 100'000, 1'000'000},
                                      {"L", 10'000'000, 20'000, 100'000, 1'000'000}}};

// Listed addresses crowd: most of them in few networks of providers.
constexpr std::size_t kBusy16 = 3000;
constexpr std::size_t kAddressesPerBusy24 = 40;
constexpr std::size_t kBusy32OfIpv6 = 5000;

// How long prefixes are, in thousandths; the first kWidePrefixes are of the lengths in kWide.
struct LengthShare {
    int length;
    std::uint64_t thousandths;
};
constexpr std::array<LengthShare, 14> kLengths{{{24, 520},
                                                {16, 60},
                                                {17, 30},
                                                {18, 30},
                                                {19, 40},
                                                {20, 40},
                                                {21, 30},
                                                {22, 40},
                                                {23, 30},
                                                {25, 40},
                                                {26, 40},
                                                {27, 40},
                                                {28, 30},
                                                {29, 30}}};
constexpr std::array<int, 20> kWide{8,  8,  9,  9,  10, 10, 10, 11, 11, 11,
                                    12, 12, 12, 12, 13, 13, 13, 14, 14, 15};

int draw_length(Random& random) {
    std::uint64_t left = random.below(1000);
    for (const auto& [length, thousandths] : kLengths) {
        if (left < thousandths) {
            return length;
        }
        left -= thousandths;
    }
    return kLengths.front().length;
}

// Those with private networks are left out whole: what Ostrakon never lists, others would.
bool is_public(std::uint32_t address) {
    constexpr auto kWithPrivate = std::to_array<std::uint32_t>({0, 10, 100, 127, 169, 172, 192});
    const std::uint32_t first_octet = address >> 24;
    return first_octet < 224 && !std::ranges::binary_search(kWithPrivate, first_octet);
}

}  // namespace

std::optional<Size> find_size(std::string_view name) {
    const auto found = std::ranges::find(kSizes, name, &Size::name);
    return found == kSizes.end() ? std::nullopt : std::optional{*found};
}

net::Ipv4 draw_public_address(Random& random) {
    for (;;) {
        const auto address = static_cast<std::uint32_t>(random.bits());
        if (is_public(address)) {
            return {address};
        }
    }
}

std::string draw_name(Random& random) {
    static const std::vector<std::string_view> kWords{
        "bank",  "best", "bonus", "card", "cheap",  "click", "cloud", "coin",  "crypto", "deal",
        "drive", "free", "login", "mail", "office", "pay",   "pills", "prize", "shop",   "win"};
    static const std::vector<std::string_view> kEndings{
        "biz", "cn",     "co.uk", "com", "com.br", "de",   "icu", "info",
        "net", "online", "org",   "ru",  "shop",   "site", "top", "xyz"};
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
    constexpr std::size_t kAlphabet = 26;  // names begin with a letter
    std::string name;
    if (!random.one_in(4)) {
        name += random.one_of(kWords);
        name += random.one_in(3) ? "-" : "";
    }
    const std::uint64_t letters = 4 + random.below(6);
    for (std::uint64_t i = 0; i < letters; ++i) {
        name += kLetters[random.below(name.empty() ? kAlphabet : kLetters.size())];
    }
    return name.append(".").append(random.one_of(kEndings));
}

Listings::Listings(const Size& size, Random& random) : listed_(kAddressSpace) {
    draw_prefixes(size.prefixes, random);
    draw_addresses(size.addresses, random);
    draw_ipv6_prefixes(size.ipv6_prefixes, random);
    draw_names(size.names, random);
}

void Listings::list(net::Ipv4Range range) {
    const auto first = listed_.begin() + static_cast<std::ptrdiff_t>(range.first.bits);
    std::fill(first, first + (static_cast<std::ptrdiff_t>(range.last.bits) - range.first.bits + 1),
              true);
}

// The widest first, while there is room for them.
void Listings::draw_prefixes(std::size_t count, Random& random) {
    std::vector<int> lengths(kWide.begin(), kWide.end());
    while (lengths.size() < count) {
        lengths.push_back(draw_length(random));
    }
    std::ranges::sort(lengths);
    for (const int length : lengths) {
        for (;;) {
            const net::Ipv4Range range = net::prefix(draw_public_address(random), length);
            const auto first = listed_.begin() + static_cast<std::ptrdiff_t>(range.first.bits);
            const auto end =
                first + (static_cast<std::ptrdiff_t>(range.last.bits) - range.first.bits + 1);
            if (std::find(first, end, true) == end) {
                list(range);
                prefixes_.push_back(range);
                break;
            }
        }
    }
}

// Six in ten in busy /16, two in busy /24, two anywhere.
void Listings::draw_addresses(std::size_t count, Random& random) {
    std::vector<std::uint32_t> busy_16(kBusy16);
    std::vector<std::uint32_t> busy_24(count / kAddressesPerBusy24 + 1);
    std::ranges::generate(busy_16, [&] { return draw_public_address(random).bits & ~0xFFFFU; });
    std::ranges::generate(busy_24, [&] { return draw_public_address(random).bits & ~0xFFU; });
    addresses_.reserve(count);
    while (addresses_.size() < count) {
        const std::uint64_t share = random.below(10);
        const std::uint64_t host = random.bits();
        const net::Ipv4 address =
            share < 6   ? net::Ipv4{random.one_of(busy_16) | static_cast<std::uint16_t>(host)}
            : share < 8 ? net::Ipv4{random.one_of(busy_24) | static_cast<std::uint8_t>(host)}
                        : draw_public_address(random);
        if (!listed_[address.bits]) {
            listed_[address.bits] = true;
            addresses_.push_back(address);
        }
    }
}

net::Ipv6Range Listings::draw_ipv6_prefix(Random& random) const {
    const std::uint64_t network = random.one_of(busy_networks6_);
    const std::uint64_t site = random.bits() & (random.one_in(2) ? 0xFFFF'00FF : 0xFFFF'FFFF);
    return net::prefix(net::Ipv6{net::Uint128{network << 32 | site} << 64}, 64);
}

void Listings::draw_ipv6_prefixes(std::size_t count, Random& random) {
    busy_networks6_.resize(kBusy32OfIpv6);
    std::ranges::generate(busy_networks6_, [&] {
        return 0x2000'0000 | static_cast<std::uint32_t>(random.below(0x1000'0000));
    });
    while (ipv6_prefixes_.size() < count) {
        const net::Ipv6Range range = draw_ipv6_prefix(random);
        if (listed_64_.insert(static_cast<std::uint64_t>(range.first.bits >> 64)).second) {
            ipv6_prefixes_.push_back(range);
        }
    }
}

void Listings::draw_names(std::size_t count, Random& random) {
    while (names_.size() < count) {
        std::string name = draw_name(random);
        if (listed_names_.insert(name).second) {
            names_.push_back({std::move(name), random.one_in(4)});
        }
    }
}

}  // namespace ostrakon::bench
