// The JSON document of a diagnosis. Keys are added, never renamed and never removed.
#include "json.hpp"

#include <nlohmann/json.hpp>

namespace ostrakon::tool {
namespace {

using DiagnosisJson = nlohmann::ordered_json;

DiagnosisJson word_or_null(const std::optional<std::string>& word) {
    return word ? DiagnosisJson(*word) : DiagnosisJson(nullptr);
}

DiagnosisJson check_object(const diagnose::Check& check) {
    const bool has_failed = check.finding == diagnose::Finding::Failed;
    return {{"check", check.name},
            {"result", diagnose::to_string(check.finding)},
            {"seen", check.seen},
            {"brief", has_failed ? DiagnosisJson(check.brief) : DiagnosisJson(nullptr)},
            {"remedy", has_failed ? DiagnosisJson(check.remedy) : DiagnosisJson(nullptr)}};
}

}  // namespace

std::string diagnosis_json(const diagnose::Diagnosis& diagnosis,
                           const std::optional<policy::ChangeReport>& listed) {
    DiagnosisJson checks = DiagnosisJson::array();
    for (const diagnose::Check& check : diagnosis.checks) {
        checks.push_back(check_object(check));
    }
    const DiagnosisJson document{
        {"address", net::to_string(diagnosis.server.address)},
        {"helo", word_or_null(diagnosis.server.helo)},
        {"from", word_or_null(diagnosis.server.sender)},
        {"resolver", diagnosis.resolver},
        {"at", to_string(diagnosis.at)},
        {"passed", diagnosis.count(diagnose::Finding::Passed)},
        {"failed", diagnosis.count(diagnose::Finding::Failed)},
        {"unknown", diagnosis.count(diagnose::Finding::Unknown)},
        {"checks", std::move(checks)},
        {"listed", listed ? DiagnosisJson::parse(change_json(*listed)) : DiagnosisJson(nullptr)}};
    constexpr int kDiagnosisIndent = 2;
    return document.dump(kDiagnosisIndent, ' ', false, DiagnosisJson::error_handler_t::replace) +
           "\n";
}

}  // namespace ostrakon::tool
