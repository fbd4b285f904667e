#include "status_page.hpp"

#include "match_card.hpp"
#include "number_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ostrakon::web {
namespace {

constexpr int kReloadSeconds = 60;
constexpr std::int64_t kYoungSeconds = 7200;

Markup banner(const Visit& visit, const StatusReport& report) {
    if (report.warnings.empty()) {
        return element("p", {{"class", "verdict good"}}, visit.say("operator.well"));
    }
    const bool is_grave = report.warnings.front().is_grave;
    Markup entries;
    for (const Warning& warning : report.warnings) {
        Markup said = element("strong", visit.say("warning." + warning.kind,
                                                  {{"about", text(warning.about)}})) +
                      text(" ") + with_commands(visit, "warning." + warning.kind + "_do");
        if (!warning.detail.empty()) {
            said += element("p", {{"class", "detail"}}, element("code", text(warning.detail)));
        }
        entries += element("li", {{"class", warning.is_grave ? "grave" : "mild"}}, said);
    }
    return element("p", {{"class", is_grave ? "verdict bad" : "verdict mild"}},
                   visit.say(is_grave ? "operator.unwell" : "operator.look")) +
           element("ul", {{"class", "warnings"}}, entries);
}

// What a tab is called: whether it wants a look, and whose it is.
Markup tab_of(const Visit& visit, const StatusReport& report) {
    const std::size_t count = report.warnings.size();
    return text(count == 0 ? "" : fmt::format("({}) ", count)) + visit.say("operator.title") +
           text(" – ") +
           (visit.site.host.empty() ? visit.say("operator.name") : text(visit.site.host));
}

Markup reload_links(const Visit& visit, const StatusWish& wish) {
    StatusWish other = wish;
    other.reloads = !wish.reloads;
    return element("a", {{"href", wish_link(visit, wish)}}, visit.say("operator.reload")) +
           text(" \u00B7 ") +
           element("a", {{"href", wish_link(visit, other)}},
                   visit.say(wish.reloads ? "operator.reload_off" : "operator.reload_on"));
}

Markup sections_of_page(const Visit& visit) {
    Markup entries;
    for (const char* id : {"server", "rates", "feeds", "requests", "map"}) {
        entries += element("li", element("a", {{"href", std::string("#") + id}},
                                         visit.say(std::string("operator.") + id)));
    }
    return element("nav", {{"aria-label", visit.language.plain("frame.navigation")}},
                   element("ul", entries));
}

Markup foot(const Visit& visit, const StatusWish& wish) {
    Markup languages;
    for (const Language& language : visit.site.options.languages.all()) {
        if (language.code() != visit.language.code()) {
            const std::string to = fmt::format("?lang={}&range={}{}", language.code(),
                                               wish.range->name, wish.reloads ? "&reload=on" : "");
            languages += element(
                "a", {{"href", to}, {"hreflang", language.code()}, {"lang", language.code()}},
                text(language.plain("frame.language")));
        }
    }
    const std::string json = fmt::format("status.json?range={}", wish.range->name);
    return paragraph(visit.say("operator.private")) +
           paragraph(element("a", {{"href", json}}, visit.say("operator.json")) + text(" \u00B7 ") +
                     languages);
}

Markup server_words(const Visit& visit, const StatusReport& report) {
    if (!report.server->figures) {
        return definition(visit, "server.ostrakond", visit.say("server.silent"));
    }
    const figures::ServerFigures& figures = *report.server->figures;
    const auto uptime = static_cast<std::int64_t>(figures.uptime_seconds);
    Markup rows = definition(visit, "server.ostrakond",
                             visit.say("server.answers", {{"version", text(figures.version)}})) +
                  definition(visit, "server.since",
                             time_of(UnixTime{figures.at.seconds - uptime}) + text(" (") +
                                 text(age_text(uptime)) + text(")"));
    if (report.server->rates && report.server->rates->most_us > 0) {
        rows += definition(
            visit, "server.quick",
            visit.say("server.quick_text",
                      {{"half", text(count_text(report.server->rates->half_us) + "\u202Fµs")},
                       {"most", text(count_text(report.server->rates->most_us) + "\u202Fµs")}}));
    }
    return rows + definition(visit, "server.tcp",
                             text(fmt::format("{} / {}", count_text(figures.tcp_open),
                                              count_text(figures.tcp_open_max))));
}

Markup database_words(const Visit& visit, const StatusReport& report) {
    if (!report.database) {
        return definition(visit, "server.database", visit.say("server.unreadable"));
    }
    const DatabaseReport& database = *report.database;
    Markup rows =
        definition(visit, "server.serial",
                   text(std::to_string(database.serial)) +
                       (database.changed ? text(", ") + ago(visit, *database.changed) : Markup{}));
    rows += definition(
        visit, "server.fill",
        visit.say("server.fill_text",
                  {{"used", text(bytes_text(database.used_bytes))},
                   {"size", text(bytes_text(database.size_bytes))},
                   {"share", text(fmt::format("{:.0f}\u202F%", database.fill() * 100))}}));
    return rows +
           definition(visit, "server.disk",
                      text(bytes_text(database.disk_free_bytes)) +
                          (database.is_disk_read_only ? text(", ") + visit.say("server.read_only")
                                                      : Markup{}));
}

}  // namespace

StatusWish wish_of(const Visit& visit) {
    const auto words = http::Form::read(visit.request.query);
    const auto since = visit.site.options.watch->since();
    const bool is_young = !since || visit.now.seconds - since->seconds < kYoungSeconds;
    StatusWish wish{&kRanges[is_young ? 0 : 1], words && words->get("reload") == "on"};
    for (const Range& range : kRanges) {
        if (words && words->get("range") == range.name) {
            wish.range = &range;
        }
    }
    return wish;
}

std::string wish_link(const Visit& visit, const StatusWish& wish) {
    return fmt::format("?range={}{}&lang={}", wish.range->name, wish.reloads ? "&reload=on" : "",
                       visit.language.code());
}

Markup section(const Visit& visit, const std::string& id, const Markup& content) {
    return element("section", {{"id", id}, {"aria-labelledby", id + "-heading"}},
                   element("h2", {{"id", id + "-heading"}}, visit.say("operator." + id)) + content);
}

Markup definition(const Visit& visit, std::string_view key, const Markup& value) {
    return element("div", element("dt", visit.say(key)) + element("dd", value));
}

Markup scrolled(const std::string& name, const Markup& table) {
    // The section around it is the region.
    return element(
        "div",
        {{"class", "scrolled"}, {"role", "group"}, {"tabindex", "0"}, {"aria-labelledby", name}},
        table);
}

Markup with_commands(const Visit& visit, const std::string& key) {
    std::string_view rest = visit.language.plain(key);
    Markup said;
    for (bool is_command = false; !rest.empty(); is_command = !is_command) {
        const std::size_t end = std::min(rest.find('`'), rest.size());
        const Markup part = text(rest.substr(0, end));
        said += is_command ? element("code", part) : part;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return said;
}

Markup ago(const Visit& visit, UnixTime then) {
    const std::int64_t age = visit.now.seconds - then.seconds;
    return element("time", {{"datetime", to_string(then)}, {"title", to_string(then)}},
                   visit.say("operator.ago", {{"age", text(age_text(age))}}));
}

Markup server_section(const Visit& visit, const StatusReport& report) {
    return section(visit, "server",
                   element("dl", server_words(visit, report) + database_words(visit, report)));
}

http::Response status_page(const Visit& visit) {
    const auto report = status_report(visit);
    const StatusWish wish = wish_of(visit);
    const Markup as_of = element("p", {{"class", "hint"}},
                                 visit.say("operator.as_of", {{"time", time_of(report->at)}}) +
                                     text(" ") + reload_links(visit, wish));
    return framed(visit, 200,
                  {.title = tab_of(visit, *report),
                   .header = element("a", {{"class", "name"}, {"href", wish_link(visit, wish)}},
                                     visit.say("operator.name")) +
                             sections_of_page(visit),
                   .content = element("h1", visit.say("operator.title")) + as_of +
                              banner(visit, *report) + server_section(visit, *report) +
                              rates_section(visit, *report, wish) + feeds_section(visit, *report) +
                              requests_section(visit, *report) + map_section(visit, *report),
                   .footer = foot(visit, wish),
                   .style = "status/style.css",
                   .icon = "status/icon.svg",
                   .reload_seconds = wish.reloads ? kReloadSeconds : 0});
}

}  // namespace ostrakon::web
