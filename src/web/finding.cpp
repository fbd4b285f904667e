#include "ostrakon/policy/listings.hpp"
#include "ostrakon/store/transaction.hpp"
#include "site_state.hpp"

#include <algorithm>

namespace ostrakon::web {

const store::Listing* Finding::listing(store::ListingId id) const {
    const auto found = std::find_if(listings.begin(), listings.end(),
                                    [id](const store::Listing& known) { return known.id == id; });
    return found == listings.end() ? nullptr : &*found;
}

Result<Finding> find_out(const Visit& visit, const std::string& query) {
    const auto& zones = visit.site.options.zones;
    auto subject = lookup::parse_query_subject(query, zones);
    if (!subject) {
        return Unexpected{std::move(subject.error())};
    }
    Finding finding{std::move(*subject), {}, {}};
    return visit.site.database.with([&](store::Environment& environment) -> Result<Finding> {
        auto explanation = policy::explain(environment, visit.site.options.settings, zones,
                                           finding.query.subject, finding.query.asked, visit.now);
        if (!explanation) {
            return Unexpected{std::move(explanation.error())};
        }
        finding.explanation = std::move(*explanation);
        const auto snapshot = store::Snapshot::begin(environment);
        if (!snapshot) {
            return Unexpected{snapshot.error()};
        }
        for (const policy::ExplainedMatch& match : finding.explanation.matches) {
            if (match.won && match.id) {
                if (auto listing = policy::read_listing(*snapshot, *match.id)) {
                    listing->evidence.clear();
                    finding.listings.push_back(std::move(*listing));
                }
            }
        }
        return std::move(finding);
    });
}

}  // namespace ostrakon::web
