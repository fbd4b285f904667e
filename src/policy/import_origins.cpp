#include "import_origins.hpp"

#include "ban_plan.hpp"
#include "map_change.hpp"
#include "origin_guard.hpp"
#include "ostrakon/zone/listing_class.hpp"

namespace ostrakon::policy {

Result<Coverage> check_imported_origins(ChangeSet& change, const config::Settings& settings,
                                        const Import& import, Coverage all,
                                        std::vector<std::string>& notes) {
    constexpr std::size_t kUnknownNotesMax = 20;
    OriginDecisions decisions;
    decisions.confirmed = import.confirmed;
    for (const auto& entry : import.list.origins) {
        const Statement& said = import.list.statements[entry.statement];
        const std::string& listing_class =
            said.listing_class.empty() ? import.listing_class : said.listing_class;
        (listing_class == zone::kAllowClass ? decisions.allowed : decisions.banned)
            .push_back(entry.subject);
    }
    if (import.list.origins.empty()) {
        return Coverage{};
    }
    if (auto adopted = adopt_map_settings(change, settings, import.confirmed); !adopted) {
        return Unexpected{std::move(adopted.error())};
    }
    const auto expansions = check_origins(change, settings, decisions);
    if (!expansions) {
        return Unexpected{expansions.error()};
    }
    Coverage total;
    for (const auto& [origin, expansion] : *expansions) {
        total += expansion.coverage();
        std::string unknown = unknown_note(change.catalogue(), origin, expansion);
        if (!unknown.empty() && notes.size() < kUnknownNotesMax) {
            notes.push_back(std::move(unknown));
        }
    }
    all += total;
    if (auto fit = check_blast_radius(settings, {}, all, import.confirmed); !fit) {
        return Unexpected{std::move(fit.error())};
    }
    return total;
}

}  // namespace ostrakon::policy
