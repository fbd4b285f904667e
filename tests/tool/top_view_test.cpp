// What `ostrakon top` shows: rates between two readings, in lines that fit a terminal.
#include "top_view.hpp"
#include "output.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::tool {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::SizeIs;

ServerFigures figures_at(double uptime_seconds, std::uint64_t listed) {
    ServerFigures figures;
    figures.at = UnixTime{1'800'000'000};
    figures.uptime_seconds = uptime_seconds;
    figures.version = "1.2.3";
    figures.workers = 2;
    figures.zones = {"bl.example.org", "wl.example.org"};
    figures.outcomes["bl.example.org"] = {
        {"listed", listed}, {"not_listed", 10 * listed}, {"servfail", 1}};
    figures.outcomes["wl.example.org"] = {{"listed", 3 * listed}};
    figures.outcomes[""] = {{"refused", 5}};
    figures.transports = {{"udp", 14 * listed}, {"tcp", listed}};
    figures.answer_microseconds = {0, 0, 0, 10 * listed, 0, 0, listed};
    figures.tcp_open = 3;
    figures.tcp_open_max = 1024;
    figures.has_database = true;
    figures.database_used = 110 << 20;
    figures.database_size = std::uint64_t{64} << 30;
    figures.serial = 1'800'000'000;
    for (int i = 0; i < 9; ++i) {
        figures.feeds.push_back({fmt::format("feed-{}", i), i == 7 ? "stale" : "fresh", 1000,
                                 UnixTime{figures.at.seconds - 3 * 3600}});
    }
    for (unsigned i = 0; i < 50; ++i) {
        figures.subjects.push_back(
            {fmt::format("192.0.2.{}", i), "bl.example.org", 6000 - i, i % 2 == 0});
        figures.clients.push_back({fmt::format("2001:db8::{:x}", i), "", 600 - i, false});
    }
    figures.top_seconds = 60;
    return figures;
}

std::vector<std::string> texts_of(const std::vector<TopLine>& lines) {
    std::vector<std::string> texts;
    for (const TopLine& line : lines) {
        texts.push_back(line.text);
    }
    return texts;
}

std::vector<TopLine> page(std::size_t width, std::size_t height, TopSort sort = TopSort::Rate) {
    const ServerFigures before = figures_at(100, 1000);
    const ServerFigures after = figures_at(102, 1400);
    return top_lines(after, rates_between(before, after, sort), {width, height}, "q quit");
}

TEST(TopRates, AreWhatWasAddedASecond) {
    const ServerRates rates =
        rates_between(figures_at(100, 1000), figures_at(102, 1400), TopSort::Rate);
    EXPECT_DOUBLE_EQ(rates.queries, 2800);
    EXPECT_DOUBLE_EQ(rates.tcp, 200);
    ASSERT_THAT(rates.zones, SizeIs(3));
    EXPECT_EQ(rates.zones[0].name, "bl.example.org");
    EXPECT_DOUBLE_EQ(rates.zones[0].all, 2200);
    EXPECT_DOUBLE_EQ(rates.zones[0].listed, 200);
    EXPECT_DOUBLE_EQ(rates.zones[0].not_listed, 2000);
    EXPECT_DOUBLE_EQ(rates.zones[0].other, 0);
    EXPECT_EQ(rates.half_us, 8);
    EXPECT_EQ(rates.most_us, 64);
}

TEST(TopRates, BeginAnewWithTheServer) {
    const ServerRates rates =
        rates_between(figures_at(100'000, 1'000'000), figures_at(10, 100), TopSort::Rate);
    EXPECT_DOUBLE_EQ(rates.seconds, 10);
    EXPECT_DOUBLE_EQ(rates.zones[0].listed, 10);
}

TEST(TopRates, SortZones) {
    const auto first = [](TopSort sort) {
        return rates_between(figures_at(100, 1000), figures_at(102, 1400), sort).zones[0].name;
    };
    EXPECT_EQ(first(TopSort::Rate), "bl.example.org");
    EXPECT_EQ(first(TopSort::Listed), "wl.example.org");
    EXPECT_EQ(first(TopSort::Name), "");
    EXPECT_EQ(next_sort(next_sort(next_sort(TopSort::Rate))), TopSort::Rate);
}

TEST(TopPage, SaysAllOnEightyTimesTwentyFour) {
    const auto lines = texts_of(page(80, 24));
    ASSERT_THAT(lines, SizeIs(24));
    EXPECT_EQ(lines[0],
              "ostrakond 1.2.3, up 1m 42s, 2 threads: 2,800 queries/s, 200 of them over TCP");
    EXPECT_EQ(lines[1],
              "half of the answers within 8 µs, 99 % within 64 µs; lost 0/s, limited 0/s");
    EXPECT_EQ(lines[5],
              "bl.example.org           2,200       200     2,000         0         0         0");
    EXPECT_THAT(lines, Contains(AllOf(HasSubstr("*192.0.2.0 "), HasSubstr("2001:db8::"))));
    EXPECT_EQ(lines[2],
              "database 110 MiB of 64 GiB; 9 feeds: 8 fresh, 1 stale; TCP 3 of 1,024 open");
    EXPECT_EQ(lines[18],
              "feed-7                              stale                1,000             3h 0m")
        << "what is in trouble comes first";
    EXPECT_EQ(lines.back(), "q quit");
}

TEST(TopPage, FitsEveryTerminal) {
    for (std::size_t width = 1; width < 200; width += 7) {
        for (std::size_t height = 1; height < 60; ++height) {
            const auto lines = page(width, height);
            EXPECT_EQ(lines.size(), height);
            for (const TopLine& line : lines) {
                EXPECT_LE(width_of(line.text), width) << line.text;
            }
        }
    }
}

TEST(TopPage, ShowsTroubleAsSuch) {
    ServerFigures figures = figures_at(10, 10);
    figures.has_database = false;
    figures.is_configuration_current = false;
    const auto lines =
        top_lines(figures, rates_between({}, figures, TopSort::Rate), {80, 24}, "", "no answer");
    EXPECT_THAT(lines, Contains(AllOf(Field(&TopLine::text, "no answer"),
                                      Field(&TopLine::emphasis, Emphasis::Warning))));
    EXPECT_THAT(texts_of(lines), Contains(HasSubstr("THE DATABASE CANNOT BE READ")));
    EXPECT_THAT(texts_of(lines), Contains(HasSubstr("the last reload found mistakes")));
}

TEST(TopPage, ShowsNothingOfWhatWasAskedAsItCame) {
    ServerFigures figures = figures_at(10, 10);
    figures.subjects[0].what = "\x1B[2J\xFF";
    const auto lines =
        texts_of(top_lines(figures, rates_between({}, figures, TopSort::Rate), {80, 60}));
    EXPECT_THAT(lines, Contains(HasSubstr("*\\x1B[2J\\xFF")));
}

TEST(ServerFigures, ThatAreNoneAreRefused) {
    EXPECT_FALSE(figures::parse_figures(""));
    EXPECT_FALSE(figures::parse_figures("[]"));
    EXPECT_FALSE(figures::parse_figures(R"({"at": 7})"));
}

}  // namespace
}  // namespace ostrakon::tool
