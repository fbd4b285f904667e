// What was listed is counted by source and class, whatever mixtures there are.
#include "ostrakon/verdict/listing_tally.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ostrakon::verdict {
namespace {

using Part = ListingTally::Part;
using Sums = ListingTally::Sums;

Sums sums_of(const ListingTally& tally) {
    Sums sums;
    tally.add_to(sums);
    return sums;
}

TEST(ListingTally, CountsEachPartOfAMixture) {
    ListingTally tally;
    const Part own{tally.source("own"), tally.listing_class("ip")};
    const Part feed{tally.source("drop"), tally.listing_class("upstream")};
    const ListingMix one = tally.mix_of(std::array{own});
    const ListingMix both = tally.mix_of(std::array{own, feed});
    EXPECT_NE(one, both);
    EXPECT_EQ(tally.mix_of(std::array{own}), one) << "has its number for ever";
    tally.count(one);
    tally.count(both);
    tally.count(both);
    EXPECT_EQ(sums_of(tally), (Sums{{{"own", "ip"}, 3}, {{"drop", "upstream"}, 2}}));
}

TEST(ListingTally, PutsTogetherWhatHasNoNumberLeft) {
    ListingTally tally;
    const std::uint16_t source = tally.source("own");
    for (std::size_t i = 0; i < ListingTally::kMixesMax; ++i) {
        const Part part{source, static_cast<std::uint16_t>(i)};
        const Part other{static_cast<std::uint16_t>(i % 7), 0};
        tally.mix_of(std::array{part, other});
    }
    const ListingMix last = tally.mix_of(std::array{Part{source, 200}, Part{source, 201}});
    EXPECT_EQ(last, 0);
    tally.count(last);
    EXPECT_EQ(sums_of(tally), (Sums{{{"(others)", "(others)"}, 1}}));
}

TEST(ListingTally, HasRoomForSoManySources) {
    ListingTally tally;
    for (std::size_t i = 1; i < ListingTally::kSourcesMax; ++i) {
        EXPECT_EQ(tally.source("feed-" + std::to_string(i)), i);
    }
    EXPECT_EQ(tally.source("one more"), 0);
}

}  // namespace
}  // namespace ostrakon::verdict
