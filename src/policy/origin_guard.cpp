#include "origin_guard.hpp"

#include "canaries.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::policy {
namespace {

template <class A>
void count_overlaps(const config::ProtectSettings& protect,
                    const std::vector<net::Range<A>>& ranges, std::size_t& wholly,
                    std::size_t& partly) {
    for (const net::Range<A>& range : ranges) {
        const NeverOverlap overlap = never_overlap(protect, Subject{range});
        wholly += overlap == NeverOverlap::Wholly ? 1 : 0;
        partly += overlap == NeverOverlap::Partly ? 1 : 0;
    }
}

std::string_view kind_text(net::OriginKind kind) {
    return kind == net::OriginKind::As ? "AS numbers" : "countries";
}

}  // namespace

NeverOverlap never_overlap(const config::ProtectSettings& protect, const Expansion& expansion) {
    std::size_t wholly = 0;
    std::size_t partly = 0;
    count_overlaps(protect, expansion.ipv4, wholly, partly);
    count_overlaps(protect, expansion.ipv6, wholly, partly);
    if (wholly + partly == 0) {
        return NeverOverlap::None;
    }
    return wholly == expansion.ipv4.size() + expansion.ipv6.size() ? NeverOverlap::Wholly
                                                                   : NeverOverlap::Partly;
}

std::string maps_text(const Catalogue& catalogue, net::OriginKind kind) {
    std::string text;
    for (const MapId id : catalogue.maps_in_use(kind)) {
        const Map* map = catalogue.map(id);
        text += fmt::format("{}map {} of {}", text.empty() ? "" : ", ", map->name,
                            ostrakon::to_string(map->dated()).substr(0, 10));
    }
    return text;
}

Result<Expansions> check_origins(ChangeSet& change, const config::Settings& settings,
                                 const OriginDecisions& decisions) {
    Expansions expansions;
    for (const auto* origins : {&decisions.banned, &decisions.allowed}) {
        for (const net::Origin& origin : *origins) {
            expansions.try_emplace(origin);
        }
    }
    expand(change.transaction(), change.catalogue(), expansions);
    const Canaries canaries{settings.protect};
    for (const net::Origin& origin : decisions.banned) {
        const Expansion& expansion = expansions[origin];
        if (!decisions.override_never &&
            never_overlap(settings.protect, expansion) == NeverOverlap::Wholly) {
            return Unexpected{Error{ErrorCode::Refused, "ban " + net::to_string(origin),
                                    "it lies wholly inside [protect] never",
                                    "--override bans it all the same"}};
        }
        if (auto fit = check_canary("ban " + net::to_string(origin), canaries.in(expansion),
                                    decisions.confirmed);
            !fit) {
            return Unexpected{std::move(fit.error())};
        }
    }
    return expansions;
}

Expansions expansions_of(const ChangeSet& change, const std::vector<Subject>& subjects) {
    Expansions expansions;
    for (const Subject& subject : subjects) {
        if (const auto* origin = std::get_if<net::Origin>(&subject)) {
            expansions.try_emplace(*origin);
        }
    }
    expand(change.transaction(), change.catalogue(), expansions);
    return expansions;
}

Coverage coverage_of_origins(const ChangeSet& change, const EntryList& removed,
                             const EntryList& added) {
    Expansions expansions;
    for (const EntryList* list : {&removed, &added}) {
        for (const net::Origin& origin : list->origins()) {
            expansions.try_emplace(origin);
        }
    }
    expand(change.transaction(), change.catalogue(), expansions);
    Coverage total;
    for (const auto& [origin, expansion] : expansions) {
        total += expansion.coverage();
    }
    return total;
}

Coverage coverage_of(const Expansions& expansions, const Subject& subject) {
    const auto* origin = std::get_if<net::Origin>(&subject);
    const auto found = origin == nullptr ? expansions.end() : expansions.find(*origin);
    return found == expansions.end() ? coverage(subject) : found->second.coverage();
}

std::string cost_text(const Catalogue& catalogue, const net::Origin& origin,
                      const Expansion& expansion) {
    return fmt::format("{}: {} ({})", net::to_string(origin), to_string(expansion),
                       maps_text(catalogue, origin.kind));
}

std::string unknown_note(const Catalogue& catalogue, const net::Origin& origin,
                         const Expansion& expansion) {
    if (!expansion.empty()) {
        return "";
    }
    return catalogue.maps_in_use(origin.kind).empty()
               ? fmt::format(
                     "{}: there is no map of {}; it is kept, and holds from the import of one "
                     "on",
                     net::to_string(origin), kind_text(origin.kind))
               : fmt::format("{}: no map knows it ({}); it is kept, and holds once one does",
                             net::to_string(origin), maps_text(catalogue, origin.kind));
}

}  // namespace ostrakon::policy
