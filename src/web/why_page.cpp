// What is listed, why, and what to do about it.
#include "match_card.hpp"
#include "ostrakon/lookup/explanation_json.hpp"
#include "pages.hpp"

#include <fmt/format.h>

namespace ostrakon::web {
namespace {

constexpr std::size_t kTagDigits = 16;

std::string entity_tag(std::string_view body) {
    const std::vector<std::uint8_t> bytes(body.begin(), body.end());
    constexpr dns::SipHashKey kNoSecret{};
    return fmt::format("\"{:0{}x}\"", dns::siphash24(kNoSecret, bytes), kTagDigits);
}

// RFC 9110 §13.1.2: a list of tags, weak ones count; "*" is any.
bool is_known_already(const http::Request& request, std::string_view tag) {
    const std::string known = request.header_list("If-None-Match");
    return known == "*" || known.find(tag) != std::string::npos;
}

Markup zones_of(const Visit& visit, const policy::Explanation& explanation) {
    Markup names;
    for (const policy::ExplainedZone& zone : explanation.zones) {
        if (zone.listed && !zone.is_allow_zone) {
            names += element("li", element("code", text(zone.zone)));
        }
    }
    return names.empty() ? Markup{} : element("h2", visit.say("why.zones")) + element("ul", names);
}

Markup not_blocked(const Visit& visit) {
    return paragraph(visit.say("why.not_blocked_text")) +
           paragraph(visit.say("why.not_blocked_mail"));
}

// What Markup cannot say of itself: is it shown that something answers that is no block?
bool is_allowed(const policy::Explanation& explanation) {
    for (const policy::ExplainedZone& zone : explanation.zones) {
        if (zone.listed && zone.is_allow_zone) {
            return true;
        }
    }
    return false;
}

Markup answer_to(const Visit& visit, const Finding& finding) {
    if (!finding.explanation.listed) {
        return (is_allowed(finding.explanation) ? paragraph(visit.say("why.allowed")) : Markup{}) +
               not_blocked(visit);
    }
    Markup cards;
    for (const policy::ExplainedMatch& match : finding.explanation.matches) {
        if (match.won && match.listing_class != "allow") {
            cards += match_card(visit, finding, match);
        }
    }
    const bool is_mail = std::holds_alternative<policy::MailSubject>(finding.query.subject);
    return cards + (is_mail ? Markup{} : paragraph(visit.say("why.not_yours"))) +
           zones_of(visit, finding.explanation) + paragraph(visit.say("why.caches"));
}

http::Response wrong_query(const Visit& visit, const std::string& query, const Error& error) {
    if (error.code != ErrorCode::Usage) {
        return problem(visit, 503, "unavailable");
    }
    return page(
        visit, 400, visit.say("wrong_query.title"),
        element("h1", visit.say("wrong_query.title")) +
            paragraph(visit.say("wrong_query.text", {{"query", element("strong", text(query))}})) +
            search_form(visit, query));
}

}  // namespace

http::Response why_page(const Visit& visit, const std::string& query) {
    if (!visit.site.lookups.take(visit.client, visit.now)) {
        return too_often(visit, visit.site.lookups);
    }
    const auto finding = find_out(visit, query);
    if (!finding) {
        return wrong_query(visit, query, finding.error());
    }
    const bool is_listed = finding->explanation.listed;
    const Markup title = visit.say(is_listed ? "why.blocked" : "why.not_blocked",
                                   {{"subject", text(finding->query.text)}});
    const Markup verdict = element("p", {{"class", is_listed ? "verdict bad" : "verdict good"}},
                                   visit.say(is_listed ? "why.verdict_bad" : "why.verdict_good"));
    return page(visit, 200, title,
                element("h1", title) + verdict + answer_to(visit, *finding) +
                    element("h2", visit.say("search.again")) + search_form(visit, ""));
}

http::Response api_why(const Visit& visit, const std::string& query) {
    const auto told = [](int status, std::string_view what) {
        return http::Response{.status = status,
                              .content_type = "application/json",
                              .body = fmt::format("{{\"error\": \"{}\"}}\n", what)};
    };
    if (!visit.site.lookups.take(visit.client, visit.now)) {
        auto response = told(429, "too many questions from this network");
        response.headers.emplace_back("Retry-After",
                                      std::to_string(visit.site.lookups.wait_seconds()));
        return response;
    }
    auto finding = find_out(visit, query);
    if (!finding) {
        return finding.error().code == ErrorCode::Usage
                   ? told(400, "this is no address, name, mail address or query name")
                   : told(503, "the database cannot be read now");
    }
    hide_addresses(visit, *finding);
    http::Response response{
        .content_type = "application/json",
        .body = lookup::explanation_json(finding->query.text, finding->explanation)};
    const std::string tag = entity_tag(response.body);
    response.headers = {{"ETag", tag}, {"Cache-Control", "no-cache"}};
    if (is_known_already(visit.request, tag)) {
        response.status = 304;
        response.body.clear();
    }
    return response;
}

}  // namespace ostrakon::web
