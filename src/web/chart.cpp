#include "chart.hpp"

#include "number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ostrakon::web {
namespace {

constexpr double kChartWidth = 720;
constexpr double kChartHeight = 270;
constexpr double kPlotTop = 22;
constexpr double kPlotBottom = 240;
constexpr double kMarkLine = 262;
// What would be written over the edge is left out.
constexpr double kMarkMargin = 0.035;
constexpr double kIntervals = 5;
constexpr double kAmountMax = 1e15;
constexpr double kRounding = 1e-9;

double finite(double value) {
    return std::isfinite(value) && value > 0 ? std::min(value, kAmountMax) : 0;
}

std::string coordinate(double value) {
    return fmt::format("{:.1f}", value);
}

// Where things lie in the picture.
class Plot {
public:
    Plot(std::size_t buckets, double highest)
        : step_(kChartWidth / static_cast<double>(std::max<std::size_t>(1, buckets))),
          highest_(highest) {}
    double x(std::size_t bucket) const { return step_ * static_cast<double>(bucket); }
    double y(double amount) const {
        return kPlotBottom - (kPlotBottom - kPlotTop) * amount / highest_;
    }

private:
    double step_, highest_;
};

// The sums of the parts up to each, by bucket: sums[0] is 0.
using Sums = std::vector<std::vector<double>>;

Sums sums_of(const Chart& chart) {
    Sums sums(chart.parts.size() + 1, std::vector<double>(chart.moments.size(), 0));
    for (std::size_t part = 0; part < chart.parts.size(); ++part) {
        const auto& values = chart.parts[part].values;
        for (std::size_t i = 0; i < chart.moments.size(); ++i) {
            const double value = i < values.size() ? finite(values[i]) : 0;
            sums[part + 1][i] = sums[part][i] + value;
        }
    }
    return sums;
}

// Runs of buckets of which something is known, or nothing.
std::vector<std::pair<std::size_t, std::size_t>> runs_of(const std::vector<bool>& are_known,
                                                         bool wanted) {
    std::vector<std::pair<std::size_t, std::size_t>> runs;
    for (std::size_t i = 0; i < are_known.size(); ++i) {
        if (are_known[i] != wanted) {
            continue;
        }
        if (runs.empty() || runs.back().second != i) {
            runs.emplace_back(i, i);
        }
        ++runs.back().second;
    }
    return runs;
}

// Steps along `line`, from one bucket to another.
void add_steps(std::string& path, const Plot& plot, const std::vector<double>& line,
               std::size_t begin, std::size_t end, bool forward) {
    for (std::size_t k = 0; k < end - begin; ++k) {
        const std::size_t i = forward ? begin + k : end - 1 - k;
        path += fmt::format("V{}H{}", coordinate(plot.y(line[i])),
                            coordinate(plot.x(forward ? i + 1 : i)));
    }
}

std::string area_of(const Chart& chart, const Plot& plot, const std::vector<double>& lower,
                    const std::vector<double>& upper) {
    std::string path;
    for (const auto& [begin, end] : runs_of(chart.are_known, true)) {
        path += fmt::format("M{} {}", coordinate(plot.x(begin)), coordinate(plot.y(lower[begin])));
        add_steps(path, plot, upper, begin, end, true);
        add_steps(path, plot, lower, begin, end, false);
        path += 'Z';
    }
    return path;
}

// Lines that tell the parts apart beside their colours; the first has none.
constexpr std::array<std::string_view, 5> kMarks{"", "M-1 9L9 -1M-1 1L1 -1M7 9L9 7",
                                                 "M2 4h.1M6 0h.1M6 8h.1", "M0 4H8",
                                                 "M-1 -1L9 9M-1 7L1 9M7 -1L9 1"};

Markup pattern(const std::string& id, const std::string& colour, std::string_view lines) {
    return element(
        "pattern",
        {{"id", id},
         {"class", colour},
         {"width", "8"},
         {"height", "8"},
         {"patternUnits", "userSpaceOnUse"}},
        element("rect", {{"width", "8"}, {"height", "8"}}, {}) +
            (lines.empty() ? Markup{} : element("path", {{"class", "lines"}, {"d", lines}}, {})));
}

std::string pattern_id(const Chart& chart, std::size_t part) {
    return fmt::format("{}-p{}", chart.id, part);
}

std::string filled_with(const std::string& id) {
    return "url(#" + id + ")";
}

Markup definitions(const Chart& chart) {
    Markup patterns = pattern(chart.id + "-gap", "k-gap", kMarks[1]);
    for (std::size_t i = 0; i < chart.parts.size(); ++i) {
        patterns += pattern(pattern_id(chart, i), chart.parts[i].colour, kMarks[i % kMarks.size()]);
    }
    return element("defs", patterns);
}

std::string tick_text(double tick, double step) {
    return step >= 1 ? count_text(static_cast<std::uint64_t>(std::llround(tick)))
                     : fmt::format("{:g}", tick);
}

Markup grid(const Plot& plot, const std::vector<double>& ticks) {
    Markup lines;
    for (std::size_t i = 1; i < ticks.size(); ++i) {
        const std::string y = coordinate(plot.y(ticks[i]));
        lines += element(
            "line",
            {{"class", "grid"}, {"x1", "0"}, {"x2", coordinate(kChartWidth)}, {"y1", y}, {"y2", y}},
            {});
    }
    return lines;
}

Markup labels(const Chart& chart, const Plot& plot, const std::vector<double>& ticks) {
    const std::string bottom = coordinate(kPlotBottom);
    Markup all = element("line",
                         {{"class", "axis"},
                          {"x1", "0"},
                          {"x2", coordinate(kChartWidth)},
                          {"y1", bottom},
                          {"y2", bottom}},
                         {});
    for (std::size_t i = 1; i < ticks.size(); ++i) {
        all += element("text", {{"x", "2"}, {"y", coordinate(plot.y(ticks[i]) - 4)}},
                       text(tick_text(ticks[i], ticks[1])));
    }
    for (const auto& [bucket, mark] : chart.marks) {
        const double x = plot.x(bucket);
        if (x < kChartWidth * kMarkMargin || x > kChartWidth * (1 - kMarkMargin)) {
            continue;
        }
        all += element("line",
                       {{"class", "axis"},
                        {"x1", coordinate(x)},
                        {"x2", coordinate(x)},
                        {"y1", bottom},
                        {"y2", coordinate(kPlotBottom + 5)}},
                       {});
        all +=
            element("text", {{"class", "mark"}, {"x", coordinate(x)}, {"y", coordinate(kMarkLine)}},
                    text(mark));
    }
    return all;
}

Markup gaps(const Chart& chart, const Plot& plot) {
    Markup all;
    for (const auto& [begin, end] : runs_of(chart.are_known, false)) {
        all += element("rect",
                       {{"fill", filled_with(chart.id + "-gap")},
                        {"x", coordinate(plot.x(begin))},
                        {"y", coordinate(kPlotTop)},
                        {"width", coordinate(plot.x(end) - plot.x(begin))},
                        {"height", coordinate(kPlotBottom - kPlotTop)}},
                       {});
    }
    return all;
}

Markup legend_entry(const std::string& pattern, const Markup& name) {
    const Markup swatch = element(
        "svg", {{"class", "swatch"}, {"viewBox", "0 0 16 16"}, {"aria-hidden", "true"}},
        element("rect", {{"width", "16"}, {"height", "16"}, {"fill", filled_with(pattern)}}, {}));
    return element("li", swatch + name);
}

// As the parts lie above each other.
Markup legend(const Chart& chart, const ChartWords& words) {
    Markup entries;
    for (std::size_t i = chart.parts.size(); i-- > 0;) {
        entries += legend_entry(pattern_id(chart, i), chart.parts[i].name);
    }
    const bool has_gaps =
        std::find(chart.are_known.begin(), chart.are_known.end(), false) != chart.are_known.end();
    return element(
        "ul", {{"class", "legend"}},
        entries + (has_gaps ? legend_entry(chart.id + "-gap", words.unknown) : Markup{}));
}

Markup cell(double value) {
    return element("td", text(rate_text(value)));
}

}  // namespace

std::vector<double> axis_ticks(double highest) {
    const double top = finite(highest) == 0 ? 1 : finite(highest);
    const double rough = top / kIntervals;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    double step = power * 10;
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (power * factor * kIntervals >= top) {
            step = power * factor;
            break;
        }
    }
    const auto count = static_cast<std::size_t>(std::ceil(top / step - kRounding));
    std::vector<double> ticks(count + 1);
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        ticks[i] = step * static_cast<double>(i);
    }
    return ticks;
}

Markup chart_picture(const Chart& chart, const ChartWords& words) {
    const Sums sums = sums_of(chart);
    double highest = 0;
    for (std::size_t i = 0; i < chart.moments.size(); ++i) {
        highest = chart.are_known[i] ? std::max(highest, sums.back()[i]) : highest;
    }
    const auto ticks = axis_ticks(highest);
    const Plot plot(chart.moments.size(), ticks.back());
    Markup areas;
    for (std::size_t i = 0; i < chart.parts.size(); ++i) {
        areas += element("path",
                         {{"class", "area"},
                          {"fill", filled_with(pattern_id(chart, i))},
                          {"d", area_of(chart, plot, sums[i], sums[i + 1])}},
                         {});
    }
    const Markup picture = element(
        "svg",
        {{"class", "chart"},
         {"viewBox", fmt::format("0 0 {} {}", kChartWidth, kChartHeight)},
         {"role", "img"},
         {"aria-labelledby", chart.id + "-title " + chart.id + "-text"}},
        element("title", {{"id", chart.id + "-title"}}, chart.title) +
            element("desc", {{"id", chart.id + "-text"}}, chart.description) + definitions(chart) +
            gaps(chart, plot) + grid(plot, ticks) + areas + labels(chart, plot, ticks));
    return element("figure", picture + legend(chart, words));
}

Markup chart_table(const Chart& chart, const ChartWords& words) {
    const auto heading = [](const Markup& name) { return element("th", {{"scope", "col"}}, name); };
    Markup head = heading(words.moment) + heading(words.total);
    for (const ChartPart& part : chart.parts) {
        head += heading(part.name);
    }
    const Sums sums = sums_of(chart);
    Markup rows;
    for (std::size_t i = chart.moments.size(); i-- > 0;) {
        Markup row = element("th", {{"scope", "row"}}, text(chart.moments[i]));
        if (!chart.are_known[i]) {
            row +=
                element("td", {{"colspan", std::to_string(chart.parts.size() + 1)}}, words.unknown);
        } else {
            row += cell(sums.back()[i]);
            for (const ChartPart& part : chart.parts) {
                row += cell(i < part.values.size() ? part.values[i] : 0);
            }
        }
        rows += element("tr", row);
    }
    return element("table", {{"class", "numbers"}},
                   element("caption", {{"id", chart.id + "-caption"}}, chart.title) +
                       element("thead", element("tr", head)) + element("tbody", rows));
}

}  // namespace ostrakon::web
