// Requests that wait, on the operator's page. What is in them strangers have written.
#include "match_card.hpp"
#include "number_text.hpp"
#include "status_page.hpp"

#include <fmt/format.h>

namespace ostrakon::web {
namespace {

constexpr std::size_t kEvidenceShownMax = 4000;

Markup kind_of(const Visit& visit, const policy::Request& request) {
    return visit.say(
        request.kind == policy::RequestKind::Removal ? "waiting.removal" : "waiting.allow",
        {{"subject", element("code", text(request.subject))}});
}

// "ip, own: spam seen today (192.0.2.0/24, since …)"
Markup known_of(const Visit& visit, const KnownListing& known) {
    Markup said = element("code", text(known.subject)) +
                  text(fmt::format(" \u00B7 {} \u00B7 {}", known.listing_class, known.source));
    if (known.since) {
        said += text(" \u00B7 ") + ago(visit, *known.since);
    }
    if (known.strikes > 1) {
        said += text(" \u00B7 ") +
                visit.say("waiting.strikes", {{"count", text(std::to_string(known.strikes))}});
    }
    if (!known.reason.empty()) {
        said += void_element("br", {}) + text(known.reason);
    }
    if (known.earliest_lift && *known.earliest_lift > visit.now) {
        said += void_element("br", {}) +
                visit.say("waiting.not_before", {{"time", time_of(*known.earliest_lift)}});
    }
    return paragraph(said);
}

Markup all_known(const Visit& visit, const RequestReport& report) {
    if (!report.is_known) {
        return visit.say("waiting.not_looked_up");
    }
    Markup said;
    for (const KnownListing& known : report.known) {
        said += known_of(visit, known);
    }
    return said.empty() ? visit.say("waiting.not_listed") : said;
}

Markup evidence_of(const Visit& visit, const policy::Request& request) {
    if (request.evidence.empty()) {
        return {};
    }
    std::string shown = request.evidence.substr(0, kEvidenceShownMax);
    if (shown.size() < request.evidence.size()) {
        shown += " …";
    }
    return element("details", element("summary", visit.say("waiting.evidence")) +
                                  element("pre", {{"tabindex", "0"}}, text(shown)));
}

// Commands have nothing in them that a stranger has chosen: numbers alone.
Markup commands_for(const policy::Request& request) {
    Markup lines;
    for (const char* verb : {"accept", "decline"}) {
        lines += element("pre", {{"class", "command"}, {"tabindex", "0"}},
                         element("code", text(fmt::format("ostrakon request {} {} --reason \"…\"",
                                                          verb, request.id))));
    }
    return lines;
}

Markup card_of(const Visit& visit, const RequestReport& report) {
    const policy::Request& request = report.request;
    const bool is_filed = request.id == 0;
    const Markup title = kind_of(visit, request);
    Markup rows = definition(
        visit, is_filed ? "waiting.reference" : "waiting.number",
        element("code", text(is_filed ? request.reference : std::to_string(request.id))));
    rows += definition(visit, "waiting.received", ago(visit, request.received)) +
            definition(visit, "waiting.contact", text(request.contact)) +
            definition(visit, "waiting.known", all_known(visit, report));
    return element("article", {{"class", "card"}},
                   element("h3", title) + element("dl", rows) + evidence_of(visit, request) +
                       (is_filed ? Markup{} : commands_for(request)));
}

Markup cards_of(const Visit& visit, const std::vector<RequestReport>& reports,
                std::uint64_t count) {
    Markup cards;
    for (const RequestReport& report : reports) {
        cards += card_of(visit, report);
    }
    if (count > reports.size()) {
        cards += paragraph(
            visit.say("operator.more", {{"count", text(count_text(count - reports.size()))}}));
    }
    return cards;
}

}  // namespace

Markup requests_section(const Visit& visit, const StatusReport& report) {
    Markup content;
    if (!report.filed.empty() || report.filed_count > 0) {
        content +=
            element("h3",
                    visit.say("waiting.filed", {{"count", text(count_text(report.filed_count))}})) +
            paragraph(visit.say("waiting.take_in",
                                {{"command", element("code", text("ostrakon request list"))}})) +
            cards_of(visit, report.filed, report.filed_count);
    }
    if (!report.database) {
        return section(visit, "requests", content + paragraph(visit.say("server.unreadable")));
    }
    if (report.open_count > 0) {
        content += element("h3", visit.say("waiting.open",
                                           {{"count", text(count_text(report.open_count))}})) +
                   cards_of(visit, report.open, report.open_count);
    }
    return section(visit, "requests",
                   content.empty() ? paragraph(visit.say("waiting.none")) : content);
}

}  // namespace ostrakon::web
