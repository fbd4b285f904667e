#include "ostrakon/figures/server_rates.hpp"

#include <algorithm>

namespace ostrakon::figures {
namespace {

constexpr double kMostShare = 0.99;

std::uint64_t count_of(const std::map<std::string, std::uint64_t>& counts, const std::string& key) {
    const auto found = counts.find(key);
    return found == counts.end() ? 0 : found->second;
}

std::uint64_t sum_of(const std::map<std::string, std::uint64_t>& counts) {
    std::uint64_t sum = 0;
    for (const auto& [key, count] : counts) {
        sum += count;
    }
    return sum;
}

double grown(std::uint64_t before, std::uint64_t after) {
    return static_cast<double>(after >= before ? after - before : after);
}

// The bound of the first bucket with which the share is reached.
std::uint64_t within(const std::vector<double>& counts, double share) {
    double all = 0;
    for (const double count : counts) {
        all += count;
    }
    double sum = 0;
    for (std::size_t i = 0; all > 0 && i < counts.size(); ++i) {
        sum += counts[i];
        if (sum >= all * share) {
            return std::uint64_t{1} << std::min<std::size_t>(i, 63);
        }
    }
    return 0;
}

}  // namespace

std::map<std::string, std::uint64_t> outcomes_of(const ServerFigures& figures) {
    std::map<std::string, std::uint64_t> sums;
    for (const auto& [zone, outcomes] : figures.outcomes) {
        for (const auto& [outcome, count] : outcomes) {
            sums[outcome] += count;
        }
    }
    return sums;
}

bool is_same_run(const ServerFigures& before, const ServerFigures& after) {
    return after.started == before.started && after.uptime_seconds > before.uptime_seconds;
}

ServerRates rates_between(const ServerFigures& before, const ServerFigures& after) {
    static const ServerFigures start;
    const ServerFigures& from = is_same_run(before, after) ? before : start;
    ServerRates rates;
    rates.seconds = std::max(0.001, after.uptime_seconds - from.uptime_seconds);
    const auto rate = [&](std::uint64_t old_count, std::uint64_t count) {
        return grown(old_count, count) / rates.seconds;
    };
    static const std::map<std::string, std::uint64_t> nothing;
    const auto zone_rates = [&](const std::string& name) {
        const auto old = from.outcomes.find(name);
        const auto now = after.outcomes.find(name);
        const auto& old_counts = old == from.outcomes.end() ? nothing : old->second;
        const auto& counts = now == after.outcomes.end() ? nothing : now->second;
        const auto of = [&](const char* outcome) {
            return rate(count_of(old_counts, outcome), count_of(counts, outcome));
        };
        ServerRates::Zone zone{name,
                               rate(sum_of(old_counts), sum_of(counts)),
                               of("listed"),
                               of("not_listed"),
                               of("nodata"),
                               of("refused"),
                               0};
        zone.other =
            std::max(0.0, zone.all - zone.listed - zone.not_listed - zone.no_data - zone.refused);
        return zone;
    };
    for (const std::string& name : after.zones) {
        rates.zones.push_back(zone_rates(name));
    }
    for (const auto& [name, counts] : after.outcomes) {
        const bool is_served =
            std::find(after.zones.begin(), after.zones.end(), name) != after.zones.end();
        if (!is_served && sum_of(counts) > 0) {
            rates.zones.push_back(zone_rates(name));
        }
    }
    for (const ServerRates::Zone& zone : rates.zones) {
        rates.queries += zone.all;
    }
    const auto old_sums = outcomes_of(from);
    for (const auto& [outcome, count] : outcomes_of(after)) {
        rates.outcomes[outcome] = rate(count_of(old_sums, outcome), count);
    }
    rates.tcp = rate(count_of(from.transports, "tcp"), count_of(after.transports, "tcp"));
    rates.limited = rate(from.limited, after.limited);
    rates.lost = rate(from.lost, after.lost);
    std::vector<double> microseconds;
    for (std::size_t i = 0; i < after.answer_microseconds.size(); ++i) {
        const std::uint64_t old =
            i < from.answer_microseconds.size() ? from.answer_microseconds[i] : 0;
        microseconds.push_back(grown(old, after.answer_microseconds[i]));
    }
    rates.half_us = within(microseconds, 0.5);
    rates.most_us = within(microseconds, kMostShare);
    return rates;
}

json::Json zones_json(const ServerRates& rates) {
    json::Json zones = json::Json::array();
    for (const auto& zone : rates.zones) {
        zones.push_back({{"zone", zone.name},
                         {"queries", zone.all},
                         {"listed", zone.listed},
                         {"not_listed", zone.not_listed},
                         {"nodata", zone.no_data},
                         {"refused", zone.refused},
                         {"other", zone.other}});
    }
    return zones;
}

}  // namespace ostrakon::figures
