// The way to ask for an end of a ban, or for an exception: a form, what it files, and what became
// of it.
#include "match_card.hpp"
#include "ostrakon/base/printable.hpp"
#include "ostrakon/policy/inspect.hpp"
#include "ostrakon/policy/request_box.hpp"
#include "pages.hpp"
#include "trimmed.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <vector>

namespace ostrakon::web {
namespace {

constexpr std::string_view kCookie = "ostrakon";
constexpr std::size_t kSubjectSizeMax = 320;

/// What was filled in, or is proposed.
struct Filled {
    std::string kind = "removal";
    std::string subject, contact, done, bounce;
};

std::string session_of(const http::Request& request) {
    const std::string_view cookies = request.header("Cookie");
    const std::string start = std::string(kCookie) + "=";
    for (std::size_t at = 0; at < cookies.size();) {
        const std::size_t end = std::min(cookies.find(';', at), cookies.size());
        std::string_view cookie = cookies.substr(at, end - at);
        while (cookie.starts_with(' ')) {
            cookie.remove_prefix(1);
        }
        if (cookie.starts_with(start)) {
            return std::string(cookie.substr(start.size()));
        }
        at = end + 1;
    }
    return {};
}

// The field that a mistake is about; empty where it is none of those that are seen.
std::string_view field_of_mistake(std::string_view mistake) {
    if (mistake == "contact") {
        return "contact";
    }
    if (mistake == "evidence" || mistake == "too_long") {
        return "done";
    }
    if (mistake == "token" || mistake == "trap") {
        return {};
    }
    return mistake == "wider" ? "kind-allow" : "subject";
}

Markup field(const Visit& visit, std::string_view name, const Markup& input) {
    const std::string key = "request." + std::string(name);
    return element("div", {{"class", "field"}},
                   element("label", {{"for", name}}, visit.say(key)) + input +
                       element("p", {{"class", "hint"}, {"id", std::string(name) + "-hint"}},
                               visit.say(key + "_hint")));
}

Markup line_field(const Visit& visit, std::string_view name, std::string_view value) {
    return field(visit, name,
                 void_element("input", {{"id", name},
                                        {"name", name},
                                        {"type", "text"},
                                        {"maxlength", "320"},
                                        {"required", "required"},
                                        {"autocapitalize", "none"},
                                        {"autocomplete", name == "contact" ? "email" : "off"},
                                        {"spellcheck", "false"},
                                        {"aria-describedby", std::string(name) + "-hint"},
                                        {"value", value}}));
}

Markup text_field(const Visit& visit, std::string_view name, std::string_view value) {
    return field(visit, name,
                 element("textarea",
                         {{"id", name},
                          {"name", name},
                          {"rows", "8"},
                          {"aria-describedby", std::string(name) + "-hint"}},
                         // The first line end is the parser's (HTML §13.1.2.5).
                         text("\n") + text(value)));
}

Markup kind_choice(const Visit& visit, const Filled& filled) {
    const auto choice = [&](std::string_view kind) {
        const std::string id = "kind-" + std::string(kind);
        const Markup button =
            filled.kind == kind
                ? void_element("input", {{"type", "radio"},
                                         {"id", id},
                                         {"name", "kind"},
                                         {"value", kind},
                                         {"checked", "checked"}})
                : void_element("input",
                               {{"type", "radio"}, {"id", id}, {"name", "kind"}, {"value", kind}});
        return element("div", button + element("label", {{"for", id}},
                                               visit.say("request.kind_" + std::string(kind))));
    };
    return element("fieldset", element("legend", visit.say("request.kind")) + choice("removal") +
                                   choice("allow"));
}

// People leave it empty; what fills in every field does not.
Markup trap(const Visit& visit) {
    return element("div", {{"class", "trap"}},
                   element("label", {{"for", "website"}}, visit.say("request.trap")) +
                       void_element("input", {{"id", "website"},
                                              {"name", "website"},
                                              {"type", "text"},
                                              {"tabindex", "-1"},
                                              {"autocomplete", "off"}}));
}

Markup mistakes_list(const Visit& visit, const std::vector<std::string>& mistakes) {
    if (mistakes.empty()) {
        return {};
    }
    Markup items;
    for (const std::string& key : mistakes) {
        const Markup said = visit.say("request_mistake." + key);
        const std::string_view about = field_of_mistake(key);
        items += element(
            "li", about.empty() ? said : element("a", {{"href", "#" + std::string(about)}}, said));
    }
    return element("div", {{"class", "mistakes"}, {"role", "alert"}},
                   paragraph(visit.say("request.mistakes")) + element("ul", items));
}

// For who has a reference and not the address of its page.
Markup reference_form(const Visit& visit) {
    const Markup input = void_element("input", {{"id", "reference"},
                                                {"name", "reference"},
                                                {"type", "text"},
                                                {"maxlength", "40"},
                                                {"autocapitalize", "characters"},
                                                {"autocomplete", "off"},
                                                {"spellcheck", "false"},
                                                {"required", "required"},
                                                {"aria-describedby", "reference-hint"}});
    return element("h2", visit.say("request.again")) +
           element("form", {{"method", "get"}, {"action", visit.place("/request")}},
                   kept_in_form(visit) + field(visit, "reference", input) +
                       element("button", {{"type", "submit"}, {"class", "quiet"}},
                               visit.say("request.show")));
}

http::Response form_page(const Visit& visit, int status, const Filled& filled,
                         const std::vector<std::string>& mistakes) {
    std::string session = session_of(visit.request);
    const bool is_new = session.size() != FormTokens::make_session().size();
    if (is_new) {
        session = FormTokens::make_session();
    }
    const std::string token = visit.site.tokens.make(session, visit.now);
    const Markup fields =
        void_element("input", {{"type", "hidden"}, {"name", "token"}, {"value", token}}) +
        kind_choice(visit, filled) + line_field(visit, "subject", filled.subject) +
        line_field(visit, "contact", filled.contact) + text_field(visit, "done", filled.done) +
        text_field(visit, "bounce", filled.bounce) + trap(visit) +
        element("button", {{"type", "submit"}}, visit.say("request.send"));
    auto response =
        page(visit, status, visit.say("request.title"),
             element("h1", visit.say("request.title")) + mistakes_list(visit, mistakes) +
                 paragraph(visit.say("request.text")) +
                 element("form", {{"method", "post"}, {"action", visit.link("/request")}}, fields) +
                 reference_form(visit));
    if (is_new) {
        const bool is_secure = visit.site.options.settings.web.url.starts_with("https://");
        response.headers.emplace_back(
            "Set-Cookie", fmt::format("{}={}; HttpOnly; SameSite=Strict; Path={}{}", kCookie,
                                      session, visit.place("/"), is_secure ? "; Secure" : ""));
    }
    return response;
}

std::string trimmed_line(std::string_view value, std::size_t size_max) {
    return printable(trimmed(value).substr(0, size_max), size_max);
}

Filled filled_in(const http::Form& form) {
    Filled filled;
    filled.kind = form.get("kind") == "allow" ? "allow" : "removal";
    filled.subject = trimmed_line(form.get("subject"), kSubjectSizeMax);
    filled.contact = trimmed_line(form.get("contact"), policy::kContactSizeMax);
    filled.done = form.get("done");
    filled.bounce = form.get("bounce");
    return filled;
}

std::string evidence_of(const Filled& filled) {
    std::string evidence;
    if (!filled.done.empty()) {
        evidence += "What was done:\n" + filled.done + "\n\n";
    }
    if (!filled.bounce.empty()) {
        evidence += "The refused message:\n" + filled.bounce + "\n";
    }
    return evidence;
}

// Of what is no query, such as a prefix: whether an own ban is of just that.
Result<std::string> check_whole_subject(const Visit& visit, const Filled& filled) {
    const auto subject = policy::parse_subject(filled.subject);
    if (!subject) {
        return std::string{"subject"};
    }
    const auto listings = visit.site.database.with([&](store::Environment& environment) {
        return policy::listings_of(environment, *subject);
    });
    if (!listings) {
        return Unexpected{listings.error()};
    }
    const bool is_banned =
        std::any_of(listings->begin(), listings->end(), [&visit](const store::Listing& listing) {
            return listing.state == store::ListingState::Active && !listing.is_allow() &&
                   (!listing.until || *listing.until > visit.now);
        });
    return std::string{is_banned ? "" : "not_listed"};
}

// Empty where it may be asked for; else the phrase that says why not.
Result<std::string> check_listed(const Visit& visit, const Filled& filled) {
    const auto finding = find_out(visit, filled.subject);
    if (!finding) {
        return finding.error().code == ErrorCode::Usage ? check_whole_subject(visit, filled)
                                                        : Unexpected{finding.error()};
    }
    if (!finding->explanation.listed) {
        return std::string{"not_listed"};
    }
    if (filled.kind == "allow") {
        return std::string{};
    }
    bool has_own = false;
    for (const policy::ExplainedMatch& match : finding->explanation.matches) {
        if (match.won && match.source == "own") {
            has_own = true;
            if (is_of_just_this(*finding, match)) {
                return std::string{};
            }
        }
    }
    return std::string{has_own ? "wider" : "by_feed"};
}

std::vector<std::string> mistakes_in(const Visit& visit, const http::Form& form,
                                     const Filled& filled) {
    std::vector<std::string> mistakes;
    if (!visit.site.tokens.accepts(form.get("token"), session_of(visit.request), visit.now)) {
        mistakes.emplace_back("token");
    }
    if (!form.get("website").empty()) {
        mistakes.emplace_back("trap");
    }
    if (filled.contact.empty()) {
        mistakes.emplace_back("contact");
    }
    if (filled.done.empty() && filled.bounce.empty()) {
        mistakes.emplace_back("evidence");
    }
    if (evidence_of(filled).size() > policy::kRequestEvidenceSizeMax) {
        mistakes.emplace_back("too_long");
    }
    return mistakes;
}

std::string canonical(const std::string& subject) {
    const auto read = policy::parse_subject(subject);
    return read ? policy::to_string(*read) : subject;
}

http::Response filed(const Visit& visit, const Filled& filled) {
    policy::Request request;
    request.kind =
        filled.kind == "allow" ? policy::RequestKind::Allow : policy::RequestKind::Removal;
    request.subject = canonical(filled.subject);
    request.contact = filled.contact;
    request.evidence = evidence_of(filled);
    request.reference = policy::make_reference();
    const auto box = policy::request_box(visit.site.options.settings.database.path);
    const auto done = policy::file_request(box, request);
    if (!done) {
        return problem(visit, 503, "cannot_file");
    }
    return {.status = 303,
            .body = "",
            .headers = {{"Location", visit.link("/request/" + request.reference)}}};
}

Markup row_of(const Visit& visit, std::string_view key, const Markup& value) {
    return element("div", element("dt", visit.say(key)) + element("dd", value));
}

Markup state_of(const Visit& visit, const policy::Request& request) {
    const bool is_open = request.state == policy::RequestState::Open;
    const bool is_accepted = request.state == policy::RequestState::Accepted;
    const std::string key = is_open ? "open" : is_accepted ? "accepted" : "declined";
    const bool is_removal = request.kind == policy::RequestKind::Removal;
    Markup rows =
        row_of(visit, "status.reference",
               element("strong", {{"class", "reference"}}, text(request.reference))) +
        row_of(visit, "status.asked", visit.say(is_removal ? "status.removal" : "status.allow")) +
        row_of(visit, "status.subject", element("code", text(request.subject)));
    if (request.decided && !request.decision.empty()) {
        rows += row_of(visit, "status.answer", text(request.decision));
    }
    return element("p", {{"class", is_accepted ? "verdict good" : "verdict"}},
                   visit.say("status." + key)) +
           paragraph(visit.say("status." + key + "_text")) + element("dl", rows) +
           (is_open ? paragraph(visit.say("status.keep")) : Markup{});
}

}  // namespace

http::Response request_form(const Visit& visit) {
    const auto words = http::Form::read(visit.request.query);
    if (words && words->has("reference")) {
        const std::string reference = policy::normalised_reference(words->get("reference"));
        return reference.empty()
                   ? problem(visit, 404, "no_reference")
                   : http::Response{.status = 303,
                                    .body = "",
                                    .headers = {{"Location", visit.link("/request/" + reference)}}};
    }
    return form_page(visit, 200, words ? filled_in(*words) : Filled{}, {});
}

http::Response file_request(const Visit& visit) {
    const auto form = http::Form::read(visit.request.body);
    if (!form) {
        return problem(visit, 400, "bad_form");
    }
    Filled filled = filled_in(*form);
    std::vector<std::string> mistakes = mistakes_in(visit, *form, filled);
    if (mistakes.empty()) {
        const auto why_not = check_listed(visit, filled);
        if (!why_not) {
            return problem(visit, 503, "unavailable");
        }
        if (!why_not->empty()) {
            mistakes.push_back(*why_not);
        }
    }
    if (!mistakes.empty()) {
        // What is too long goes back cut: an answer is not to be several times what was sent.
        constexpr std::size_t kHalf = policy::kRequestEvidenceSizeMax / 2;
        if (filled.done.size() + filled.bounce.size() > 2 * kHalf) {
            filled.done.resize(std::min(filled.done.size(), kHalf));
            filled.bounce.resize(std::min(filled.bounce.size(), kHalf));
        }
        return form_page(visit, 422, filled, mistakes);
    }
    if (!visit.site.filings.take(visit.client, visit.now)) {
        return too_often(visit, visit.site.filings);
    }
    return filed(visit, filled);
}

http::Response request_status(const Visit& visit, const std::string& asked) {
    if (!visit.site.lookups.take(visit.client, visit.now)) {
        return too_often(visit, visit.site.lookups);
    }
    const std::string reference = policy::normalised_reference(asked);
    const auto box = policy::request_box(visit.site.options.settings.database.path);
    // In this order: it is nowhere missing while it is taken in.
    const auto waiting = policy::waiting_request(box, reference);
    const auto request = visit.site.database.with([&](store::Environment& environment) {
        return policy::request_of_reference(environment, reference);
    });
    if (!request && !waiting) {
        return request.error().code == ErrorCode::Absent ? problem(visit, 404, "no_reference")
                                                         : problem(visit, 503, "unavailable");
    }
    return page(
        visit, 200, visit.say("status.title"),
        element("h1", visit.say("status.title")) + state_of(visit, request ? *request : *waiting));
}

}  // namespace ostrakon::web
