// The curve goes once through every cell, from neighbour to neighbour, as in the maps that are
// known.
#include "ostrakon/hilbert/curve.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <vector>

namespace ostrakon::hilbert {
namespace {

TEST(Curve, VisitsEachCellOnceAndGoesToANeighbour) {
    for (unsigned order = 0; order <= 8; ++order) {
        SCOPED_TRACE(order);
        const std::uint32_t side = 1U << order;
        std::vector<bool> seen(std::size_t{side} * side);
        Cell last{};
        for (std::uint64_t index = 0; index < seen.size(); ++index) {
            const Cell cell = cell_of(index, order);
            ASSERT_LT(cell.x, side);
            ASSERT_LT(cell.y, side);
            ASSERT_FALSE(seen[std::size_t{cell.y} * side + cell.x]) << index;
            seen[std::size_t{cell.y} * side + cell.x] = true;
            const int distance = std::abs(static_cast<int>(cell.x) - static_cast<int>(last.x)) +
                                 std::abs(static_cast<int>(cell.y) - static_cast<int>(last.y));
            ASSERT_EQ(distance, index == 0 ? 0 : 1) << index;
            last = cell;
        }
        EXPECT_EQ(last, (Cell{side - 1, 0})) << "it ends top right";
    }
}

// The first two rows of the map of /8s that everybody knows (xkcd 195).
TEST(Curve, HasTheSlashEightsWhereMapsHaveThem) {
    constexpr std::array<std::array<std::uint32_t, 16>, 2> kRows{{
        {0, 1, 14, 15, 16, 19, 20, 21, 234, 235, 236, 239, 240, 241, 254, 255},
        {3, 2, 13, 12, 17, 18, 23, 22, 233, 232, 237, 238, 243, 242, 253, 252},
    }};
    for (std::uint32_t y = 0; y < kRows.size(); ++y) {
        for (std::uint32_t x = 0; x < 16; ++x) {
            EXPECT_EQ(cell_of(kRows[y][x], 4), (Cell{x, y})) << kRows[y][x];
        }
    }
}

TEST(Curve, ShowsTheSameInFinerMaps) {
    for (std::uint64_t index = 0; index < 1U << 16; ++index) {
        const Cell fine = cell_of(index, 8);
        EXPECT_EQ((Cell{fine.x >> 2, fine.y >> 2}), cell_of(index >> 4, 6));
    }
}

}  // namespace
}  // namespace ostrakon::hilbert
