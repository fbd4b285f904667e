// Small steps over ranges of addresses that the sources about maps share. Included by them only.
#pragma once

#include "ostrakon/policy/map_contents.hpp"

#include <vector>

namespace ostrakon::policy {

/// The address behind one that is not the last.
template <class A>
A next_to(A address) {
    return A{static_cast<typename A::Bits>(address.bits + 1)};
}
/// The address before one that is not the first.
template <class A>
A previous_to(A address) {
    return A{static_cast<typename A::Bits>(address.bits - 1)};
}

/// Appends a range of a known origin, to the last one where they are neighbours of one origin.
template <class A>
void append_range(std::vector<MapRange<A>>& ranges, const MapRange<A>& range) {
    if (range.number == 0) {
        return;
    }
    if (!ranges.empty() && ranges.back().number == range.number &&
        next_to(ranges.back().range.last) == range.range.first) {
        ranges.back().range.last = range.range.last;
        return;
    }
    ranges.push_back(range);
}

}  // namespace ostrakon::policy
