// Feeds and the map on the operator's page.
#include "match_card.hpp"
#include "number_text.hpp"
#include "status_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ostrakon::web {
namespace {

constexpr std::size_t kFeedsShownMax = 200;
constexpr std::size_t kZonesNamedMax = 4;

Markup state_of(const Visit& visit, const FeedReport& feed) {
    const std::string& state = feed.row.state;
    const bool is_grave = state == "stale";
    const bool is_mild = state == "held" || state == "failing" || state == "never" ||
                         (state == "fresh" && feed.is_overdue);
    const std::string key = "feed_state." + state;
    return element("span",
                   {{"class", is_grave  ? "state bad"
                              : is_mild ? "state mild"
                                        : "state good"}},
                   visit.language.has(key) ? visit.say(key) : text(state));
}

// "upstream → bl.example.org, wl.example.org"
Markup where_of(const Visit& visit, const FeedReport& feed) {
    if (feed.row.is_map) {
        return visit.say("feeds.map");
    }
    auto zones = feed.zones;
    const std::size_t left = zones.size() - std::min(zones.size(), kZonesNamedMax);
    zones.resize(zones.size() - left);
    std::string names = fmt::format("{}", fmt::join(zones, ", "));
    names += left == 0 ? "" : fmt::format(", … (+{})", left);
    return text(feed.row.listing_class) + text(" \u2192 ") +
           (names.empty() ? visit.say("feeds.no_zone") : text(names));
}

Markup age_of(const Visit& visit, const FeedReport& feed) {
    return feed.row.last_success ? ago(visit, *feed.row.last_success) : visit.say("feeds.never");
}

// "in 3 h", or that it is due.
Markup next_of(const Visit& visit, const FeedReport& feed) {
    if (!feed.row.next) {
        return text("\u2013");
    }
    const std::int64_t wait = feed.row.next->seconds - visit.now.seconds;
    return element("time", {{"datetime", to_string(*feed.row.next)}},
                   wait <= 0 ? visit.say("feeds.due")
                             : visit.say("feeds.in", {{"age", text(age_text(wait))}}));
}

Markup row_of(const Visit& visit, const FeedReport& feed) {
    const Markup name = text(feed.row.name) + element("small", where_of(visit, feed));
    const bool has_message = !feed.row.message.empty();
    const Markup message =
        has_message ? element("tr", element("td", {{"colspan", "5"}, {"class", "detail"}},
                                            text(feed.row.message)))
                    : Markup{};
    const Markup row =
        element("tr", {{"class", has_message ? "above" : ""}},
                element("th", {{"scope", "row"}}, name) + element("td", state_of(visit, feed)) +
                    element("td", text(count_text(feed.row.entries))) +
                    element("td", age_of(visit, feed)) + element("td", next_of(visit, feed)));
    return row + message;
}

}  // namespace

Markup feeds_section(const Visit& visit, const StatusReport& report) {
    if (!report.database) {
        return section(visit, "feeds", paragraph(visit.say("server.unreadable")));
    }
    if (report.feeds.empty()) {
        return section(visit, "feeds", paragraph(with_commands(visit, "feeds.none")));
    }
    Markup head;
    for (const char* key :
         {"feeds.feed", "feeds.state", "feeds.entries", "feeds.refreshed", "feeds.next"}) {
        head += element("th", {{"scope", "col"}}, visit.say(key));
    }
    Markup rows;
    for (std::size_t i = 0; i < std::min(report.feeds.size(), kFeedsShownMax); ++i) {
        rows += row_of(visit, report.feeds[i]);
    }
    Markup content = scrolled(
        "feeds-caption",
        element("table", element("caption", {{"id", "feeds-caption"}}, visit.say("feeds.caption")) +
                             element("thead", element("tr", head)) + element("tbody", rows)));
    if (report.feeds.size() > kFeedsShownMax) {
        content += paragraph(visit.say(
            "operator.more", {{"count", text(count_text(report.feeds.size() - kFeedsShownMax))}}));
    }
    return section(visit, "feeds", content);
}

Markup map_section(const Visit& visit, const StatusReport& report) {
    if (!report.database) {
        return section(visit, "map", paragraph(visit.say("server.unreadable")));
    }
    const auto picture = visit.site.map.get(report.database->serial, report.at);
    if (picture == nullptr) {
        return section(visit, "map", paragraph(visit.say("map.drawing")));
    }
    if (picture->png.empty()) {
        return section(
            visit, "map",
            paragraph(visit.say("map.failed")) +
                element("p", {{"class", "detail"}}, element("code", text(picture->why))));
    }
    const std::string source = fmt::format("status/map.png?serial={}", picture->serial);
    const Markup words = visit.say("map.words", {{"count", text(count_text(picture->addresses))}});
    return section(
        visit, "map",
        element("figure", {{"class", "map"}},
                element("a", {{"href", source}},
                        void_element("img", {{"src", source},
                                             {"width", "1344"},
                                             {"height", "1156"},
                                             {"loading", "lazy"},
                                             {"alt", visit.language.plain("map.alt")}})) +
                    element("figcaption", {{"class", "hint"}},
                            words + text(" ") +
                                visit.say("map.as_of",
                                          {{"serial", text(std::to_string(picture->serial))},
                                           {"time", time_of(picture->at)}}))));
}

}  // namespace ostrakon::web
