// What is answered on the operator's own socket. No visitor comes here: site.cpp knows nothing of
// these paths.
#include "ostrakon/metrics/prometheus_text.hpp"
#include "pages.hpp"
#include "status_page.hpp"

namespace ostrakon::web {
namespace {

http::Response plain(int status, std::string text) {
    return {.status = status, .body = std::move(text)};
}

http::Response map_picture(const Visit& visit) {
    const auto report = status_report(visit);
    const auto picture =
        report->database ? visit.site.map.get(report->database->serial, report->at) : nullptr;
    if (picture == nullptr || picture->png.empty()) {
        auto response = plain(503, "There is no map yet. Please try again in a moment.\n");
        response.headers.emplace_back("Retry-After", "5");
        return response;
    }
    return {.content_type = "image/png",
            .body = picture->png,
            .headers = {{"Cache-Control", "private, max-age=60"}}};
}

http::Response answer_operator_visit(const Visit& visit) {
    if (visit.request.method != http::Method::Get) {
        auto response = plain(405, "This page can be read, but not written to.\n");
        response.headers.emplace_back("Allow", "GET, HEAD");
        return response;
    }
    if (visit.path == "/") {
        return {.status = 303, .body = "", .headers = {{"Location", "status"}}};
    }
    if (visit.path == "/status") {
        return status_page(visit);
    }
    if (visit.path == "/status.json") {
        return status_json(visit);
    }
    if (visit.path == "/status/style.css") {
        return {.content_type = "text/css; charset=utf-8",
                .body = visit.site.options.style + visit.site.options.status_style,
                .headers = {{"Cache-Control", "private, max-age=3600"}}};
    }
    if (visit.path == "/status/icon.svg") {
        return {.content_type = "image/svg+xml",
                .body = visit.site.options.icon,
                .headers = {{"Cache-Control", "private, max-age=3600"}}};
    }
    if (visit.path == "/status/map.png") {
        return map_picture(visit);
    }
    if (visit.path == "/metrics" && visit.site.options.metrics) {
        return {.content_type = std::string(metrics::kPrometheusType),
                .body = visit.site.options.metrics()};
    }
    return plain(404, "There is /status and /status.json.\n");
}

}  // namespace

http::Response Site::answer_operator(const http::Request& request) const {
    const Visit visit{*state_,
                      request,
                      language_of(request, state_->options.languages),
                      request.client,
                      without_prefix(request.path, state_->prefix),
                      state_->options.now()};
    http::Response response = answer_operator_visit(visit);
    protect(response);
    return response;
}

}  // namespace ostrakon::web
