#include "ostrakon/dns/name.hpp"
#include "ostrakon/responder/prepared.hpp"

#include <algorithm>
#include <array>

namespace ostrakon::responder {
namespace {

template <class A>
void sort_and_merge(std::vector<net::Range<A>>& ranges) {
    std::sort(ranges.begin(), ranges.end());
    std::vector<net::Range<A>> merged;
    for (const net::Range<A>& range : ranges) {
        if (!merged.empty() && range.first <= merged.back().last) {
            merged.back().last = std::max(merged.back().last, range.last);
        } else {
            merged.push_back(range);
        }
    }
    ranges = std::move(merged);
}

template <class A>
bool is_in(const std::vector<net::Range<A>>& ranges, A address) noexcept {
    const auto after =
        std::upper_bound(ranges.begin(), ranges.end(), address,
                         [](A wanted, const net::Range<A>& range) { return wanted < range.first; });
    return after != ranges.begin() && std::prev(after)->contains(address);
}

dns::PreparedSoa prepared_soa(const zone::Zone& zone, std::uint32_t minimum_s) {
    return {zone.origin,
            {.primary = zone.ns.front(),
             .contact = zone.contact,
             .serial = 0,
             .refresh_s = zone.soa.refresh_s,
             .retry_s = zone.soa.retry_s,
             .expire_s = zone.soa.expire_s,
             .minimum_s = minimum_s}};
}

// A zone with keys of which none is known still tells keys from names.
std::shared_ptr<const partner::KeyTable> keys_of(const zone::Zone& zone,
                                                 std::shared_ptr<const partner::KeyTable> known) {
    if (known == nullptr && !zone.keys_file.empty()) {
        partner::UseCounters unused;
        return std::make_shared<partner::KeyTable>(zone.name, std::span<partner::KeyEntry>{},
                                                   unused);
    }
    return known;
}

// `wire` without its first label; it has one.
std::string_view parent_of(std::string_view wire) noexcept {
    return wire.substr(static_cast<std::uint8_t>(wire.front()) + std::size_t{1});
}

// The zone with the longest origin that `name` is at or below, `self` left out.
std::optional<std::size_t> zone_of(const Site::Prepared& site, const dns::Name& name,
                                   std::optional<std::size_t> self) {
    std::string_view wire = name.wire();
    while (true) {
        const std::size_t* const zone = site.origins.find(wire);
        if (zone != nullptr && *zone != self) {
            return *zone;
        }
        if (wire.size() == 1) {
            return std::nullopt;
        }
        wire = parent_of(wire);
    }
}

// Makes every name between `name`, which lies below it, and the zone's origin a node, so that it is
// no NXDOMAIN.
void add_way_to(Site::Prepared& site, PreparedZone& zone, const dns::Name& name) {
    std::string_view wire = name.wire();
    for (std::size_t labels = name.label_count(); --labels > zone.origin_labels;) {
        wire = parent_of(wire);
        site.nodes[wire];
        zone.node_label_counts.set(labels);
    }
}

// A name of [a] belongs to the innermost zone around it, whoever wrote it: that one answers for it.
// Where both did, the inner zone's word counts.
void add_addresses(Site::Prepared& site, const zone::Zone& writer,
                   const zone::AddressRecords& records) {
    const auto owner = zone_of(site, records.owner, std::nullopt);
    if (!owner) {
        return;
    }
    PreparedZone& zone = site.zones[*owner];
    Node& node = site.nodes[records.owner.wire()];
    if (!node.has_addresses() || zone.zone == &writer) {
        node = {writer.ns_ttl_s, records.a, records.aaaa};
    }
    const std::size_t labels = records.owner.label_count();
    if (labels > zone.origin_labels) {
        zone.node_label_counts.set(labels);
        add_way_to(site, zone, records.owner);
    }
}

void link_nodes(Site::Prepared& site, PreparedZone& zone) {
    const auto addresses_of = [&site](const dns::Name& name) -> const Node* {
        const Node* const node = site.nodes.find(name.wire());
        return node != nullptr && node->has_addresses() ? node : nullptr;
    };
    zone.apex = addresses_of(zone.zone->origin);
    for (const dns::Name& server : zone.zone->ns) {
        const Node* const node = addresses_of(server);
        if (node != nullptr && server.is_at_or_below(zone.zone->origin)) {
            zone.glue.push_back({&server, node});
        }
    }
}

bool is_within(const net::Address& address, const net::AddressRange& range) noexcept {
    if (const auto* ipv4 = std::get_if<net::Ipv4>(&address)) {
        const auto* of = std::get_if<net::Ipv4Range>(&range);
        return of != nullptr && of->contains(*ipv4);
    }
    const auto* of = std::get_if<net::Ipv6Range>(&range);
    return of != nullptr && of->contains(*std::get_if<net::Ipv6>(&address));
}

// The keys that questions for a zone may be signed with.
std::vector<const tsig::Key*> signing_keys_of(const SecondarySettings& secondaries,
                                              const std::string& zone) {
    std::vector<const tsig::Key*> found;
    for (const config::SiteKey& each : secondaries.keys) {
        if (each.zone.empty() || each.zone == zone) {
            found.push_back(&each.key);
        }
    }
    return found;
}

PreparedZone prepared_zone(const zone::Zone& zone, const SecondarySettings& secondaries,
                           const std::map<std::string, net::Ipv4>& classes,
                           const std::shared_ptr<const partner::KeyTable>& keys) {
    return {.zone = &zone,
            .origin_labels = zone.origin.label_count(),
            .clients = QueryFilter{zone.query_access},
            .secondaries =
                PeerFilter{zone.secondaries.transfer, signing_keys_of(secondaries, zone.name)},
            .negative_soa_ttl_s = std::min(zone.ns_ttl_s, zone.negative_ttl_s),  // RFC 2308 §5
            .soa = prepared_soa(zone, zone.negative_ttl_s),
            .test_points = zone::test_points(zone, classes),
            .keys = keys_of(zone, keys),
            .retired = zone.retired.value_or(kNever),
            .retired_soa = prepared_soa(zone, kRetiredNegativeTtlSeconds)};
}

// RFC 9432 §4.1: nobody resolves in it, so that its name server need not be one.
zone::Zone catalog_zone(const config::CatalogSettings& catalog) {
    const dns::Name invalid = dns::Name::from_labels(std::array<std::string, 1>{"invalid"}).value();
    zone::Zone zone;
    zone.name = dns::to_string(catalog.origin);
    zone.origin = catalog.origin;
    zone.ns = {invalid};
    zone.contact = invalid;
    zone.classes = {"ip"};  // no listing is looked for in it
    zone.query_access.any = false;
    zone.secondaries = catalog.secondaries;
    return zone;
}

}  // namespace

PeerFilter::PeerFilter(const std::vector<zone::TransferPeer>& peers,
                       const std::vector<const tsig::Key*>& keys) {
    for (const zone::TransferPeer& peer : peers) {
        const auto name = tsig::key_name(peer.key);
        const auto key = std::find_if(keys.begin(), keys.end(), [&](const tsig::Key* each) {
            return name && each->name == *name;
        });
        peers_.push_back({peer.address, !peer.key.empty(), key == keys.end() ? nullptr : *key});
    }
}

bool PeerFilter::admits(const net::Address& client, const tsig::Key* signer) const noexcept {
    return std::any_of(peers_.begin(), peers_.end(), [&](const Peer& peer) {
        return (!peer.address || is_within(client, *peer.address)) &&
               (!peer.needs_key || (signer != nullptr && signer == peer.key));
    });
}

QueryFilter::QueryFilter(const zone::QueryAccess& access) : any_(access.any) {
    for (const net::AddressRange& prefix : access.prefixes) {
        if (const auto* ipv4 = std::get_if<net::Ipv4Range>(&prefix)) {
            ipv4_.push_back(*ipv4);
        } else {
            ipv6_.push_back(std::get<net::Ipv6Range>(prefix));
        }
    }
    sort_and_merge(ipv4_);
    sort_and_merge(ipv6_);
}

bool QueryFilter::admits(const net::Address& client) const noexcept {
    if (any_) {
        return true;
    }
    if (const auto* ipv4 = std::get_if<net::Ipv4>(&client)) {
        return is_in(ipv4_, *ipv4);
    }
    return is_in(ipv6_, *std::get_if<net::Ipv6>(&client));
}

const PreparedZone* Site::Prepared::find_zone(const dns::QuestionName& name) const noexcept {
    for (const std::size_t labels : origin_label_counts) {
        if (labels > name.label_count()) {
            continue;
        }
        const std::size_t start = name.label_start(name.label_count() - labels);
        if (const std::size_t* const zone = origins.find(name.lower_wire(start))) {
            return &zones[*zone];
        }
    }
    return nullptr;
}

const Node* Site::Prepared::find_node(const PreparedZone& zone, const dns::QuestionName& name,
                                      std::size_t subject_labels) const noexcept {
    const std::size_t labels = subject_labels + zone.origin_labels;
    if (!zone.node_label_counts[labels]) {
        return nullptr;
    }
    if (labels == name.label_count()) {
        return nodes.find(name.lower_wire());
    }
    // A key stands between the two.
    std::array<char, dns::kNameSizeMax> without_key;
    const std::string_view wire = name.lower_wire();
    const std::string_view subject = wire.substr(0, name.label_start(subject_labels));
    const std::string_view origin = wire.substr(name.label_start(subject_labels + 1));
    char* const end = std::copy(subject.begin(), subject.end(), without_key.data());
    std::copy(origin.begin(), origin.end(), end);
    return nodes.find({without_key.data(), subject.size() + origin.size()});
}

const tsig::Key* Site::Prepared::find_key(const PreparedZone* zone,
                                          std::string_view name) const noexcept {
    for (const config::SiteKey& each : secondaries->keys) {
        const bool is_here =
            each.zone.empty() || (zone != nullptr && each.zone == zone->zone->name);
        if (is_here && each.key.name.wire() == name) {
            return &each.key;
        }
    }
    return nullptr;
}

const PreparedZone* Site::Prepared::find_catalog(const dns::QuestionName& name) const noexcept {
    return catalog && name.lower_wire() == catalog_zone->origin.wire() ? &*catalog : nullptr;
}

Site::Site(std::shared_ptr<const verdict::Rulebook> rulebook, ResponderSettings settings,
           const partner::ZoneKeys& keys, std::shared_ptr<const SecondarySettings> secondaries) {
    auto site = std::make_unique<Prepared>();
    site->secondaries =
        secondaries ? std::move(secondaries) : std::make_shared<const SecondarySettings>();
    site->rulebook = std::move(rulebook);
    site->settings = std::move(settings);
    const std::vector<zone::Zone>& zones = site->rulebook->zones;
    for (std::size_t number = 0; number < zones.size(); ++number) {
        const zone::Zone& zone = zones[number];
        PreparedZone prepared = prepared_zone(zone, *site->secondaries, site->rulebook->classes,
                                              number < keys.size() ? keys[number] : nullptr);
        prepared.number = number;
        site->origins[zone.origin.wire()] = number;
        site->origin_label_counts.push_back(prepared.origin_labels);
        site->zones.push_back(std::move(prepared));
    }
    auto& counts = site->origin_label_counts;
    std::sort(counts.begin(), counts.end(), std::greater<>{});
    counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
    for (PreparedZone& inner : site->zones) {
        inner.outer = zone_of(*site, inner.zone->origin, inner.number);
        if (inner.outer) {
            add_way_to(*site, site->zones[*inner.outer], inner.zone->origin);
        }
    }
    for (const zone::Zone& zone : zones) {
        for (const zone::AddressRecords& records : zone.addresses) {
            add_addresses(*site, zone, records);
        }
    }
    for (PreparedZone& zone : site->zones) {
        link_nodes(*site, zone);  // the table grows no more: its nodes stay where they are
    }
    if (site->secondaries->catalog) {
        site->catalog_zone =
            std::make_unique<const zone::Zone>(catalog_zone(*site->secondaries->catalog));
        site->catalog.emplace(prepared_zone(*site->catalog_zone, *site->secondaries, {}, nullptr));
    }
    prepared_ = std::move(site);
}

Site::~Site() = default;

const verdict::Rulebook& Site::rulebook() const noexcept {
    return *prepared_->rulebook;
}

const std::shared_ptr<const verdict::Rulebook>& Site::shared_rulebook() const noexcept {
    return prepared_->rulebook;
}

}  // namespace ostrakon::responder
