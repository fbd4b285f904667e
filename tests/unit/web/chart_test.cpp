// Charts: round numbers at the axis, gaps, and nothing that a name could break.
#include "chart.hpp"
#include "number_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace ostrakon::web {
namespace {

using testing::AllOf;
using testing::DoubleEq;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Chart chart_of(std::vector<std::vector<double>> parts, std::vector<bool> are_known) {
    Chart chart;
    chart.id = "c";
    chart.title = text("Queries");
    chart.description = text("Highest 3");
    for (std::size_t i = 0; i < are_known.size(); ++i) {
        chart.moments.push_back("03:0" + std::to_string(i));
    }
    chart.are_known = std::move(are_known);
    for (auto& values : parts) {
        chart.parts.push_back({text("part"), "k-0", std::move(values)});
    }
    return chart;
}

const ChartWords kWords{text("Time"), text("All"), text("no figures")};

std::string picture(const Chart& chart) {
    return chart_picture(chart, kWords).html();
}
std::string table(const Chart& chart) {
    return chart_table(chart, kWords).html();
}

TEST(Chart, HasRoundNumbersAtItsAxis) {
    EXPECT_THAT(axis_ticks(0),
                ElementsAre(0, DoubleEq(0.2), DoubleEq(0.4), DoubleEq(0.6), DoubleEq(0.8), 1));
    EXPECT_THAT(axis_ticks(7), ElementsAre(0, 2, 4, 6, 8));
    EXPECT_THAT(axis_ticks(10), ElementsAre(0, 2, 4, 6, 8, 10));
    EXPECT_THAT(axis_ticks(10.1), ElementsAre(0, 5, 10, 15));
    EXPECT_THAT(axis_ticks(1500), ElementsAre(0, 500, 1000, 1500));
    for (const double highest : {1e-9, 0.03, 1.0, 99.99, 12345.0, 1e15}) {
        const auto ticks = axis_ticks(highest);
        EXPECT_GE(ticks.back(), highest * (1 - 1e-9)) << highest;
        EXPECT_LE(ticks.size(), 6U) << highest;
    }
    EXPECT_EQ(axis_ticks(-1).back(), 1);
    EXPECT_EQ(axis_ticks(std::numeric_limits<double>::quiet_NaN()).back(), 1);
    EXPECT_EQ(axis_ticks(std::numeric_limits<double>::infinity()).back(), 1);
}

TEST(Chart, StacksItsParts) {
    // Between 240 and 22, of 0 to 3: the first part reaches 1, the second 3.
    EXPECT_THAT(picture(chart_of({{1}, {2}}, {true})),
                AllOf(HasSubstr("M0.0 240.0V167.3H720.0V240.0H0.0Z"),
                      HasSubstr("M0.0 167.3V22.0H720.0V167.3H0.0Z")))
        << picture(chart_of({{1}, {2}}, {true}));
}

TEST(Chart, LeavesAGapWhereNothingIsKnown) {
    const std::string drawn = picture(chart_of({{3, 9, 3}}, {true, false, true}));
    EXPECT_THAT(drawn, AllOf(HasSubstr("ZM480.0 240.0"), HasSubstr("url(#c-gap)\" x=\"240.0\"")));
}

TEST(Chart, DrawsWhateverTheNumbersAre) {
    const double huge = std::numeric_limits<double>::max();
    const double none = std::numeric_limits<double>::quiet_NaN();
    for (const auto& chart :
         {chart_of({}, {}), chart_of({{}}, {true}), chart_of({{0, 0}}, {true, true}),
          chart_of({{1}}, {false}), chart_of({{1e17, 5}}, {true, true}),
          chart_of({{none, -1}}, {true, true}), chart_of({{huge}, {huge}}, {true})}) {
        const std::string drawn = picture(chart) + table(chart);
        EXPECT_THAT(drawn,
                    AllOf(Not(HasSubstr("nan")), Not(HasSubstr("inf")), Not(HasSubstr("NaN"))));
        EXPECT_LT(drawn.size(), 10'000U);
    }
}

TEST(Chart, EscapesWhatItIsGiven) {
    Chart chart = chart_of({{1}}, {true});
    chart.parts[0].name = text("<script>");
    chart.parts[0].colour = "\"><script>";
    chart.moments[0] = "<script>";
    chart.marks = {{0, "<script>"}};
    chart.id = "\"<script>";
    EXPECT_THAT(picture(chart) + table(chart), Not(HasSubstr("<script")));
}

TEST(Chart, SaysItInWordsToo) {
    const Chart chart = chart_of({{1, 1}, {2, 0}}, {true, false});
    EXPECT_THAT(picture(chart),
                AllOf(HasSubstr("role=\"img\""), HasSubstr("<title id=\"c-title\">Queries</title>"),
                      HasSubstr("<desc id=\"c-text\">Highest 3</desc>"),
                      HasSubstr("aria-labelledby=\"c-title c-text\"")));
    EXPECT_THAT(table(chart),
                AllOf(HasSubstr("<th scope=\"row\">03:00</th><td>3</td><td>1</td><td>2</td>"),
                      HasSubstr("<td colspan=\"3\">no figures</td>")));
}

TEST(Chart, TellsItsPartsApartWithoutColours) {
    const std::string drawn = picture(chart_of({{1}, {1}, {1}}, {true}));
    const std::string lines = "class=\"lines\"";
    int count = 0;
    for (std::size_t at = drawn.find(lines); at != std::string::npos;
         at = drawn.find(lines, at + 1)) {
        ++count;
    }
    EXPECT_EQ(count, 3) << "the second and third part, and gaps";
}

TEST(NumberText, HasAsManyDigitsAsSaySomething) {
    const std::vector<std::pair<double, std::string>> rates{
        {0, "0"},        {-1, "0"},       {0.001, "< 0.01"}, {0.03, "0.03"},      {0.5, "0.5"},
        {7.456, "7.46"}, {12.34, "12.3"}, {99.6, "100"},     {1250, "1\u202F250"}};
    for (const auto& [rate, said] : rates) {
        EXPECT_EQ(rate_text(rate), said);
    }
    EXPECT_EQ(rate_text(std::numeric_limits<double>::quiet_NaN()), "0");
    EXPECT_EQ(count_text(0), "0");
    EXPECT_EQ(count_text(1'234'567), "1\u202F234\u202F567");
    EXPECT_EQ(bytes_text(999), "999\u202FB");
    EXPECT_EQ(bytes_text(999'999'999), "1\u202FGB");
    EXPECT_EQ(bytes_text(1500), "1.5\u202FkB");
    EXPECT_EQ(bytes_text(4'000'000'000), "4\u202FGB");
    EXPECT_EQ(age_text(-5), "0\u202Fs");
    EXPECT_EQ(age_text(119), "119\u202Fs");
    EXPECT_EQ(age_text(3 * 3600), "3\u202Fh");
    EXPECT_EQ(age_text(49 * 3600), "2\u202Fd");
}

}  // namespace
}  // namespace ostrakon::web
