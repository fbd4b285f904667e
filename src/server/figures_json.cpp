#include "ostrakon/server/figures_json.hpp"

#include "ostrakon/server/query_tally.hpp"

#include <nlohmann/json.hpp>

namespace ostrakon::server {
namespace {

using Json = nlohmann::ordered_json;

Json time_json(const std::optional<UnixTime>& time) {
    return time ? Json(to_string(*time)) : Json(nullptr);
}

Json queries_json(const Figures& figures) {
    Json queries = Json::array();
    for (const auto& [key, count] : figures.queries) {
        const auto& [zone, type, transport, kind] = key;
        queries.push_back({{"zone", zone},
                           {"type", kCountedTypes[type]},
                           {"transport", kTransports[transport]},
                           {"outcome", responder::kAnswerKindNames[kind]},
                           {"count", count}});
    }
    return queries;
}

Json listed_json(const Figures& figures) {
    Json listed = Json::array();
    for (const auto& [key, count] : figures.listed) {
        listed.push_back({{"source", key.first}, {"class", key.second}, {"count", count}});
    }
    return listed;
}

// Microseconds, or queries, by bounds 1, 2, 4, …; the last count is of what is beyond them.
Json histogram_json(const HistogramFigures& histogram) {
    return {{"counts", histogram.counts}, {"sum", histogram.sum}};
}

Json udp_json(const UdpFigures& udp) {
    return {{"received", udp.received},
            {"sent", udp.sent},
            {"unanswerable", udp.unanswerable},
            {"send_failed", udp.send_failed},
            {"send_dropped", udp.send_dropped},
            {"receive_overflows", udp.overflows},
            {"answer_microseconds", histogram_json(udp.microseconds)},
            {"batch_queries", histogram_json(udp.batch_sizes)}};
}

Json tcp_json(const TcpFigures& tcp) {
    return {{"open", tcp.open},
            {"open_max", tcp.open_max},
            {"accepted", tcp.connections.admitted},
            {"refused_full", tcp.connections.refused_full},
            {"refused_client", tcp.connections.refused_client},
            {"displaced", tcp.connections.displaced},
            {"idle", tcp.connections.timed_out}};
}

Json transfers_json(const TransferFigures& transfers) {
    return {{"axfr_sent", transfers.axfr.sent},
            {"axfr_unfinished", transfers.axfr.unfinished},
            {"ixfr_sent", transfers.ixfr.sent},
            {"ixfr_unfinished", transfers.ixfr.unfinished},
            {"servfail", transfers.refused},
            {"bytes", transfers.bytes},
            {"notifies_sent", transfers.notifies.sent},
            {"notifies_confirmed", transfers.notifies.confirmed},
            {"notifies_refused", transfers.notifies.refused},
            {"notifies_given_up", transfers.notifies.given_up}};
}

Json partners_json(const std::vector<PartnerFigures>& partners) {
    Json all = Json::array();
    for (const PartnerFigures& each : partners) {
        all.push_back({{"zone", each.zone},
                       {"partner", each.partner},
                       {"answered", each.answered},
                       {"refused", each.refused}});
    }
    return all;
}

Json database_json(const std::optional<DatabaseFigures>& database) {
    if (!database) {
        return nullptr;
    }
    return {{"size_bytes", database->size_bytes},
            {"used_bytes", database->used_bytes},
            {"disk_free_bytes", database->disk_free_bytes},
            {"readers", database->readers},
            {"oldest_reader_changes", database->oldest_reader_changes},
            {"serial", database->serial}};
}

Json feeds_json(const std::optional<DatabaseFigures>& database) {
    Json feeds = Json::array();
    for (const FeedFigures& feed : database ? database->feeds : std::vector<FeedFigures>{}) {
        feeds.push_back({{"name", feed.name},
                         {"state", kFeedStateNames[static_cast<std::size_t>(feed.state)]},
                         {"entries", feed.entries},
                         {"last_success", time_json(feed.last_success)},
                         {"max_age_seconds", feed.max_age_s ? Json(*feed.max_age_s) : Json()}});
    }
    return feeds;
}

Json top_json(const std::vector<TopFigure>& top, bool are_subjects) {
    Json all = Json::array();
    for (const TopFigure& each : top) {
        Json one{{are_subjects ? "subject" : "client", each.what}, {"queries", each.queries}};
        if (are_subjects) {
            one["zone"] = each.zone;
            one["listed"] = each.is_listed;
        }
        all.push_back(std::move(one));
    }
    return all;
}

}  // namespace

std::string figures_json(const Figures& figures, std::string_view version) {
    const Json all{
        {"at", to_string(figures.at)},
        {"started", to_string(figures.started)},
        {"uptime_seconds", figures.uptime_seconds},
        {"version", version},
        {"workers", figures.workers},
        {"zones", figures.zones},
        {"configuration_current", figures.is_configuration_current},
        {"queries", queries_json(figures)},
        {"listed", listed_json(figures)},
        {"limited", {{"dropped", figures.limited_dropped}, {"in_brief", figures.limited_in_brief}}},
        {"udp", udp_json(figures.udp)},
        {"tcp", tcp_json(figures.tcp)},
        {"transfers", transfers_json(figures.transfers)},
        {"partners", partners_json(figures.partners)},
        {"database", database_json(figures.database)},
        {"feeds", feeds_json(figures.database)},
        {"process",
         {{"cpu_seconds", figures.process.cpu_seconds},
          {"resident_bytes", figures.process.resident_bytes},
          {"open_descriptors", figures.process.open_descriptors}}},
        {"top",
         {{"seconds", figures.top_seconds},
          {"subjects", top_json(figures.top_subjects, true)},
          {"clients", top_json(figures.top_clients, false)}}}};
    // Nothing that was asked can make the text invalid.
    return all.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ostrakon::server
