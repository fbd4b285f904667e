// A chart of amounts over time, stacked, as SVG; and the same numbers as a table.
//
// Pure functions from numbers to markup. Colours are classes of the style sheet ("k-…"); patterns
// tell the parts apart for who sees no colours, and times without figures are hatched.
#pragma once

#include "ostrakon/web/markup.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace ostrakon::web {

struct ChartPart {
    Markup name;
    std::string colour;  ///< A class of the style sheet.
    std::vector<double> values;
};

struct Chart {
    std::string id;  ///< Letters, digits and hyphens; no other of the page has it.
    Markup title;
    Markup description;                ///< What it shows, for who cannot see it.
    std::vector<std::string> moments;  ///< When each bucket begins.
    std::vector<bool> are_known;       ///< False: nothing is known of that bucket.
    /// What is written below the axis, by the numbers of buckets.
    std::vector<std::pair<std::size_t, std::string>> marks;
    std::vector<ChartPart> parts;  ///< From the bottom up.
};

struct ChartWords {
    Markup moment, total, unknown;  ///< "Time (UTC)", "All", "no figures"
};

/// The picture with its legend.
Markup chart_picture(const Chart& chart, const ChartWords& words);
/// The latest first. Its caption has the name "ID-caption".
Markup chart_table(const Chart& chart, const ChartWords& words);

/// Round numbers from 0 up, at most six, of which the last is at least `highest`.
std::vector<double> axis_ticks(double highest);

}  // namespace ostrakon::web
