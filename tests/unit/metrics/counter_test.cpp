// Counters, histograms and numbers of names.
#include "ostrakon/metrics/counter.hpp"
#include "ostrakon/metrics/name_rows.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace ostrakon::metrics {
namespace {

TEST(Histogram, PutsAValueBelowTheFirstBoundThatHoldsIt) {
    struct Case {
        std::uint64_t value;
        std::size_t bucket;
    };
    for (const auto& [value, bucket] : {Case{0, 0}, Case{1, 0}, Case{2, 1}, Case{3, 2}, Case{4, 2},
                                        Case{5, 3}, Case{8, 3}, Case{9, 4}, Case{UINT64_MAX, 4}}) {
        SCOPED_TRACE(value);
        Histogram<4> histogram;
        histogram.note(value, 3);
        EXPECT_EQ(histogram.count(bucket), 3);
        EXPECT_EQ(histogram.sum(), value * 3);
    }
}

TEST(NameRows, KeepsANameItsNumber) {
    NameRows rows(4);
    EXPECT_EQ(rows.number_of("own"), 1);
    EXPECT_EQ(rows.number_of("drop"), 2);
    EXPECT_EQ(rows.number_of("own"), 1);
    EXPECT_EQ(rows.size(), 3);
    EXPECT_EQ(rows.name(2), "drop");
}

TEST(NameRows, GivesWhatHasNoRoomOneNumberTogether) {
    NameRows rows(2);
    EXPECT_EQ(rows.number_of("own"), 1);
    EXPECT_EQ(rows.number_of("drop"), 0);
    EXPECT_EQ(rows.number_of("edrop"), 0);
    EXPECT_EQ(rows.name(0), NameRows::kRest);
}

}  // namespace
}  // namespace ostrakon::metrics
