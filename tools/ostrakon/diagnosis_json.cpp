// The JSON document of a diagnosis. Keys are added, never renamed and never removed.
#include "json.hpp"

#include "ostrakon/json/document.hpp"

namespace ostrakon::tool {

using namespace json;

namespace {

Json check_object(const diagnose::Check& check) {
    const bool has_failed = check.finding == diagnose::Finding::Failed;
    return {{"check", check.name},
            {"result", diagnose::to_string(check.finding)},
            {"seen", check.seen},
            {"brief", has_failed ? Json(check.brief) : Json(nullptr)},
            {"remedy", has_failed ? Json(check.remedy) : Json(nullptr)}};
}

}  // namespace

std::string diagnosis_json(const diagnose::Diagnosis& diagnosis,
                           const std::optional<policy::ChangeReport>& listed) {
    Json checks = Json::array();
    for (const diagnose::Check& check : diagnosis.checks) {
        checks.push_back(check_object(check));
    }
    return document({{"address", net::to_string(diagnosis.server.address)},
                     {"helo", value_or_null(diagnosis.server.helo)},
                     {"from", value_or_null(diagnosis.server.sender)},
                     {"resolver", diagnosis.resolver},
                     {"at", to_string(diagnosis.at)},
                     {"passed", diagnosis.count(diagnose::Finding::Passed)},
                     {"failed", diagnosis.count(diagnose::Finding::Failed)},
                     {"unknown", diagnosis.count(diagnose::Finding::Unknown)},
                     {"checks", std::move(checks)},
                     {"listed", listed ? Json::parse(change_json(*listed)) : Json(nullptr)}});
}

}  // namespace ostrakon::tool
