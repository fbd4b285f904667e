// The JSON documents of complaints and requests. Keys are added, never renamed and never removed.
#include "json.hpp"

#include "ostrakon/json/document.hpp"

namespace ostrakon::tool {

using namespace json;

namespace {

Json request_object(const policy::Request& request) {
    return {{"id", request.id},
            {"kind", kind_name(request.kind)},
            {"subject", request.subject},
            {"state", state_name(request.state)},
            {"received", to_string(request.received)},
            {"contact", request.contact},
            {"by", request.by},
            {"decided", time_or_null(request.decided)},
            {"decided_by", text_or_null(request.decided_by)},
            {"decision", text_or_null(request.decision)}};
}

Json complaint_object(const policy::Complaint& complaint) {
    return {{"id", complaint.id},
            {"subject", complaint.subject},
            {"domain", text_or_null(complaint.domain)},
            {"kind", text_or_null(complaint.kind)},
            {"state", state_name(complaint.state)},
            {"reporter", text_or_null(complaint.reporter)},
            {"received", to_string(complaint.received)},
            {"arrived", time_or_null(complaint.arrived)},
            {"by", complaint.by},
            {"judged", time_or_null(complaint.judged)},
            {"judged_by", text_or_null(complaint.judged_by)},
            {"judgement", text_or_null(complaint.judgement)},
            {"message_size", complaint.message_size}};
}

}  // namespace

std::string_view kind_name(policy::RequestKind kind) {
    return kind == policy::RequestKind::Allow ? "allow" : "removal";
}
std::string_view state_name(policy::RequestState state) {
    switch (state) {
        case policy::RequestState::Open:
            return "open";
        case policy::RequestState::Accepted:
            return "accepted";
        case policy::RequestState::Declined:
            break;
    }
    return "declined";
}
std::string_view state_name(policy::ComplaintState state) {
    switch (state) {
        case policy::ComplaintState::Open:
            return "open";
        case policy::ComplaintState::Valid:
            return "valid";
        case policy::ComplaintState::Invalid:
            break;
    }
    return "invalid";
}

std::string requests_json(const std::vector<policy::Request>& requests) {
    std::vector<Json> elements;
    elements.reserve(requests.size());
    for (const policy::Request& request : requests) {
        elements.push_back(request_object(request));
    }
    return lines(elements);
}

std::string request_json(const policy::Request& request,
                         const std::optional<store::ChangeId>& change) {
    Json json = request_object(request);
    json["evidence"] = request.evidence;
    json["change"] = change                ? Json(*change)
                     : request.change != 0 ? Json(request.change)
                                           : Json(nullptr);
    return document(json);
}

std::string complaints_json(const std::vector<policy::ComplaintRow>& rows) {
    std::vector<Json> elements;
    elements.reserve(rows.size());
    for (const policy::ComplaintRow& row : rows) {
        Json json = complaint_object(row.complaint);
        json["complaints_of_subject"] = row.of_subject;
        json["valid_of_subject"] = row.valid_of_subject;
        elements.push_back(std::move(json));
    }
    return lines(elements);
}

std::string complaint_json(const policy::Complaint& complaint) {
    return document(complaint_object(complaint));
}

std::string taken_complaint_json(const policy::TakenComplaint& taken) {
    Json json = complaint_object(taken.complaint);
    json["change"] = value_or_null(taken.report.change);
    json["changed"] = taken.report.changed;
    json["banned"] = Json::array();
    for (const store::Listing& listing : taken.report.listings) {
        json["banned"].push_back(listing.subject);
    }
    return document(json);
}

std::string judged_json(const std::optional<store::ChangeId>& change) {
    return document({{"change", value_or_null(change)}, {"changed", change.has_value()}});
}

}  // namespace ostrakon::tool
