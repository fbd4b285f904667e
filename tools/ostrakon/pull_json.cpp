#include "pull_json.hpp"

#include "ostrakon/json/document.hpp"

namespace ostrakon::tool {

using namespace json;

namespace {

Json rejects_json(const std::vector<policy::ImportReject>& rejects) {
    Json array = Json::array();
    for (const policy::ImportReject& reject : rejects) {
        array.push_back({{"line", reject.line}, {"text", reject.text}, {"why", reject.why}});
    }
    return array;
}

Json version_json(const policy::PulledVersion& version) {
    return {{"number", version.number},    {"at", to_string(version.at)},
            {"sha256", version.digest},    {"format", version.format},
            {"bytes", version.size},       {"entries", version.entries},
            {"rejected", version.rejected}};
}

}  // namespace

std::string pull_json(const std::vector<pull::FeedReport>& reports) {
    std::vector<Json> elements;
    elements.reserve(reports.size());
    for (const pull::FeedReport& report : reports) {
        elements.push_back({{"name", report.name},
                            {"result", to_string(report.result)},
                            {"change", value_or_null(report.change)},
                            {"added", report.added},
                            {"removed", report.removed},
                            {"message", report.message},
                            {"changed", report.changed},
                            {"before", report.before},
                            {"after", report.after},
                            {"rejected", report.rejected},
                            {"rejects", rejects_json(report.rejects)},
                            {"notes", report.notes},
                            {"milliseconds", report.took.count()},
                            {"next", time_or_null(report.next)}});
    }
    return lines(elements);
}

std::string feeds_json(const std::vector<pull::FeedRow>& rows) {
    std::vector<Json> elements;
    for (const pull::FeedRow& row : rows) {
        Json versions = Json::array();
        for (const policy::PulledVersion& version : row.versions) {
            versions.push_back(version_json(version));
        }
        elements.push_back({{"name", row.name},
                            {"state", row.state},
                            {"entries", row.entries},
                            {"last_success", time_or_null(row.last_success)},
                            {"next", time_or_null(row.next)},
                            {"message", row.message},
                            {"last_try", time_or_null(row.last_try)},
                            {"format", text_or_null(row.format)},
                            {"url", text_or_null(row.url)},
                            {"map", row.is_map},
                            {"versions", std::move(versions)},
                            {"held", row.held ? version_json(row.held->version) : Json(nullptr)}});
    }
    return lines(elements);
}

}  // namespace ostrakon::tool
