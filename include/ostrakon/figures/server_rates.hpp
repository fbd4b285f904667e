// What changes between two readings of a server's figures.
#pragma once

#include "ostrakon/figures/server_figures.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ostrakon::figures {

/// All that was asked, by what became of it.
std::map<std::string, std::uint64_t> outcomes_of(const ServerFigures& figures);

/// Whether the server has run through from one reading to a later one.
bool is_same_run(const ServerFigures& before, const ServerFigures& after);

/// What changes between two readings, a second.
struct ServerRates {
    struct Zone {
        std::string name;  ///< Empty: no zone.
        double all = 0, listed = 0, not_listed = 0, no_data = 0, refused = 0, other = 0;
    };
    double seconds = 0;  ///< Between the readings.
    double queries = 0, tcp = 0, limited = 0, lost = 0;
    std::vector<Zone> zones;
    std::map<std::string, double> outcomes;  ///< Of all zones.
    /// Microseconds within which half and 99 % of the answers went out; 0: none did, the highest
    /// bound for what took longer.
    std::uint64_t half_us = 0, most_us = 0;
};
/// A server that was started in between counts from its start. Zones as they are served, then those
/// that are not.
ServerRates rates_between(const ServerFigures& before, const ServerFigures& after);

/// [{"zone", "queries", "listed", …}], a second.
json::Json zones_json(const ServerRates& rates);

}  // namespace ostrakon::figures
