#include "match_card.hpp"

#include "ostrakon/zone/listing_class.hpp"
#include "pages.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace ostrakon::web {
namespace {

constexpr int kIpv6HostPrefix = 64;

Markup row(const Visit& visit, std::string_view key, const Markup& value) {
    return element("div", element("dt", visit.say(key)) + element("dd", value));
}

// What there are phrases for; a site's own classes share one.
std::string phrase_of_class(const Visit& visit, std::string_view kind,
                            const std::string& listing_class) {
    const std::string key = fmt::format("{}.{}", kind, listing_class);
    return visit.language.has(key) ? key : std::string(kind) + ".other";
}

bool is_own(const policy::ExplainedMatch& match) {
    return match.source == zone::kOwnSource;
}

// What is listed, as those read it who know nothing of how it is spelled here.
Markup listed_words(const Visit& visit, const std::string& subject) {
    constexpr std::string_view kPattern = "rdns:";
    constexpr std::string_view kCountry = "country:";
    const auto code_behind = [&subject](std::string_view prefix) {
        return element("code", text(std::string_view(subject).substr(prefix.size())));
    };
    if (subject.starts_with(kPattern)) {
        return visit.say("card.names_like", {{"pattern", code_behind(kPattern)}});
    }
    if (subject.starts_with(kCountry)) {
        return visit.say("card.country", {{"country", code_behind(kCountry)}});
    }
    return subject.starts_with('=') ? code_behind("=") : code_behind("");
}

Markup outward_link(const std::string& url, const Markup& content) {
    return element("a", {{"href", url}, {"rel", "nofollow noopener noreferrer"}}, content);
}

Markup dates_of(const Visit& visit, const store::Listing& listing) {
    Markup rows = row(visit, "card.since", time_of(listing.since)) +
                  row(visit, "card.until",
                      listing.until ? time_of(*listing.until) : visit.say("card.for_good"));
    if (listing.strikes > 1) {
        rows += row(visit, "card.strikes", text(std::to_string(listing.strikes)));
    }
    return rows;
}

Markup reason_of(const Visit& visit, const policy::ExplainedMatch& match) {
    return match.reason.empty() ? Markup{} : row(visit, "card.reason", text(match.reason));
}

// Which phrases speak of it.
std::string kind_of(const Finding& finding, const policy::ExplainedMatch& match) {
    if (!is_own(match) && !zone::is_built_in_source(match.source)) {
        return "upstream";
    }
    const bool is_address = net::parse_address(finding.query.text).has_value();
    return match.listing_class == "ip" && is_address && !is_of_just_this(finding, match)
               ? "network"
               : match.listing_class;
}

Markup of_feed(const Visit& visit, const policy::ExplainedMatch& match) {
    const config::FeedSettings* feed = feed_of(visit, match);
    const std::string& name = feed != nullptr && !feed->title.empty() ? feed->title : match.source;
    Markup said = paragraph(visit.say("feed.text", {{"feed", element("strong", text(name))}}));
    if (feed != nullptr && !feed->removal.empty()) {
        said += element("p", {{"class", "action"}},
                        outward_link(feed->removal, visit.say("feed.removal")));
    }
    return said;
}

Markup check_form(const Visit& visit, const Finding& finding) {
    return element(
        "form", {{"method", "post"}, {"action", visit.link("/check")}, {"class", "action"}},
        void_element("input",
                     {{"type", "hidden"}, {"name", "subject"}, {"value", finding.query.text}}) +
            element("button", {{"type", "submit"}}, visit.say("card.check_again")));
}

Markup way_out(const Visit& visit, const Finding& finding, const policy::ExplainedMatch& match) {
    const bool is_removal = is_of_just_this(finding, match);
    const store::Listing* listing = match.id ? finding.listing(*match.id) : nullptr;
    const bool has_to_wait = listing != nullptr && is_removal && listing->earliest_lift &&
                             *listing->earliest_lift > visit.now;
    Markup said;
    if (has_to_wait) {
        said +=
            paragraph(visit.say("card.not_before", {{"time", time_of(*listing->earliest_lift)}}));
    }
    if (!is_removal && is_own(match)) {
        said +=
            paragraph(visit.say("card.wider", {{"listed", listed_words(visit, match.subject)}}));
    }
    const std::string to =
        visit.link(fmt::format("/request?kind={}&subject={}", is_removal ? "removal" : "allow",
                               http::encode_percent(finding.query.text)));
    const bool is_best = is_own(match) && !has_to_wait && match.listing_class != "misconfigured";
    return said + element("p", {{"class", is_best ? "action" : "quiet action"}},
                          element("a", {{"href", to}},
                                  visit.say(is_removal ? "card.ask_removal" : "card.ask_allow")));
}

}  // namespace

Markup time_of(UnixTime time) {
    const std::string machine = to_string(time);
    constexpr std::size_t kDate = 10;
    constexpr std::size_t kMinutes = 16;
    const std::string shown =
        machine.substr(0, kDate) + " " + machine.substr(kDate + 1, kMinutes - kDate - 1) + " UTC";
    return element("time", {{"datetime", machine}}, text(shown));
}

const config::FeedSettings* feed_of(const Visit& visit, const policy::ExplainedMatch& match) {
    const std::string name = match.source.substr(0, match.source.find('/'));
    const auto& feeds = visit.site.options.settings.feeds;
    const auto found =
        std::find_if(feeds.begin(), feeds.end(),
                     [&name](const config::FeedSettings& feed) { return feed.name == name; });
    return is_own(match) || found == feeds.end() ? nullptr : &*found;
}

bool is_of_just_this(const Finding& finding, const policy::ExplainedMatch& match) {
    if (!is_own(match)) {
        return false;
    }
    const policy::Subject& subject = finding.query.subject;
    if (const auto* name = std::get_if<policy::NameSubject>(&subject)) {
        // A query is a name by itself; the ban may be of it alone or with all below it.
        const std::string text = dns::to_string(name->name);
        return match.subject == text || match.subject == "=" + text;
    }
    if (const auto* ipv6 = std::get_if<net::Ipv6Range>(&subject)) {
        const policy::Subject host = net::prefix(ipv6->first, kIpv6HostPrefix);
        return match.subject == policy::to_string(subject) ||
               match.subject == policy::to_string(host);
    }
    return std::holds_alternative<policy::MailSubject>(subject) ||
           match.subject == policy::to_string(subject);
}

void hide_addresses(const Visit& visit, Finding& finding) {
    const bool is_hash = finding.query.text.find('@') == std::string::npos;
    if (!std::holds_alternative<policy::MailSubject>(finding.query.subject) || !is_hash) {
        return;
    }
    for (policy::ExplainedMatch& match : finding.explanation.matches) {
        match.subject = visit.language.plain("card.this_address");
    }
}

Markup match_card(const Visit& visit, const Finding& finding, const policy::ExplainedMatch& match) {
    const store::Listing* listing = match.id ? finding.listing(*match.id) : nullptr;
    const bool is_mail = std::holds_alternative<policy::MailSubject>(finding.query.subject);
    const Markup subject =
        is_mail ? visit.say("card.this_address") : listed_words(visit, match.subject);
    Markup rows = row(visit, "card.listed", subject);
    if (listing != nullptr) {
        rows += dates_of(visit, *listing);
    }
    rows += reason_of(visit, match);
    const std::string kind = kind_of(finding, match);
    const bool falls_away_by_itself =
        listing != nullptr && listing->diagnosed && visit.site.options.settings.lifecycle.recheck;
    Markup content =
        element("h2", visit.say(phrase_of_class(visit, "class", kind))) + element("dl", rows);
    if (kind == "upstream") {
        content += of_feed(visit, match);
    } else {
        content +=
            paragraph(visit.say(phrase_of_class(visit, "meaning", kind))) +
            element("h3", visit.say("card.todo")) +
            paragraph(visit.say(falls_away_by_itself ? "todo.until_corrected"
                                                     : phrase_of_class(visit, "todo", kind)));
    }
    if (kind == "misconfigured" && net::parse_address(finding.query.text)) {
        content += check_form(visit, finding);
    }
    return element("section", {{"class", "card"}}, content + way_out(visit, finding, match));
}

}  // namespace ostrakon::web
