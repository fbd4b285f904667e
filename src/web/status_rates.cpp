// What is asked, now and over time: tables and charts of the operator's page.
#include "chart.hpp"
#include "match_card.hpp"
#include "number_text.hpp"
#include "status_page.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <functional>

namespace ostrakon::web {
namespace {

constexpr std::size_t kZonesShownMax = 30;
constexpr std::array<std::string_view, 4> kOutcomesShown{"listed", "not_listed", "nodata",
                                                         "refused"};
constexpr std::array<std::string_view, 9> kClassesWithColour{
    "ip", "upstream", "isp", "country", "dynamic", "misconfigured", "domain", "email", "allow"};
constexpr std::size_t kOtherColours = 4;
constexpr std::size_t kZonesDrawnMax = 8;

// Rates of one part, by bucket.
using PartRate = std::function<double(const hits::Bucket&)>;

std::string moment_of(UnixTime time) {
    std::string moment = to_string(time).substr(0, 16);  // 2026-11-22T03:00
    moment[10] = ' ';
    return moment;
}

Chart begin_chart(const Visit& visit, const std::string& id, const Course& course,
                  const Range& range) {
    Chart chart;
    chart.id = id;
    chart.title =
        visit.say("rates." + id, {{"range", visit.say(fmt::format("range.{}", range.name))}});
    for (std::size_t i = 0; i < course.buckets.size(); ++i) {
        const hits::Bucket& bucket = course.buckets[i];
        chart.moments.push_back(moment_of(bucket.begin));
        chart.are_known.push_back(bucket.seconds > 0);
        if (bucket.begin.seconds % range.mark_seconds == 0) {
            const bool has_days = range.mark_seconds >= 86400;
            chart.marks.emplace_back(i, chart.moments.back().substr(has_days ? 5 : 11, 5));
        }
    }
    return chart;
}

void add_part(Chart& chart, const Course& course, Markup name, std::string colour,
              const PartRate& rate) {
    ChartPart part{std::move(name), std::move(colour), {}};
    for (const hits::Bucket& bucket : course.buckets) {
        part.values.push_back(bucket.seconds > 0 ? rate(bucket) : 0);
    }
    chart.parts.push_back(std::move(part));
}

// "The highest was 12 a second at 2026-11-22 03:00; the latest is 3."
Markup description_of(const Visit& visit, const Course& course, const PartRate& rate) {
    const hits::Bucket* highest = nullptr;
    for (const hits::Bucket& bucket : course.buckets) {
        if (bucket.seconds > 0 && (highest == nullptr || rate(bucket) > rate(*highest))) {
            highest = &bucket;
        }
    }
    if (highest == nullptr) {
        return visit.say("rates.nothing_known");
    }
    return visit.say("rates.description", {{"highest", text(rate_text(rate(*highest)))},
                                           {"time", text(moment_of(highest->begin))},
                                           {"latest", text(rate_text(rate(*course.latest())))}});
}

Markup shown(const Visit& visit, const Chart& chart) {
    const ChartWords words{visit.say("rates.moment"), visit.say("rates.all"),
                           visit.say("rates.unknown")};
    return element("h3", chart.title) + chart_picture(chart, words) +
           element("p", {{"class", "hint"}}, chart.description) +
           element("details", element("summary", visit.say("rates.table")) +
                                  scrolled(chart.id + "-caption", chart_table(chart, words)));
}

std::size_t place_of(const std::vector<std::string>& names, std::string_view name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

// What is left of all queries beside the parts that are there.
void add_rest(Chart& chart, const Course& course, Markup name) {
    ChartPart rest{std::move(name), "k-other", {}};
    for (std::size_t i = 0; i < course.buckets.size(); ++i) {
        double left = course.buckets[i].seconds > 0 ? course.queries(course.buckets[i]) : 0;
        for (const ChartPart& part : chart.parts) {
            left -= part.values[i];
        }
        rest.values.push_back(std::max(0.0, left));
    }
    chart.parts.push_back(std::move(rest));
}

Markup queries_chart(const Visit& visit, const Course& course, const Range& range) {
    Chart chart = begin_chart(visit, "queries", course, range);
    for (const std::string_view outcome : kOutcomesShown) {
        const std::size_t place = place_of(course.outcomes.names, outcome);
        if (place < course.outcomes.names.size()) {
            add_part(chart, course, visit.say(fmt::format("outcome.{}", outcome)),
                     fmt::format("k-{}", outcome), [&, place](const hits::Bucket& bucket) {
                         return course.rate(bucket, course.outcomes, place);
                     });
        }
    }
    add_rest(chart, course, visit.say("outcome.other"));
    chart.description = description_of(
        visit, course, [&](const hits::Bucket& bucket) { return course.queries(bucket); });
    return shown(visit, chart);
}

// The zones that are asked most in this time; nothing where there is but one.
Markup zones_chart(const Visit& visit, const Course& course, const Range& range) {
    const std::vector<std::string>& names = course.zones.names;
    std::vector<std::pair<double, std::size_t>> totals;
    for (std::size_t i = 0; i < names.size(); ++i) {
        double total = 0;
        for (const hits::Bucket& bucket : course.buckets) {
            total += bucket.counts[course.zones.first + i];
        }
        if (total > 0) {
            totals.emplace_back(-total, i);
        }
    }
    if (totals.size() < 2) {
        return {};
    }
    std::sort(totals.begin(), totals.end());
    const std::size_t count = std::min(totals.size(), kZonesDrawnMax);
    Chart chart = begin_chart(visit, "zones", course, range);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t place = totals[i].second;
        add_part(chart, course,
                 names[place].empty() ? visit.say("rates.no_zone") : text(names[place]),
                 fmt::format("k-{}", i % kOtherColours), [&, place](const hits::Bucket& bucket) {
                     return course.rate(bucket, course.zones, place);
                 });
    }
    if (count < totals.size()) {
        add_rest(chart, course, visit.say("outcome.other"));
    }
    chart.description = visit.say("rates.zones_text");
    return shown(visit, chart);
}

Markup class_name(const Visit& visit, const std::string& name) {
    const std::string key = "class_name." + name;
    return visit.language.has(key) ? visit.say(key) : text(name);
}

Markup classes_chart(const Visit& visit, const Course& course, const Range& range) {
    Chart chart = begin_chart(visit, "classes", course, range);
    std::size_t others = 0;
    for (std::size_t i = 0; i < course.classes.names.size(); ++i) {
        const std::string& name = course.classes.names[i];
        const bool is_known = std::find(kClassesWithColour.begin(), kClassesWithColour.end(),
                                        name) != kClassesWithColour.end();
        add_part(
            chart, course, class_name(visit, name),
            is_known ? "k-" + name : fmt::format("k-{}", others++ % kOtherColours),
            [&, i](const hits::Bucket& bucket) { return course.rate(bucket, course.classes, i); });
    }
    chart.description = description_of(visit, course, [&](const hits::Bucket& bucket) {
        double all = 0;
        for (std::size_t i = 0; i < course.classes.names.size(); ++i) {
            all += course.rate(bucket, course.classes, i);
        }
        return all;
    });
    return shown(visit, chart);
}

Markup zones_table(const Visit& visit, std::vector<figures::ServerRates::Zone> zones) {
    std::stable_sort(zones.begin(), zones.end(),
                     [](const auto& a, const auto& b) { return a.all > b.all; });
    const std::size_t left = zones.size() - std::min(zones.size(), kZonesShownMax);
    zones.resize(zones.size() - left);
    Markup head;
    for (const char* key : {"rates.zone", "rates.all", "outcome.listed", "outcome.not_listed",
                            "outcome.nodata", "outcome.refused", "outcome.other"}) {
        head += element("th", {{"scope", "col"}}, visit.say(key));
    }
    Markup rows;
    for (const auto& zone : zones) {
        Markup row = element("th", {{"scope", "row"}},
                             zone.name.empty() ? visit.say("rates.no_zone") : text(zone.name));
        for (const double rate :
             {zone.all, zone.listed, zone.not_listed, zone.no_data, zone.refused, zone.other}) {
            row += element("td", text(rate_text(rate)));
        }
        rows += element("tr", row);
    }
    const Markup table =
        element("table", {{"class", "numbers"}},
                element("caption", {{"id", "zones-now-caption"}}, visit.say("rates.by_zone")) +
                    element("thead", element("tr", head)) + element("tbody", rows));
    return scrolled("zones-now-caption", table) +
           (left == 0 ? Markup{}
                      : paragraph(visit.say("operator.more", {{"count", text(count_text(left))}})));
}

Markup figure(const Visit& visit, std::string_view key, double rate) {
    return element("div", element("dt", visit.say(key)) + element("dd", text(rate_text(rate))));
}

Markup rates_now(const Visit& visit, const StatusReport& report) {
    if (!report.server->rates) {
        return paragraph(visit.say(report.server->figures ? "rates.not_yet" : "rates.not_known"));
    }
    const figures::ServerRates& rates = *report.server->rates;
    double listed = 0;
    for (const auto& zone : rates.zones) {
        listed += zone.listed;
    }
    const Markup figures = figure(visit, "rates.queries_now", rates.queries) +
                           figure(visit, "rates.listed_now", listed) +
                           figure(visit, "rates.udp", std::max(0.0, rates.queries - rates.tcp)) +
                           figure(visit, "rates.tcp", rates.tcp) +
                           figure(visit, "rates.limited", rates.limited) +
                           figure(visit, "rates.lost", rates.lost);
    return element("p", {{"class", "hint"}},
                   visit.say("rates.over",
                             {{"age", text(age_text(static_cast<std::int64_t>(rates.seconds)))}})) +
           element("dl", {{"class", "figures"}}, figures) + zones_table(visit, rates.zones);
}

Markup range_links(const Visit& visit, const StatusWish& wish) {
    Markup entries;
    for (const Range& range : kRanges) {
        StatusWish other = wish;
        other.range = &range;
        const Markup name = visit.say(fmt::format("range.{}", range.name));
        const std::string to = wish_link(visit, other) + "#rates";
        entries += element("li", &range == wish.range
                                     ? element("a", {{"href", to}, {"aria-current", "true"}}, name)
                                     : element("a", {{"href", to}}, name));
    }
    return element("nav",
                   {{"class", "ranges"}, {"aria-label", visit.language.plain("range.label")}},
                   element("ul", entries));
}

}  // namespace

const hits::Bucket* Course::latest() const {
    const auto found = std::find_if(buckets.rbegin(), buckets.rend(),
                                    [](const hits::Bucket& bucket) { return bucket.seconds > 0; });
    return found == buckets.rend() ? nullptr : &*found;
}

double Course::queries(const hits::Bucket& bucket) const {
    return bucket.counts[0] / bucket.seconds;
}

double Course::rate(const hits::Bucket& bucket, const Names& names, std::size_t place) const {
    return bucket.counts[names.first + place] / bucket.seconds;
}

Course course_of(const Watch& watch, const Range& range, UnixTime now) {
    Course course;
    std::vector<std::string> names{counted::kQueries};
    const auto add = [&](const char* kind, Course::Names& into) {
        into = {watch.names(kind), names.size()};
        for (const std::string& name : into.names) {
            names.push_back(fmt::format("{}/{}", kind, name));
        }
    };
    add(counted::kOutcome, course.outcomes);
    add(counted::kClass, course.classes);
    add(counted::kZone, course.zones);
    add(counted::kTransport, course.transports);
    course.buckets = watch.read({now, range.bucket_seconds, range.buckets}, names);
    return course;
}

Markup rates_section(const Visit& visit, const StatusReport& report, const StatusWish& wish) {
    const Watch& watch = *visit.site.options.watch;
    const Course course = course_of(watch, *wish.range, report.at);
    const auto since = watch.since();
    const Markup kept = visit.say(watch.is_kept() ? "rates.kept" : "rates.in_memory");
    const Markup history =
        since ? visit.say("rates.since", {{"time", time_of(*since)}}) + text(" ") + kept
              : visit.say("rates.no_history") + text(" ") + kept;
    return section(
        visit, "rates",
        rates_now(visit, report) + range_links(visit, wish) +
            queries_chart(visit, course, *wish.range) + classes_chart(visit, course, *wish.range) +
            zones_chart(visit, course, *wish.range) + element("p", {{"class", "hint"}}, history));
}

}  // namespace ostrakon::web
