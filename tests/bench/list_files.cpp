#include "bench/list_files.hpp"

#include "bench/text_file.hpp"

namespace ostrakon::bench {
namespace {

constexpr std::string_view kAddressText = "Listed, see https://example.org/why?query=";
constexpr std::string_view kPrefixText = "Listed network, see https://example.org/networks";
constexpr std::string_view kIpv6Text = "Listed network, see https://example.org/networks6";
constexpr std::string_view kNameText = "Listed name, see https://example.org/names";
constexpr int kIpv6PrefixNibbles = 16;

// The shortest prefix length at an octet's end that is not shorter than this one.
int octet_end(int length) {
    return (length + 7) / 8 * 8;
}

void write_prefix(TextFile& file, net::Ipv4Range prefix) {
    const int octets = octet_end(*net::prefix_length(prefix)) / 8;
    const int host_bits = 32 - octets * 8;
    for (std::uint64_t block = prefix.first.bits; block <= prefix.last.bits;
         block += std::uint64_t{1} << host_bits) {
        std::string owner = reversed(net::Ipv4{static_cast<std::uint32_t>(block)});
        for (int octet = octets; octet < 4; ++octet) {
            owner.erase(0, owner.find('.') + 1);
        }
        file.print("{}{} A 127.0.0.3\n TXT \"{}\"\n", octets < 4 ? "*." : "", owner, kPrefixText);
    }
}

}  // namespace

std::string reversed(net::Ipv4 address) {
    const std::uint32_t bits = address.bits;
    return fmt::format("{}.{}.{}.{}", bits & 255, bits >> 8 & 255, bits >> 16 & 255, bits >> 24);
}

std::string reversed(net::Ipv6 address, int nibbles) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (int nibble = nibbles; nibble-- > 0;) {
        text += kDigits[static_cast<std::size_t>(address.bits >> (124 - 4 * nibble)) & 15];
        text += nibble == 0 ? "" : ".";
    }
    return text;
}

void write_plain_lists(const Listings& listings, const std::filesystem::path& directory) {
    TextFile addresses{directory / "addresses"};
    for (const net::Ipv4 address : listings.addresses()) {
        const std::uint32_t bits = address.bits;
        addresses.print("{}.{}.{}.{}\n", bits >> 24, bits >> 16 & 255, bits >> 8 & 255, bits & 255);
    }
    addresses.finish();
    TextFile prefixes{directory / "prefixes"};
    for (const net::Ipv4Range prefix : listings.prefixes()) {
        prefixes.print("{}\n", net::to_string(prefix));
    }
    prefixes.finish();
    TextFile ipv6{directory / "ipv6"};
    for (const net::Ipv6Range prefix : listings.ipv6_prefixes()) {
        ipv6.print("{}\n", net::to_string(prefix));
    }
    ipv6.finish();
    TextFile names{directory / "names"};
    for (const Name& name : listings.names()) {
        names.print("{}{}\n", name.with_all_below ? "" : "=", name.text);
    }
    names.finish();
}

void write_rbldnsd_lists(const Listings& listings, const std::filesystem::path& directory) {
    TextFile ip4{directory / "rbldnsd.ip4"};
    ip4.print(
        "$SOA 3600 ns.example.org hostmaster.example.org 1 3600 600 86400 300\n"
        "$NS 3600 ns.example.org\n$TTL 3600\n:127.0.0.2:{}$\n",
        kAddressText);
    for (const net::Ipv4 address : listings.addresses()) {
        const std::uint32_t bits = address.bits;
        ip4.print("{}.{}.{}.{}\n", bits >> 24, bits >> 16 & 255, bits >> 8 & 255, bits & 255);
    }
    ip4.print(":127.0.0.3:{}\n", kPrefixText);
    for (const net::Ipv4Range prefix : listings.prefixes()) {
        ip4.print("{}\n", net::to_string(prefix));
    }
    ip4.finish();
    TextFile ip6{directory / "rbldnsd.ip6"};
    ip6.print("$TTL 3600\n:127.0.0.2:{}\n", kIpv6Text);
    for (const net::Ipv6Range prefix : listings.ipv6_prefixes()) {
        ip6.print("{}\n", net::to_string(prefix));
    }
    ip6.finish();
    TextFile names{directory / "rbldnsd.names"};
    names.print("$TTL 3600\n:127.0.0.2:{}\n", kNameText);
    for (const Name& name : listings.names()) {
        names.print("{}{}\n", name.with_all_below ? "." : "", name.text);
    }
    names.finish();
}

void write_zone_file(const Listings& listings, const std::filesystem::path& directory) {
    TextFile file{directory / "zonefile"};
    file.print(
        "$ORIGIN {}.\n$TTL 3600\n"
        "@ IN SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 300\n"
        "@ IN NS ns.example.org.\n",
        kOrigin);
    for (const net::Ipv4 address : listings.addresses()) {
        const std::uint32_t bits = address.bits;
        file.print("{}.{}.{}.{} A 127.0.0.2\n TXT \"{}{}.{}.{}.{}\"\n", bits & 255, bits >> 8 & 255,
                   bits >> 16 & 255, bits >> 24, kAddressText, bits >> 24, bits >> 16 & 255,
                   bits >> 8 & 255, bits & 255);
    }
    for (const net::Ipv4Range prefix : listings.prefixes()) {
        write_prefix(file, prefix);
    }
    for (const net::Ipv6Range prefix : listings.ipv6_prefixes()) {
        file.print("*.{} A 127.0.0.2\n TXT \"{}\"\n", reversed(prefix.first, kIpv6PrefixNibbles),
                   kIpv6Text);
    }
    for (const Name& name : listings.names()) {
        file.print("{} A 127.0.0.2\n TXT \"{}\"\n", name.text, kNameText);
        if (name.with_all_below) {
            file.print("*.{} A 127.0.0.2\n TXT \"{}\"\n", name.text, kNameText);
        }
    }
    file.finish();
}

}  // namespace ostrakon::bench
