// The text that Prometheus reads, byte for byte.
#include "ostrakon/metrics/prometheus_text.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ostrakon::metrics {
namespace {

TEST(PrometheusText, WritesFamiliesWithTheirSamples) {
    PrometheusText text;
    text.family("ostrakon_queries_total", Kind::Counter, "Queries.");
    text.sample({{"zone", "bl.example.org"}, {"type", "A"}}, std::uint64_t{18446744073709551615U});
    text.sample({}, 0.25);
    text.family("ostrakon_workers", Kind::Gauge, "Threads.");
    text.sample(2);
    EXPECT_EQ(text.text(),
              "# HELP ostrakon_queries_total Queries.\n"
              "# TYPE ostrakon_queries_total counter\n"
              "ostrakon_queries_total{zone=\"bl.example.org\",type=\"A\"} 18446744073709551615\n"
              "ostrakon_queries_total 0.25\n"
              "# HELP ostrakon_workers Threads.\n"
              "# TYPE ostrakon_workers gauge\n"
              "ostrakon_workers 2\n");
}

TEST(PrometheusText, KeepsLabelValuesInTheirQuotes) {
    PrometheusText text;
    text.family("m", Kind::Gauge, "h");
    text.sample({{"a", "\"\\\n\xff"}}, std::uint64_t{1});
    EXPECT_EQ(text.text(), "# HELP m h\n# TYPE m gauge\nm{a=\"\\\"\\\\\\n?\"} 1\n");
}

TEST(PrometheusText, AddsTheBucketsOfAHistogramUp) {
    PrometheusText text;
    text.family("m", Kind::Histogram, "h");
    text.histogram(std::array<std::uint64_t, 4>{1, 0, 2, 3}, 40, 1e-6);
    EXPECT_EQ(text.text(),
              "# HELP m h\n# TYPE m histogram\n"
              "m_bucket{le=\"1e-06\"} 1\nm_bucket{le=\"2e-06\"} 1\nm_bucket{le=\"4e-06\"} 3\n"
              "m_bucket{le=\"+Inf\"} 6\nm_sum 4e-05\nm_count 6\n");
}

}  // namespace
}  // namespace ostrakon::metrics
