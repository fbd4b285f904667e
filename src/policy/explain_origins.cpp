#include "explain_origins.hpp"

#include "ostrakon/policy/origin_map.hpp"

#include <fmt/format.h>
#include <variant>

namespace ostrakon::policy {
namespace {

auto origin_of_address(const store::Transaction& transaction, const Catalogue& catalogue,
                       net::OriginKind kind, const net::Address& address) {
    return std::visit([&](auto a) { return origin_of(transaction, catalogue, kind, a); }, address);
}

}  // namespace

std::vector<ExplainedOrigin> explain_origins(const store::Transaction& transaction,
                                             const Catalogue& catalogue,
                                             const net::Address& address) {
    std::vector<ExplainedOrigin> origins;
    for (const net::OriginKind kind : net::kOriginKinds) {
        const auto found = origin_of_address(transaction, catalogue, kind, address);
        if (const Map* map = found ? catalogue.map(found->map) : nullptr) {
            origins.push_back({net::to_string(found->origin), map->name, map->dated()});
        }
    }
    return origins;
}

void note_younger_maps(const store::Transaction& transaction, const Catalogue& catalogue,
                       const net::Address& address, UnixTime at, std::vector<std::string>& notes) {
    for (const net::OriginKind kind : net::kOriginKinds) {
        const auto found = origin_of_address(transaction, catalogue, kind, address);
        for (const MapId id : catalogue.maps_in_use(kind)) {
            const Map* map = catalogue.map(id);
            if (at < map->taken) {
                const std::string says =
                    found && found->map == id     ? "is in " + net::to_string(found->origin)
                    : kind == net::OriginKind::As ? std::string{"is in no other AS"}
                                                  : std::string{"is in no other country"};
                notes.push_back(
                    fmt::format("map {} was taken in later: that the address {} may not have been "
                                "so then",
                                map->name, says));
            }
        }
    }
}

}  // namespace ostrakon::policy
