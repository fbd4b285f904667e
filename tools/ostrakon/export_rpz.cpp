// rpz: a response policy zone for resolvers (draft-vixie-dnsop-dns-rpz): listed names do not exist,
// and answers with listed addresses neither.
#include "export_format.hpp"
#include "ostrakon/dns/name.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {
namespace {

constexpr const char* kMailLeftOut = "mail addresses, which resolvers are not asked for";

// "192.0.2.0/24" → "24.0.2.0.192.rpz-ip".
std::string rpz_owner(net::Ipv4Range block) {
    const std::uint32_t bits = block.first.bits;
    return fmt::format("{}.{}.{}.{}.{}.rpz-ip", *net::prefix_length(block), bits & 255,
                       bits >> 8 & 255, bits >> 16 & 255, bits >> 24);
}

// All eight words: "zz" for a run of zeros would have to be the longest one.
std::string rpz_owner(net::Ipv6Range block) {
    std::string owner = std::to_string(*net::prefix_length(block));
    int zeros = 0;  // "zz" has to stand for the longest run of zeros, and for the first of those
    int best_at = -1;
    int best = 1;
    for (int word = 7; word >= -1; --word) {
        const bool is_zero =
            word >= 0 && (static_cast<unsigned>(block.first.bits >> (16 * word)) & 0xFFFFU) == 0;
        if (is_zero) {
            ++zeros;
            continue;
        }
        if (zeros > best) {
            best = zeros;
            best_at = word + 1;  // the lowest word of the run
        }
        zeros = 0;
    }
    for (int word = 0; word < 8; ++word) {
        if (word == best_at) {
            owner += ".zz";
            word += best - 1;
            continue;
        }
        owner +=
            fmt::format(".{:x}", static_cast<unsigned>(block.first.bits >> (16 * word)) & 0xFFFFU);
    }
    return owner + ".rpz-ip";
}

}  // namespace

Result<ExportCounts> export_rpz(const ExportSource& source, ExportText& text) {
    ExportCounts counts;
    transfer::Contents& contents = *source.contents;
    text.add(
        fmt::format("$TTL {}\n@\tSOA localhost. hostmaster.localhost. ( {} 3600 900 2592000 "
                    "60 )\n@\tNS localhost.\n",
                    std::max(1U, contents.zone().ttl_s), contents.serial()));
    const auto add = [&](const std::string& owner, std::string_view action) {
        text.add(fmt::format("{}\tCNAME {}\n", owner, action));
        ++counts.written;
    };
    const auto add_range = [&](const auto& range, const transfer::AnswerPtr&) {
        for_each_prefix(range, [&](const auto& block) { add(rpz_owner(block), "."); });
    };
    for_each_listed_range<net::Ipv4>(contents, add_range);
    for_each_listed_range<net::Ipv6>(contents, add_range);
    for_each_listed_name(contents, [&](const transfer::ListedName& name) {
        if (name.is_mail) {
            ++counts.left_out[kMailLeftOut];
            return;
        }
        const std::string owner = dns::to_string(dns::name_from_key(name.key));
        if (name.self || name.cover) {
            add(owner, name.self ? "." : "rpz-passthru.");
        }
        if (name.below || name.cover) {
            add("*." + owner, name.below ? "." : "rpz-passthru.");
        }
    });
    return counts;
}

}  // namespace ostrakon::tool
