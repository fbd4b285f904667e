#include "ostrakon/policy/map_ranges.hpp"

#include "range_steps.hpp"

#include <algorithm>
#include <queue>
#include <tuple>

namespace ostrakon::policy {
namespace {

// What holds at a place: the narrowest first, of equal ones the last of the list.
template <class A>
struct Layered {
    MapRange<A> range;
    std::size_t position = 0;
    friend bool operator<(const Layered& a, const Layered& b) {
        const auto width = [](const Layered& x) {
            return static_cast<typename A::Bits>(x.range.range.last.bits -
                                                 x.range.range.first.bits);
        };
        return std::tuple{width(b), a.position} < std::tuple{width(a), b.position};
    }
};

}  // namespace

template <class A>
std::vector<MapRange<A>> flattened(const std::vector<MapRange<A>>& ranges) {
    std::vector<Layered<A>> sorted;
    sorted.reserve(ranges.size());
    for (const MapRange<A>& range : ranges) {
        sorted.push_back({range, sorted.size()});
    }
    const auto begins_before = [](const Layered<A>& a, const Layered<A>& b) {
        return a.range.range.first < b.range.range.first;
    };
    if (!std::is_sorted(sorted.begin(), sorted.end(), begins_before)) {
        std::stable_sort(sorted.begin(), sorted.end(), begins_before);
    }
    std::vector<MapRange<A>> flat;
    std::priority_queue<Layered<A>> holding;
    std::size_t next = 0;
    A at{};
    while (next < sorted.size() || !holding.empty()) {
        while (!holding.empty() && holding.top().range.range.last < at) {
            holding.pop();
        }
        if (holding.empty()) {
            if (next == sorted.size()) {
                break;
            }
            at = std::max(at, sorted[next].range.range.first);
        }
        for (; next < sorted.size() && sorted[next].range.range.first <= at; ++next) {
            if (sorted[next].range.range.last >= at) {
                holding.push(sorted[next]);
            }
        }
        if (holding.empty()) {
            continue;
        }
        A last = holding.top().range.range.last;
        if (next < sorted.size()) {
            last = std::min(last, previous_to(sorted[next].range.range.first));
        }
        append_range(flat, {{at, last}, holding.top().range.number});
        if (last == net::everything<A>().last) {
            break;
        }
        at = next_to(last);
    }
    return flat;
}
template std::vector<MapRange<net::Ipv4>> flattened(const std::vector<MapRange<net::Ipv4>>&);
template std::vector<MapRange<net::Ipv6>> flattened(const std::vector<MapRange<net::Ipv6>>&);

template <class A>
std::vector<MapRange<A>> overlaid(const std::vector<MapRange<A>>& first,
                                  const std::vector<MapRange<A>>& second) {
    std::vector<MapRange<A>> both;
    auto cover = first.begin();  // the first of `first` that is not in `both` yet
    for (MapRange<A> gap : second) {
        bool is_left = true;
        while (is_left && cover != first.end() && cover->range.first <= gap.range.last) {
            if (gap.range.first < cover->range.first) {
                append_range(both,
                             {{gap.range.first, previous_to(cover->range.first)}, gap.number});
            }
            is_left = cover->range.last < gap.range.last;
            if (is_left) {
                gap.range.first = std::max(gap.range.first, next_to(cover->range.last));
                append_range(both, *cover++);
            }  // else it goes on behind this gap, and is appended there
        }
        if (is_left) {
            append_range(both, gap);
        }
    }
    for (; cover != first.end(); ++cover) {
        append_range(both, *cover);
    }
    return both;
}
template std::vector<MapRange<net::Ipv4>> overlaid(const std::vector<MapRange<net::Ipv4>>&,
                                                   const std::vector<MapRange<net::Ipv4>>&);
template std::vector<MapRange<net::Ipv6>> overlaid(const std::vector<MapRange<net::Ipv6>>&,
                                                   const std::vector<MapRange<net::Ipv6>>&);

}  // namespace ostrakon::policy
