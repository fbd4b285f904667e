// The operator's page for scripts.
#include "ostrakon/json/document.hpp"
#include "status_page.hpp"

namespace ostrakon::web {
namespace {

using json::Json;
using json::time_or_null;

Json rates_json(const figures::ServerRates& rates) {
    return {{"seconds", rates.seconds},
            {"queries", rates.queries},
            {"tcp", rates.tcp},
            {"limited", rates.limited},
            {"lost", rates.lost},
            {"outcomes", rates.outcomes},
            {"half_within_microseconds", rates.half_us},
            {"most_within_microseconds", rates.most_us},
            {"zones", figures::zones_json(rates)}};
}

Json server_json(const Standing& server) {
    if (!server.figures) {
        return {{"answers", false}, {"error", message(server.error)}};
    }
    const figures::ServerFigures& figures = *server.figures;
    return {{"answers", true},
            {"version", figures.version},
            {"started", to_string(figures.started)},
            {"uptime_seconds", figures.uptime_seconds},
            {"configuration_current", figures.is_configuration_current},
            {"database_readable", figures.has_database},
            {"outcomes_total", figures::outcomes_of(figures)},
            {"rates", server.rates ? rates_json(*server.rates) : Json(nullptr)}};
}

Json database_json(const StatusReport& report) {
    if (!report.database) {
        return {{"readable", false}, {"error", report.database_error}};
    }
    const DatabaseReport& database = *report.database;
    return {{"readable", true},
            {"serial", database.serial},
            {"changed", time_or_null(database.changed)},
            {"used_bytes", database.used_bytes},
            {"size_bytes", database.size_bytes},
            {"disk_free_bytes", database.disk_free_bytes},
            {"disk_read_only", database.is_disk_read_only}};
}

Json warnings_json(const StatusReport& report) {
    Json all = Json::array();
    for (const Warning& warning : report.warnings) {
        all.push_back({{"kind", warning.kind},
                       {"grave", warning.is_grave},
                       {"about", warning.about},
                       {"detail", warning.detail}});
    }
    return all;
}

Json feeds_json(const StatusReport& report) {
    Json all = Json::array();
    for (const FeedReport& feed : report.feeds) {
        all.push_back({{"name", feed.row.name},
                       {"state", feed.row.state},
                       {"overdue", feed.is_overdue},
                       {"entries", feed.row.entries},
                       {"class", json::text_or_null(feed.row.listing_class)},
                       {"zones", feed.zones},
                       {"last_success", time_or_null(feed.row.last_success)},
                       {"next", time_or_null(feed.row.next)},
                       {"message", feed.row.message}});
    }
    return all;
}

Json requests_json(const std::vector<RequestReport>& reports) {
    Json all = Json::array();
    for (const RequestReport& report : reports) {
        const policy::Request& request = report.request;
        Json known = Json::array();
        for (const KnownListing& each : report.known) {
            known.push_back({{"source", each.source},
                             {"class", each.listing_class},
                             {"subject", each.subject},
                             {"reason", each.reason},
                             {"since", time_or_null(each.since)}});
        }
        all.push_back({{"id", request.id == 0 ? Json(nullptr) : Json(request.id)},
                       {"reference", json::text_or_null(request.reference)},
                       {"kind", request.kind == policy::RequestKind::Removal ? "removal" : "allow"},
                       {"subject", request.subject},
                       {"contact", request.contact},
                       {"received", to_string(request.received)},
                       {"listed_by", std::move(known)}});
    }
    return all;
}

Json rates_of(const Course& course, const hits::Bucket& bucket, const Course::Names& names) {
    Json rates = Json::object();
    for (std::size_t i = 0; i < names.names.size(); ++i) {
        rates[names.names[i]] = course.rate(bucket, names, i);
    }
    return rates;
}

Json course_json(const Course& course, const Range& range) {
    Json buckets = Json::array();
    for (const hits::Bucket& bucket : course.buckets) {
        Json each{{"begin", to_string(bucket.begin)}, {"seconds", bucket.seconds}};
        if (bucket.seconds > 0) {
            each["queries"] = course.queries(bucket);
            each["outcomes"] = rates_of(course, bucket, course.outcomes);
            each["classes"] = rates_of(course, bucket, course.classes);
            each["zones"] = rates_of(course, bucket, course.zones);
            each["transports"] = rates_of(course, bucket, course.transports);
        }
        buckets.push_back(std::move(each));
    }
    return {{"range", range.name},
            {"bucket_seconds", range.bucket_seconds},
            {"buckets", std::move(buckets)}};
}

}  // namespace

http::Response status_json(const Visit& visit) {
    const auto report = status_report(visit);
    const Watch& watch = *visit.site.options.watch;
    const Range& range = *wish_of(visit).range;
    const Json all{{"at", to_string(report->at)},
                   {"well", report->warnings.empty()},
                   {"warnings", warnings_json(*report)},
                   {"server", server_json(*report->server)},
                   {"database", database_json(*report)},
                   {"feeds", feeds_json(*report)},
                   {"requests",
                    {{"open", report->open_count},
                     {"filed", report->filed_count},
                     {"oldest_open", requests_json(report->open)},
                     {"oldest_filed", requests_json(report->filed)}}},
                   {"history_since", time_or_null(watch.since())},
                   {"history", course_json(course_of(watch, range, report->at), range)}};
    return {.content_type = "application/json",
            .body = json::document(all),
            .headers = {{"Cache-Control", "no-store"}}};
}

}  // namespace ostrakon::web
