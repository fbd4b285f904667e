#include "map_change.hpp"

#include "ban_plan.hpp"
#include "canaries.hpp"
#include "origin_guard.hpp"
#include "ostrakon/policy/content_hash.hpp"
#include "ostrakon/policy/listings.hpp"
#include "ostrakon/store/codec.hpp"
#include "ostrakon/store/meta.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>

namespace ostrakon::policy {
namespace {

constexpr std::uint64_t kGrowthMax = 10;  // times
// In Meta: the digest of what [geo] wants, while that is held.
constexpr std::string_view kHeldMapSettings = "held geo";

const std::vector<std::string>& wanted_maps(const config::Settings& settings,
                                            net::OriginKind kind) {
    return kind == net::OriginKind::As ? settings.geo.asn : settings.geo.country;
}

std::string_view setting_name(net::OriginKind kind) {
    return kind == net::OriginKind::As ? "[geo] asn" : "[geo] country";
}

std::vector<std::string> known_maps(const Catalogue& catalogue, net::OriginKind kind) {
    std::vector<std::string> names;
    for (const auto& [name, map] : catalogue.maps()) {
        if (map.knows(kind)) {
            names.push_back(name);
        }
    }
    return names;
}

// The names of the maps that are to be asked, in their order.
std::vector<std::string> chosen_maps(const Catalogue& catalogue, const config::Settings& settings,
                                     net::OriginKind kind) {
    std::vector<std::string> in_use;
    for (const MapId id : catalogue.maps_in_use(kind)) {
        in_use.push_back(catalogue.map(id)->name);
    }
    if (settings.file.empty() && !in_use.empty()) {
        return in_use;  // no configuration says nothing about maps
    }
    if (const auto& wanted = wanted_maps(settings, kind); !wanted.empty()) {
        return wanted;
    }
    // The only one there is; where a second one has come the first goes on.
    const auto known = known_maps(catalogue, kind);
    return known.size() == 1 ? known : in_use;
}

std::uint64_t addresses_of(const Expansion& expansion) {
    return expansion.coverage().addresses;
}

// Whether one family grows beyond what is taken without a question. What was not there before does
// not grow.
bool grows_too_much(const Expansion& before, const Expansion& after) {
    const auto exceeds = [](const Expansion& from, const Expansion& to) {
        const std::uint64_t old = addresses_of(from);
        return old != 0 && addresses_of(to) / kGrowthMax >= old &&
               addresses_of(to) > old * kGrowthMax;
    };
    return exceeds({before.ipv4, {}}, {after.ipv4, {}}) ||
           exceeds({{}, before.ipv6}, {{}, after.ipv6});
}

// The ids of the maps that are to be asked.
std::vector<MapId> wanted_ids(const Catalogue& catalogue, const config::Settings& settings,
                              net::OriginKind kind) {
    std::vector<MapId> wanted;
    for (const std::string& name : chosen_maps(catalogue, settings, kind)) {
        const Map* map = catalogue.map(name);
        if (map != nullptr && map->knows(kind)) {
            wanted.push_back(map->id);
        }
    }
    return wanted;
}

// The kind for which no map would be asked any more, though [geo] names one: a slip, most likely.
std::optional<net::OriginKind> lost_kind(const Catalogue& catalogue,
                                         const config::Settings& settings) {
    for (const net::OriginKind kind : net::kOriginKinds) {
        if (!wanted_maps(settings, kind).empty() && wanted_ids(catalogue, settings, kind).empty() &&
            !catalogue.maps_in_use(kind).empty()) {
            return kind;
        }
    }
    return std::nullopt;
}

// Of the maps that are to be asked, in the versions that are there; never 0.
std::uint64_t digest_of(const Catalogue& catalogue, const config::Settings& settings) {
    store::Encoder content;
    for (const net::OriginKind kind : net::kOriginKinds) {
        for (const MapId id : wanted_ids(catalogue, settings, kind)) {
            content.number(id).number(catalogue.map(id)->changed);
        }
        content.number(0);
    }
    return content_hash(content.take()) | 1;
}

Unexpected<Error> hold(std::string attempt, std::string why) {
    return Unexpected{Error{ErrorCode::Refused, std::move(attempt), std::move(why),
                            "--yes accepts it all the same"}};
}

}  // namespace

MapChange::MapChange(ChangeSet& change) : change_(change) {
    for (const auto& [origin, ids] : listed_origins(change_.transaction())) {
        before_.try_emplace(origin);
        listed_[origin] = std::any_of(ids.begin(), ids.end(), [&](store::ListingId id) {
            const auto listing = view_own_listing(change_.transaction(), id);
            return listing && listing->listing_class != zone::kAllowClass;
        });
    }
    for (const Layer& layer : change_.catalogue().layers()) {
        const Feed* feed = change_.catalogue().feed(layer.feed);
        if (layer.id == kOwnLayer || feed == nullptr) {
            continue;
        }
        for_each_origin_entry(
            change_.transaction(), layer.id, [&](const net::Origin& origin, std::uint32_t value) {
                before_.try_emplace(origin);
                bool& is_listed = listed_[origin];
                is_listed = is_listed || value_lists(change_.transaction(), change_.catalogue(),
                                                     feed->listing_class, value);
            });
    }
    after_ = before_;
    expand(change_.transaction(), change_.catalogue(), before_);
}

void MapChange::finish() {
    expand(change_.transaction(), change_.catalogue(), after_);
    for (const auto& [origin, after] : after_) {
        const Expansion& before = before_[origin];
        steps_.push_back({net::to_string(origin), before.prefixes(), addresses_of(before),
                          after.prefixes(), addresses_of(after), !(before == after)});
        for (const Expansion& differing : {difference(after, before), difference(before, after)}) {
            change_.touch(differing);
            coverage_ += differing.coverage();
        }
    }
}

Result<Done> MapChange::check(const config::Settings& settings) const {
    Coverage newly_banned;
    const Canaries canaries{settings.protect};
    for (const auto& [origin, after] : after_) {
        const Expansion& before = before_.at(origin);
        if (grows_too_much(before, after)) {
            return hold(net::to_string(origin),
                        fmt::format("it would grow more than tenfold, from {} to {}",
                                    to_string(before), to_string(after)));
        }
        if (!listed_.at(origin)) {
            continue;
        }
        const Expansion fresh = difference(after, before);
        newly_banned += fresh.coverage();
        if (auto fit = check_canary(net::to_string(origin), canaries.in(fresh), false); !fit) {
            return fit;
        }
    }
    return check_blast_radius(settings, {}, newly_banned, false);
}

bool place_maps(ChangeSet& change, const config::Settings& settings) {
    bool changed = false;
    for (const net::OriginKind kind : net::kOriginKinds) {
        const auto chosen = chosen_maps(change.catalogue(), settings, kind);
        const auto maps = change.catalogue().maps();  // a copy: they are put back one by one
        for (const auto& [name, map] : maps) {
            const auto at = std::find(chosen.begin(), chosen.end(), name);
            const bool is_asked = at != chosen.end() && map.knows(kind);
            Map placed = map;
            std::uint32_t& place = placed.places[static_cast<std::size_t>(kind)];
            place = is_asked ? static_cast<std::uint32_t>(at - chosen.begin()) + 1 : 0;
            if (place != map.place(kind)) {
                change.catalogue().put_map(change.transaction(), std::move(placed));
                changed = true;
            }
        }
    }
    return changed;
}

bool are_maps_settled(const Catalogue& catalogue, const config::Settings& settings) {
    return std::all_of(
        std::begin(net::kOriginKinds), std::end(net::kOriginKinds), [&](net::OriginKind kind) {
            return wanted_ids(catalogue, settings, kind) == catalogue.maps_in_use(kind);
        });
}

Result<Coverage> adopt_map_settings(ChangeSet& change, const config::Settings& settings,
                                    bool confirmed) {
    if (are_maps_settled(change.catalogue(), settings)) {
        return Coverage{};
    }
    if (const auto lost = lost_kind(change.catalogue(), settings); lost && !confirmed) {
        return hold(std::string{setting_name(*lost)}, "names no map that is there");
    }
    const auto before = change.catalogue().maps();  // a copy
    MapChange maps{change};
    place_maps(change, settings);
    maps.finish();
    if (!confirmed) {
        if (auto fit = maps.check(settings); !fit) {
            for (const auto& [name, map] : before) {
                change.catalogue().put_map(change.transaction(), map);
            }
            fit.error().attempt = "[geo] names other maps than before: " + fit.error().attempt;
            return Unexpected{std::move(fit.error())};
        }
    }
    for (const net::OriginKind kind : net::kOriginKinds) {
        const std::string in_use = maps_text(change.catalogue(), kind);
        change.tell("", "",
                    fmt::format("{}: {}", setting_name(kind), in_use.empty() ? "none" : in_use),
                    "");
    }
    return maps.coverage();
}

Coverage follow_map_settings(ChangeSet& change, const config::Settings& settings, bool confirmed,
                             std::vector<std::string>& notes) {
    store::WriteTransaction& transaction = change.transaction();
    if (are_maps_settled(change.catalogue(), settings)) {
        return {};
    }
    const std::uint64_t wanted = digest_of(change.catalogue(), settings);
    if (!confirmed && wanted == store::meta_number(transaction, kHeldMapSettings)) {
        notes.emplace_back(
            "[geo] names other maps than before, and is held, as `ostrakon history` says; "
            "`ostrakon expire --yes` takes it over");
        return {};
    }
    auto adopted = adopt_map_settings(change, settings, confirmed);
    store::set_meta_number(transaction, kHeldMapSettings, adopted ? 0 : wanted);
    if (!adopted) {
        adopted.error().remedy = "`ostrakon expire --yes` takes it over all the same";
        notes.push_back("held: " + message(adopted.error()));
        change.tell("", "", notes.back(), "");
        return {};
    }
    return *adopted;
}

std::string map_settings_note(const Catalogue& catalogue, const config::Settings& settings,
                              net::OriginKind kind) {
    const auto known = known_maps(catalogue, kind);
    const auto& wanted = wanted_maps(settings, kind);
    if (wanted.empty()) {
        return known.size() < 2
                   ? ""
                   : fmt::format("there are several maps ({}), and {} names none; asked is {}",
                                 fmt::join(known, ", "), setting_name(kind),
                                 maps_text(catalogue, kind));
    }
    for (const std::string& name : wanted) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            return fmt::format("{} names {}, which no import has filled", setting_name(kind), name);
        }
    }
    return "";
}

}  // namespace ostrakon::policy
