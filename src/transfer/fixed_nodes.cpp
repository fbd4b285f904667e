#include "ostrakon/transfer/fixed_nodes.hpp"

#include "ostrakon/dns/name.hpp"
#include "ostrakon/dns/reversed_address.hpp"
#include "ostrakon/responder/prepared.hpp"

#include <algorithm>

namespace ostrakon::transfer {
namespace {

using responder::PreparedZone;
using responder::Site;

// The zone with the longest origin that the name is at or below; null if there is none.
const PreparedZone* innermost_zone(const Site::Prepared& site, const dns::Name& name) {
    const PreparedZone* found = nullptr;
    for (const PreparedZone& zone : site.zones) {
        if (name.is_at_or_below(zone.zone->origin) &&
            (found == nullptr || zone.origin_labels > found->origin_labels)) {
            found = &zone;
        }
    }
    return found;
}

// The labels of a name in front of an origin that it is at or below.
std::string_view relative(const dns::Name& name, const dns::Name& origin) {
    return name.wire().substr(0, name.wire().size() - origin.wire().size());
}

std::string key_of(std::string_view owner) {
    std::string key;
    for (dns::Labels labels{owner}; !labels.empty();) {
        const std::string_view label = labels.pop_front();
        key.insert(0, label);
        key.insert(key.begin(), static_cast<char>(label.size()));
    }
    return key;
}

}  // namespace

FixedNodes::FixedNodes(const Site& site, std::size_t number) {
    const Site::Prepared& all = site.prepared();
    const PreparedZone& self = all.zones[number];
    const dns::Name& origin = self.zone->origin;
    for (const PreparedZone& inner : all.zones) {
        if (inner.outer != number) {
            continue;
        }
        FixedNode& cut = nodes_[std::string{relative(inner.zone->origin, origin)}];
        cut.ns_ttl_s = inner.zone->ns_ttl_s;
        for (const dns::Name& server : inner.zone->ns) {
            cut.ns.emplace_back(server.wire());
        }
    }
    const auto add = [&](const dns::Name& owner) {
        const responder::Node* const node = all.nodes.find(owner.wire());
        if (node != nullptr && node->has_addresses()) {
            FixedNode& added = nodes_[std::string{relative(owner, origin)}];
            added.ttl_s = node->ttl_s;
            added.a = node->a;
            added.aaaa = node->aaaa;
        }
    };
    for (const zone::Zone& writer : all.rulebook->zones) {
        for (const zone::AddressRecords& records : writer.addresses) {
            if (innermost_zone(all, records.owner) == &self) {
                add(records.owner);
            }
        }
    }
    // Glue: name servers whose names lie in a zone nested in this one, or further down.
    for (const PreparedZone& zone : all.zones) {
        for (const dns::Name& server : zone.zone->ns) {
            const bool is_asked_here = zone.number == number || zone.outer == number;
            if (is_asked_here && server.is_at_or_below(origin) &&
                innermost_zone(all, server) != &self) {
                add(server);
            }
        }
    }
    for (const auto& [owner, node] : nodes_) {
        add_way_to(owner);
    }
}

void FixedNodes::add_way_to(std::string_view owner) {
    for (dns::Labels rest{owner}; !rest.empty(); rest.pop_front()) {
        dns::Labels labels = rest;
        std::string_view last;
        std::size_t count = 0;
        for (; !labels.empty(); ++count) {
            last = labels.pop_front();
        }
        if (!dns::is_address_label(last)) {
            name_keys_.insert(key_of(rest.wire()));
            continue;
        }
        if (const auto cut = dns::parse_ipv4_cut(rest)) {
            ipv4_.push_back(*cut);
        } else if (const auto whole = dns::parse_reversed_ipv4(rest)) {
            ipv4_.push_back({*whole, *whole});
        }
        if (const auto cut = dns::parse_ipv6_cut(rest)) {
            ipv6_.push_back(*cut);
        } else if (const auto whole = dns::parse_reversed_ipv6(rest)) {
            ipv6_.push_back({*whole, *whole});
        }
    }
}

bool FixedNodes::is_free(std::string_view owner) const {
    if (nodes_.empty()) {
        return true;
    }
    const auto at = nodes_.find(owner);
    if (at != nodes_.end() && at->second.is_taken()) {
        return false;
    }
    for (dns::Labels rest{owner}; !rest.empty(); rest.pop_front()) {
        const auto above = nodes_.find(rest.wire());
        if (above != nodes_.end() && above->second.is_cut()) {
            return false;
        }
    }
    return true;
}

}  // namespace ostrakon::transfer
