// Which addresses belong to which AS or country, by looking at every line of every map.
#include "model.hpp"

#include <algorithm>

namespace ostrakon::property {
namespace {

net::Uint128 width_of(const net::AddressRange& range) {
    return std::visit(
        [](const auto& addresses) {
            return net::Uint128{addresses.last.bits - addresses.first.bits};
        },
        range);
}

bool is_in(const net::AddressRange& range, const Query& query) {
    if (const auto* v4 = std::get_if<net::Ipv4>(&query)) {
        const auto* addresses = std::get_if<net::Ipv4Range>(&range);
        return addresses != nullptr && addresses->contains(*v4);
    }
    const auto* v6 = std::get_if<net::Ipv6>(&query);
    const auto* addresses = std::get_if<net::Ipv6Range>(&range);
    return v6 != nullptr && addresses != nullptr && addresses->contains(*v6);
}

// Where what is known of addresses can change: the beginnings of ranges, and what is behind them.
template <class A>
void add_borders(const std::vector<net::Range<A>>& ranges, std::vector<Query>& places) {
    for (const net::Range<A>& range : ranges) {
        places.emplace_back(range.first);
        if (range.last != net::everything<A>().last) {
            places.emplace_back(A{static_cast<typename A::Bits>(range.last.bits + 1)});
        }
    }
}

}  // namespace

std::vector<std::string> Model::known_maps(net::OriginKind kind) const {
    std::vector<std::string> names;
    for (const auto& [name, lines] : maps_) {
        if (std::any_of(lines.begin(), lines.end(),
                        [&](const MapLine& line) { return line.origin.kind == kind; })) {
            names.push_back(name);
        }
    }
    return names;
}

// Which maps are asked: those that [geo] names; else the only one there is, or where several have
// come, those of before.
void Model::adopt_maps(const config::Settings& settings) {
    for (const net::OriginKind kind : net::kOriginKinds) {
        std::vector<std::string>& in_use = maps_in_use_[static_cast<std::size_t>(kind)];
        const auto& named = kind == net::OriginKind::As ? settings.geo.asn : settings.geo.country;
        const auto known = known_maps(kind);
        std::vector<std::string> wanted = named;
        if (named.empty()) {
            wanted = known.size() == 1 ? known : in_use;
        }
        std::erase_if(wanted, [&](const std::string& name) {
            return std::find(known.begin(), known.end(), name) == known.end();
        });
        in_use = wanted;
    }
}

void Model::import_map(const config::Settings& settings, const std::string& name,
                       const std::vector<MapLine>& lines, bool replace) {
    begin();
    adopt(settings);
    map_versions_[name] = ++last_map_version_;
    std::vector<MapLine>& known = maps_[name];
    std::erase_if(known, [&](const MapLine& old) {
        return replace || std::any_of(lines.begin(), lines.end(), [&](const MapLine& line) {
                   return line.origin.kind == old.origin.kind &&
                          line.range.index() == old.range.index();
               });
    });
    known.insert(known.end(), lines.begin(), lines.end());
    adopt_maps(settings);
}

// The first map that knows; in it the narrowest line counts, of equal ones the last.
std::uint32_t Model::number_of(net::OriginKind kind, const Query& query) const {
    for (const std::string& name : maps_in_use_[static_cast<std::size_t>(kind)]) {
        const MapLine* best = nullptr;
        for (const MapLine& line : maps_.at(name)) {
            if (line.origin.kind == kind && is_in(line.range, query) &&
                (best == nullptr || width_of(line.range) <= width_of(best->range))) {
                best = &line;
            }
        }
        if (best != nullptr) {
            return best->origin.number;
        }
    }
    return 0;
}

bool Model::is_origin_wholly_never(const config::ProtectSettings& protect,
                                   const net::Origin& origin) const {
    std::vector<Query> places;
    for (const auto& [name, lines] : maps_) {
        for (const MapLine& line : lines) {
            std::visit([&](const auto& range) { add_borders(std::vector{range}, places); },
                       line.range);
        }
    }
    add_borders(protect.never_ipv4, places);
    add_borders(protect.never_ipv6, places);
    bool has_any = false;
    for (const Query& place : places) {
        if (number_of(origin.kind, place) != origin.number) {
            continue;
        }
        has_any = true;
        if (!is_never(protect, place)) {
            return false;
        }
    }
    return has_any;
}

}  // namespace ostrakon::property
