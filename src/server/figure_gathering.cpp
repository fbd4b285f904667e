#include "figure_gathering.hpp"

#include <algorithm>
#include <utility>

namespace ostrakon::server {
namespace {

// As in the query log.
constexpr int kShownIpv4Bits = 24;
constexpr int kShownIpv6Bits = 56;

void keep_most(std::vector<TopFigure>& all) {
    std::sort(all.begin(), all.end(), [](const TopFigure& a, const TopFigure& b) {
        return a.queries != b.queries ? a.queries > b.queries : a.what < b.what;
    });
    if (all.size() > kTopFiguresMax) {
        all.resize(kTopFiguresMax);
    }
}

}  // namespace

void add_counts(const SiteHandler& handler, Figures& figures) {
    handler.tally().for_each([&](const std::string& zone, std::size_t type, std::size_t transport,
                                 std::size_t kind, std::uint64_t count) {
        figures.queries[{zone, type, transport, kind}] += count;
    });
    handler.tally().listings().add_to(figures.listed);
    figures.limited_dropped += handler.limit_counters().dropped;
    figures.limited_in_brief += handler.limit_counters().in_brief;
}

void add_partners(const partner::UseCounters& counters, Figures& figures) {
    PartnerFigures rest{std::string{}, std::string{metrics::NameRows::kRest}, 0, 0};
    for (const auto& [name, uses] : counters.all()) {
        const bool has_room = figures.partners.size() < kPartnerFiguresMax;
        PartnerFigures& to =
            has_room ? figures.partners.emplace_back(PartnerFigures{name.first, name.second, 0, 0})
                     : rest;
        to.answered += uses->answered;
        to.refused += uses->refused;
    }
    if (rest.answered + rest.refused > 0) {
        figures.partners.push_back(std::move(rest));
    }
}

TopGathering::TopGathering(const config::LogSettings& log, UnixTime at)
    : shows_clients_(log.queries_client != "none"),
      shows_networks_(log.queries_client == "network"),
      at_(at),
      since_(at.seconds) {}

std::string TopGathering::client_name(const net::Address& address) const {
    if (!shows_networks_) {
        return net::to_string(address);
    }
    if (const auto* ipv4 = std::get_if<net::Ipv4>(&address)) {
        return net::to_string(net::prefix(*ipv4, kShownIpv4Bits).first) + "/24";
    }
    return net::to_string(net::prefix(std::get<net::Ipv6>(address), kShownIpv6Bits).first) + "/56";
}

void TopGathering::add(const SiteHandler& handler) {
    if (handler.top() == nullptr) {
        return;
    }
    const TopTally::Counts counts = handler.top()->counts(at_);
    since_ = std::min(since_, counts.since);
    for (const auto& [address, count] : counts.clients) {
        if (shows_clients_) {
            clients_[client_name(address)] += count;
        }
    }
    for (const auto& [key, value] : counts.subjects) {
        auto& [count, is_listed] = subjects_[{key.second, handler.tally().zone(key.first)}];
        count += value.first;
        is_listed = is_listed || value.second;
    }
}

void TopGathering::put_into(Figures& figures) const {
    for (const auto& [name, count] : clients_) {
        figures.top_clients.push_back({name, "", count, false});
    }
    for (const auto& [key, value] : subjects_) {
        figures.top_subjects.push_back({key.first, key.second, value.first, value.second});
    }
    keep_most(figures.top_clients);
    keep_most(figures.top_subjects);
    figures.top_seconds = std::max<std::int64_t>(1, at_.seconds - since_);
}

}  // namespace ostrakon::server
