// rbldnsd: what a zone lists as one combined data set: ip4trie, ip6trie and dnset.
//
// A trie has one value a prefix, so that a second code of an answer stands in a second trie: what
// several data sets of a zone say comes together in rbldnsd's answer.
#include "export_format.hpp"
#include "ostrakon/dns/name.hpp"

#include <fmt/format.h>

namespace ostrakon::tool {
namespace {

constexpr std::size_t kRbldnsdTextSizeMax = 254;
constexpr const char* kTextsCut = "texts that were cut at 254 bytes";
constexpr const char* kTextsLeftOut = "further texts, of which rbldnsd has one a code";

std::string rbldnsd_value(net::Ipv4 code, std::size_t number, const transfer::Answer& answer,
                          ExportCounts& counts) {
    std::string text = number < answer.texts.size() ? answer.texts[number] : "";
    if (number + 1 == answer.codes.size() && answer.texts.size() > answer.codes.size()) {
        counts.left_out[kTextsLeftOut] += answer.texts.size() - answer.codes.size();
    }
    std::string escaped;
    for (const char c : text) {
        const bool is_control = static_cast<unsigned char>(c) < ' ' || c == '\x7F';
        escaped += is_control ? ' ' : c;
        escaped += c == '$' ? "$" : "";  // a single one stands for the address
    }
    if (escaped.size() > kRbldnsdTextSizeMax) {
        escaped.resize(kRbldnsdTextSizeMax);
        ++counts.left_out[kTextsCut];
    }
    return fmt::format(":{}:{}", net::to_string(code), escaped);
}

std::string rbldnsd_prefix(net::Ipv4Range block) {
    return net::to_string(block);
}

// Words alone, since not all short forms are read.
std::string rbldnsd_prefix(net::Ipv6Range block) {
    std::string spelled;
    for (int shift = 112; shift >= 0; shift -= 16) {
        spelled += fmt::format("{}{:x}", spelled.empty() ? "" : ":",
                               static_cast<unsigned>(block.first.bits >> shift) & 0xFFFFU);
    }
    return fmt::format("{}/{}", spelled, *net::prefix_length(block));
}

// One data set for the first codes, one for the second ones, as long as there are any.
template <class A>
void add_tries(transfer::Contents& contents, ExportText& text, ExportCounts& counts,
               std::string_view type) {
    std::size_t codes_max = 1;
    for (std::size_t number = 0; number < codes_max; ++number) {
        text.add(fmt::format("$DATASET {}:{}{} @\n", type, type, number + 1));
        for_each_listed_range<A>(
            contents,
            [&](net::Range<A> range, const transfer::AnswerPtr& answer) {
                codes_max = std::max(codes_max, answer->codes.size());
                if (number >= answer->codes.size()) {
                    return;
                }
                const std::string value =
                    rbldnsd_value(answer->codes[number], number, *answer, counts);
                for_each_prefix(range, [&](net::Range<A> block) {
                    text.add(fmt::format("{} {}\n", rbldnsd_prefix(block), value));
                    ++counts.written;
                });
            },
            A::kWidth == net::Ipv4::kWidth);  // mapped addresses are looked up as IPv4
    }
}

void add_dnset(transfer::Contents& contents, ExportText& text, ExportCounts& counts) {
    text.add("$DATASET dnset:dnset @\n");
    if (contents.zone().kinds.name) {
        const transfer::Answer& test = *contents.answer_of_test_name();
        text.add(fmt::format("test {}\n", rbldnsd_value(test.codes.front(), 0, test, counts)));
    }
    const auto add = [&](const std::string& owner, const transfer::AnswerPtr& answer) {
        for (std::size_t i = 0; answer && i < answer->codes.size(); ++i) {
            text.add(
                fmt::format("{} {}\n", owner, rbldnsd_value(answer->codes[i], i, *answer, counts)));
            ++counts.written;
        }
    };
    for_each_listed_name(contents, [&](const transfer::ListedName& name) {
        const std::string owner = dns::to_string(dns::name_from_key(name.key));
        add(owner, name.self);
        add("*." + owner, name.below);
        if (name.cover && !name.self) {
            text.add("!" + owner + "\n");
        }
        if (name.cover && !name.below) {
            text.add("!*." + owner + "\n");
        }
    });
}

}  // namespace

Result<ExportCounts> export_rbldnsd(const ExportSource& source, ExportText& text) {
    ExportCounts counts;
    const zone::Zone& zone = source.contents->zone();
    text.add(fmt::format(
        "$TTL {}\n$SOA {} {} {} {} {} {} {} {}\n", std::max(1U, zone.ttl_s), zone.ns_ttl_s,
        dns::to_string(zone.ns.front()), dns::to_string(zone.contact), source.contents->serial(),
        zone.soa.refresh_s, zone.soa.retry_s, zone.soa.expire_s, zone.negative_ttl_s));
    for (const dns::Name& server : zone.ns) {
        text.add(fmt::format("$NS {} {}\n", zone.ns_ttl_s, dns::to_string(server)));
    }
    add_tries<net::Ipv4>(*source.contents, text, counts, "ip4trie");
    add_tries<net::Ipv6>(*source.contents, text, counts, "ip6trie");
    add_dnset(*source.contents, text, counts);
    return counts;
}

}  // namespace ostrakon::tool
