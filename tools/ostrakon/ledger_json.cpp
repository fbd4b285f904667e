// The JSON documents of complaints and requests. Keys are added, never renamed and never removed.
#include "json.hpp"

#include <nlohmann/json.hpp>

namespace ostrakon::tool {
namespace {

using LedgerJson = nlohmann::ordered_json;

std::string spelled(const LedgerJson& json, int indent) {
    return json.dump(indent, ' ', false, LedgerJson::error_handler_t::replace);
}
std::string whole(const LedgerJson& json) {
    constexpr int kLedgerIndent = 2;
    return spelled(json, kLedgerIndent) + "\n";
}

LedgerJson maybe_time(const std::optional<UnixTime>& time) {
    return time ? LedgerJson(to_string(*time)) : LedgerJson(nullptr);
}
LedgerJson maybe_text(const std::string& text) {
    return text.empty() ? LedgerJson(nullptr) : LedgerJson(text);
}
LedgerJson maybe_change(const std::optional<store::ChangeId>& change) {
    return change ? LedgerJson(*change) : LedgerJson(nullptr);
}

LedgerJson request_object(const policy::Request& request) {
    return {{"id", request.id},
            {"kind", kind_name(request.kind)},
            {"subject", request.subject},
            {"state", state_name(request.state)},
            {"received", to_string(request.received)},
            {"contact", request.contact},
            {"by", request.by},
            {"decided", maybe_time(request.decided)},
            {"decided_by", maybe_text(request.decided_by)},
            {"decision", maybe_text(request.decision)}};
}

LedgerJson complaint_object(const policy::Complaint& complaint) {
    return {{"id", complaint.id},
            {"subject", complaint.subject},
            {"domain", maybe_text(complaint.domain)},
            {"kind", maybe_text(complaint.kind)},
            {"state", state_name(complaint.state)},
            {"reporter", maybe_text(complaint.reporter)},
            {"received", to_string(complaint.received)},
            {"arrived", maybe_time(complaint.arrived)},
            {"by", complaint.by},
            {"judged", maybe_time(complaint.judged)},
            {"judged_by", maybe_text(complaint.judged_by)},
            {"judgement", maybe_text(complaint.judgement)},
            {"message_size", complaint.message_size}};
}

std::string one_a_line(const std::vector<LedgerJson>& elements) {
    std::string text = "[";
    for (const LedgerJson& element : elements) {
        text += (text.size() == 1 ? "\n" : ",\n") + spelled(element, -1);
    }
    return text + (elements.empty() ? "]\n" : "\n]\n");
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
    std::vector<LedgerJson> elements;
    elements.reserve(requests.size());
    for (const policy::Request& request : requests) {
        elements.push_back(request_object(request));
    }
    return one_a_line(elements);
}

std::string request_json(const policy::Request& request,
                         const std::optional<store::ChangeId>& change) {
    LedgerJson json = request_object(request);
    json["evidence"] = request.evidence;
    json["change"] = change                ? LedgerJson(*change)
                     : request.change != 0 ? LedgerJson(request.change)
                                           : LedgerJson(nullptr);
    return whole(json);
}

std::string complaints_json(const std::vector<policy::ComplaintRow>& rows) {
    std::vector<LedgerJson> elements;
    elements.reserve(rows.size());
    for (const policy::ComplaintRow& row : rows) {
        LedgerJson json = complaint_object(row.complaint);
        json["complaints_of_subject"] = row.of_subject;
        json["valid_of_subject"] = row.valid_of_subject;
        elements.push_back(std::move(json));
    }
    return one_a_line(elements);
}

std::string complaint_json(const policy::Complaint& complaint) {
    return whole(complaint_object(complaint));
}

std::string taken_complaint_json(const policy::TakenComplaint& taken) {
    LedgerJson json = complaint_object(taken.complaint);
    json["change"] = maybe_change(taken.report.change);
    json["changed"] = taken.report.changed;
    json["banned"] = LedgerJson::array();
    for (const store::Listing& listing : taken.report.listings) {
        json["banned"].push_back(listing.subject);
    }
    return whole(json);
}

std::string judged_json(const std::optional<store::ChangeId>& change) {
    return whole({{"change", maybe_change(change)}, {"changed", change.has_value()}});
}

}  // namespace ostrakon::tool
