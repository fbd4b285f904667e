#include "ostrakon/lookup/explanation_json.hpp"

#include "ostrakon/json/document.hpp"

namespace ostrakon::lookup {

using json::Json;

std::string explanation_json(std::string_view query, const policy::Explanation& explanation) {
    Json zones = Json::array();
    for (const policy::ExplainedZone& zone : explanation.zones) {
        Json codes = Json::array();
        for (const net::Ipv4 code : zone.codes) {
            codes.push_back(net::to_string(code));
        }
        zones.push_back({{"zone", zone.zone},
                         {"listed", zone.listed},
                         {"codes", std::move(codes)},
                         {"text", zone.text},
                         {"ttl", zone.ttl_s},
                         {"allow_zone", zone.is_allow_zone}});
    }
    Json matches = Json::array();
    for (const policy::ExplainedMatch& match : explanation.matches) {
        matches.push_back({{"id", match.id ? Json(*match.id) : Json(nullptr)},
                           {"source", match.source},
                           {"class", match.listing_class},
                           {"subject", match.subject},
                           {"reason", match.reason},
                           {"map", json::text_or_null(match.map)},
                           {"won", match.won},
                           {"because", match.because}});
    }
    Json origins = Json::array();
    for (const policy::ExplainedOrigin& origin : explanation.origins) {
        origins.push_back(
            {{"subject", origin.subject}, {"map", origin.map}, {"date", to_string(origin.date)}});
    }
    return json::document({{"query", query},
                           {"listed", explanation.listed},
                           {"zones", std::move(zones)},
                           {"matches", std::move(matches)},
                           {"origins", std::move(origins)}});
}

}  // namespace ostrakon::lookup
