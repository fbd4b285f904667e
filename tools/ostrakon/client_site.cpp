#include "client_site.hpp"

#include "database.hpp"
#include "ostrakon/policy/patterns.hpp"
#include "ostrakon/policy/rules.hpp"
#include "ostrakon/policy/verdict_set.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <variant>

namespace ostrakon::tool {
namespace {

constexpr std::string_view kMailClass = "email";
constexpr std::string_view kUpstreamClass = "upstream";
// Classes that a mail address gets only where somebody names them.
constexpr std::array<std::string_view, 6> kNoMailClasses{"ip",      "isp",           "country",
                                                         "dynamic", "misconfigured", "domain"};

// What each code of a zone means.
struct Meanings {
    std::set<std::string> classes, feeds;
    bool is_mail = true;
    bool may_be_mail = false;
    bool is_from_others = true;
};
using CodeMap = std::map<std::uint32_t, Meanings>;

void add_class(CodeMap& codes, net::Ipv4 code, const std::string& name) {
    Meanings& meanings = codes[code.bits];
    meanings.classes.insert(name);
    meanings.is_mail = meanings.is_mail && name == kMailClass;
    meanings.is_from_others = meanings.is_from_others && name == kUpstreamClass;
    meanings.may_be_mail =
        meanings.may_be_mail ||
        std::find(kNoMailClasses.begin(), kNoMailClasses.end(), name) == kNoMailClasses.end();
}

void add_feed(CodeMap& codes, net::Ipv4 code, const std::string& name) {
    Meanings& meanings = codes[code.bits];
    meanings.feeds.insert(name);
    meanings.is_mail = false;
    meanings.may_be_mail = true;
}

// Codes that the files say.
void add_configured(CodeMap& codes, const zone::Zone& zone, const config::Settings& settings) {
    const auto add = [&](const std::string& name, net::Ipv4 code) {
        const auto own = zone.codes.find(name);
        if (zone.serves_class(name)) {
            add_class(codes, own != zone.codes.end() ? own->second : code, name);
        }
    };
    for (const zone::BuiltInClass& built_in : zone::kBuiltInClasses) {
        add(std::string{built_in.name}, built_in.code);
    }
    for (const auto& [name, code] : settings.classes) {
        add(name, code);
    }
    for (const auto& [name, code] : zone.codes) {
        const bool is_class = zone::built_in_code(name) || settings.classes.contains(name);
        if (!is_class && zone.serves_source(name)) {
            add_feed(codes, code, name);
        }
    }
    for (const config::FeedSettings& feed : settings.feeds) {
        if (feed.code && zone.serves_source(feed.name) && zone.serves_class(feed.listing_class) &&
            !zone.codes.contains(feed.name)) {
            add_feed(codes, *feed.code, feed.name);
        }
    }
}

// Codes of what is listed now: listings and lists have some of their own.
void add_listed(CodeMap& codes, const zone::Zone& zone, const config::Settings& settings,
                const store::Snapshot& snapshot) {
    const policy::Catalogue catalogue = policy::Catalogue::load(snapshot);
    const policy::ZoneRules rules{zone, catalogue, settings.classes};
    const UnixTime at = now();
    store::Cursor cursor{snapshot, store::Table::Sets};
    for (bool more = cursor.first(); more; more = cursor.next()) {
        const std::string_view set = cursor.value();
        for (std::size_t i = 0; i < set.size() / policy::kSetItemSize; ++i) {
            const policy::SetItem item = policy::load_set_item(set, i);
            const policy::ClassId listing_class = rules.class_of(item);
            if (item.is_exception || !item.is_alive(at) || !rules.takes_layer(item.layer, at) ||
                !rules.serves_class(listing_class)) {
                continue;
            }
            const net::Ipv4 code = rules.code_of(item);
            if (const policy::Feed* const feed = catalogue.feed_of(item.layer)) {
                add_feed(codes, code, feed->name);
            } else {
                add_class(codes, code, std::string{catalogue.class_name(listing_class)});
            }
        }
    }
}

bool is_loose(const zone::Zone& zone) {
    return std::any_of(
        zone::kBuiltInSources.begin(), zone::kBuiltInSources.end(),
        [&zone](std::string_view source) { return zone.serves_source(std::string{source}); });
}

std::string word_of(const zone::Zone& zone) {
    std::string word;
    for (const char c : zone.name) {
        const bool is_small = c >= 'a' && c <= 'z';
        const bool is_digit = c >= '0' && c <= '9';
        word += is_small ? static_cast<char>(c - 'a' + 'A') : is_digit ? c : '_';
    }
    return word.front() >= '0' && word.front() <= '9' ? "ZONE_" + word : word;
}

ClientZone client_zone(const zone::Zone& zone, const config::Settings& settings,
                       const store::Snapshot* snapshot) {
    CodeMap codes;
    add_configured(codes, zone, settings);
    ClientZone result{&zone, word_of(zone), {}, !is_loose(zone)};
    if (snapshot != nullptr) {
        add_listed(codes, zone, settings, *snapshot);
        if (zone.serves_source(std::string{zone::kOwnSource}) &&
            !policy::free_patterns(*snapshot).empty()) {
            result.denies_unlisted_names = false;
        }
    }
    for (const auto& [bits, meanings] : codes) {
        std::vector<std::string> words{meanings.classes.begin(), meanings.classes.end()};
        words.insert(words.end(), meanings.feeds.begin(), meanings.feeds.end());
        result.codes.push_back({net::Ipv4{bits}, std::move(words), meanings.is_mail,
                                meanings.may_be_mail, meanings.is_from_others});
    }
    return result;
}

// The address by which a server that listens on all of them is reached on the same machine.
config::Endpoint reached(config::Endpoint endpoint) {
    if (auto* const ipv4 = std::get_if<net::Ipv4>(&endpoint.address);
        ipv4 != nullptr && ipv4->bits == 0) {
        *ipv4 = net::Ipv4{0x7F000001};
    } else if (auto* const ipv6 = std::get_if<net::Ipv6>(&endpoint.address);
               ipv6 != nullptr && ipv6->bits == 0) {
        ipv6->bits = 1;
    }
    return endpoint;
}

std::vector<config::Endpoint> servers_of(const config::Settings& settings) {
    std::vector<config::Endpoint> servers;
    for (const config::Endpoint& endpoint : settings.server.listen) {
        const config::Endpoint server = reached(endpoint);
        if (std::find(servers.begin(), servers.end(), server) == servers.end()) {
            servers.push_back(server);
        }
    }
    return servers;
}

// "2..6;10" of ascending numbers; "2" of one.
std::string octet_filter(const std::set<unsigned>& numbers) {
    std::vector<std::string> parts;
    for (auto at = numbers.begin(); at != numbers.end();) {
        const unsigned first = *at;
        unsigned last = first;
        for (++at; at != numbers.end() && *at == last + 1; ++at) {
            last = *at;
        }
        parts.push_back(first == last ? std::to_string(first) : fmt::format("{}..{}", first, last));
    }
    const std::string text = fmt::format("{}", fmt::join(parts, ";"));
    return numbers.size() == 1 ? text : "[" + text + "]";
}

constexpr std::array<unsigned, 4> kShifts{24, 16, 8, 0};
using Octets = std::array<std::set<unsigned>, 4>;

Octets octets_of(const std::vector<ClientCode>& codes) {
    Octets octets;
    for (const ClientCode& code : codes) {
        for (std::size_t i = 0; i < kShifts.size(); ++i) {
            octets[i].insert(code.code.bits >> kShifts[i] & 0xFFU);
        }
    }
    return octets;
}

std::string spelled(const Octets& octets) {
    return fmt::format("{}.{}.{}.{}", octet_filter(octets[0]), octet_filter(octets[1]),
                       octet_filter(octets[2]), octet_filter(octets[3]));
}

// Whether a product would let in what other servers say by mistake: a last octet of 1, errors of
// lists (127.255.255.0/24), names that collide with a top-level domain (127.0.53.53).
bool is_harmless(const Octets& octets) {
    return !octets[3].contains(1) && !octets[1].contains(255) && !octets[2].contains(53);
}

}  // namespace

std::vector<ClientCode> ClientZone::block_codes() const {
    std::vector<ClientCode> result;
    std::copy_if(codes.begin(), codes.end(), std::back_inserter(result),
                 [](const ClientCode& code) { return !code.is_mail; });
    return result;
}

std::vector<ClientCode> ClientZone::mail_codes() const {
    std::vector<ClientCode> result;
    std::copy_if(codes.begin(), codes.end(), std::back_inserter(result),
                 [](const ClientCode& code) { return code.may_be_mail; });
    return result;
}

std::vector<ClientZone> ClientSite::zones() const {
    std::vector<ClientZone> all = blocks;
    all.insert(all.end(), allows.begin(), allows.end());
    return all;
}

Result<ClientSite> make_client_site(const ZoneSite& site, const std::optional<std::string>& name) {
    const zone::Zone* only = nullptr;
    if (name) {
        const auto found = zone_called(site, *name);
        if (!found) {
            return Unexpected{found.error()};
        }
        only = *found;
    }
    ClientSite result;
    result.servers = servers_of(site.settings);
    auto environment = open_for_reading(site.settings);
    std::optional<store::Snapshot> snapshot;
    if (environment) {
        if (auto begun = store::Snapshot::begin(*environment)) {
            snapshot.emplace(std::move(*begun));
        }
    }
    if (!snapshot) {
        result.notes.push_back(
            "the database cannot be read: codes that single listings or lists have of their own, "
            "and patterns, are not known");
    }
    for (const zone::Zone& zone : site.zones.zones) {
        if (only != nullptr && only != &zone) {
            continue;
        }
        if (zone.retired) {
            result.notes.push_back(fmt::format("{} is retired from {} on: left out", zone.name,
                                               to_string(*zone.retired)));
            continue;
        }
        (zone.is_allow_zone() ? result.allows : result.blocks)
            .push_back(client_zone(zone, site.settings, snapshot ? &*snapshot : nullptr));
    }
    if (snapshot && snapshot->is_broken()) {
        return Unexpected{snapshot->failure()};
    }
    return result;
}

std::vector<std::string> postfix_filters(const std::vector<ClientCode>& codes) {
    if (codes.empty()) {
        return {};
    }
    const Octets all = octets_of(codes);
    std::size_t product = 1;
    for (const auto& octet : all) {
        product *= octet.size();
    }
    if (product == codes.size() || is_harmless(all)) {
        return {spelled(all)};
    }
    std::map<std::uint32_t, std::vector<ClientCode>> networks;  // /24
    for (const ClientCode& code : codes) {
        networks[code.code.bits >> 8].push_back(code);
    }
    std::vector<std::string> filters;
    filters.reserve(networks.size());
    for (const auto& [network, members] : networks) {
        filters.push_back(spelled(octets_of(members)));
    }
    return filters;
}

std::string joined(const std::vector<ClientCode>& codes, const std::string& separator) {
    std::string text;
    for (const ClientCode& code : codes) {
        text += (text.empty() ? "" : separator) + net::to_string(code.code);
    }
    return text;
}

std::string meaning_of(const ClientCode& code) {
    return fmt::format("{}", fmt::join(code.meanings, ", "));
}

}  // namespace ostrakon::tool
