// Looks again at a mail server that is listed for its DNS, and says what is still wrong.
#include "pages.hpp"

#include <algorithm>

namespace ostrakon::web {
namespace {

/// One of the few places for checks, given back at the end.
class Place {
public:
    explicit Place(std::atomic<int>& taken)
        : taken_(taken), is_had_(taken.fetch_add(1) < kChecksAtOnceMax) {}
    ~Place() { taken_.fetch_sub(1); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    bool is_had() const { return is_had_; }

private:
    std::atomic<int>& taken_;
    bool is_had_;
};

// What DNS says of others is not for everybody to ask through here.
bool is_listed_for_its_dns(const Finding& finding) {
    const auto& matches = finding.explanation.matches;
    return std::any_of(matches.begin(), matches.end(), [](const policy::ExplainedMatch& match) {
        return match.won && match.listing_class == "misconfigured";
    });
}

Markup check_row(const Visit& visit, const diagnose::Check& check) {
    const std::string finding(diagnose::to_string(check.finding));
    const bool has_failed = check.finding == diagnose::Finding::Failed;
    const Markup remedy = has_failed && !check.remedy.empty()
                              ? paragraph(element("strong", visit.say("check.remedy")) + text(" ") +
                                          element("span", {{"lang", "en"}}, text(check.remedy)))
                              : Markup{};
    return element("li", {{"class", finding}},
                   paragraph(element("strong", visit.say("check." + finding)) + text(" ") +
                             element("code", text(check.name)) + text(": ") +
                             element("span", {{"lang", "en"}}, text(check.seen))) +
                       remedy);
}

http::Response report(const Visit& visit, const std::string& subject,
                      const diagnose::Diagnosis& diagnosis) {
    Markup rows;
    for (const diagnose::Check& check : diagnosis.checks) {
        rows += check_row(visit, check);
    }
    const bool passes = diagnosis.count(diagnose::Finding::Failed) == 0;
    const Markup title = visit.say("check.title", {{"subject", text(subject)}});
    return page(visit, 200, title,
                element("h1", title) +
                    element("p", {{"class", passes ? "verdict good" : "verdict bad"}},
                            visit.say(passes ? "check.passes" : "check.fails")) +
                    element("ul", {{"class", "checks"}}, rows) +
                    paragraph(visit.say(passes ? "check.then_passes" : "check.then_fails")) +
                    element("p", {{"class", "action"}},
                            element("a", {{"href", visit.why_link(subject)}},
                                    visit.say("check.back", {{"subject", text(subject)}}))));
}

http::Response try_later(const Visit& visit, std::string_view key) {
    auto response = problem(visit, 429, key);
    response.headers.emplace_back("Retry-After", std::to_string(visit.site.checks.wait_seconds()));
    return response;
}

}  // namespace

http::Response check_page(const Visit& visit) {
    const auto form = http::Form::read(visit.request.body);
    const std::string subject(form ? form->get("subject") : std::string_view{});
    const auto address = net::parse_address(subject);
    if (!address) {
        return problem(visit, 400, "bad_form");
    }
    const auto finding = find_out(visit, subject);
    if (!finding) {
        return problem(visit, 503, "unavailable");
    }
    if (!is_listed_for_its_dns(*finding)) {
        return problem(visit, 422, "nothing_to_check");
    }
    const Place place(visit.site.checks_running);
    if (!place.is_had()) {
        return try_later(visit, "busy");
    }
    if (!visit.site.checks.take(visit.client, visit.now)) {
        return try_later(visit, "too_often");
    }
    const auto diagnosis = visit.site.options.diagnose(*address);
    return diagnosis ? report(visit, subject, *diagnosis) : problem(visit, 503, "unavailable");
}

}  // namespace ostrakon::web
