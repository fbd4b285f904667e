// The Hilbert curve as maps of the Internet have it: a line through all cells of a square, on which
// what is close in number is close in the picture, and every prefix of even length is a square.
//
// 0.0.0.0 is top left, 255.255.255.255 top right, as in the maps that are known (xkcd 195,
// ipv4-heatmap).
#pragma once

#include <cstdint>

namespace ostrakon::hilbert {

/// A cell: x from the left, y from the top.
struct Cell {
    std::uint32_t x = 0;
    std::uint32_t y = 0;
    friend constexpr bool operator==(Cell, Cell) = default;
};

/// Where number `index` lies in a square of 2^order by 2^order cells; index < 4^order, order ≤ 16.
/// With two more bits at the end of the index the cell is cut into four: coarser maps show the
/// same.
constexpr Cell cell_of(std::uint64_t index, unsigned order) noexcept {
    Cell cell;
    for (unsigned level = 0; level < order; ++level) {
        const std::uint32_t side = 1U << level;
        const auto quarter = static_cast<std::uint32_t>(index >> (2 * level) & 3);
        const std::uint32_t right = quarter >> 1;
        const std::uint32_t down = (quarter ^ right) & 1;
        if (down == 0) {  // the first quarter is turned one way, the last the other
            const Cell before = cell;
            cell = right == 0 ? Cell{before.y, before.x}
                              : Cell{side - 1 - before.y, side - 1 - before.x};
        }
        cell.x += side * right;
        cell.y += side * down;
    }
    return cell;
}

}  // namespace ostrakon::hilbert
