// What a map says as ascending ranges that do not meet, and several maps as one.
#pragma once

#include "ostrakon/policy/map_contents.hpp"

#include <vector>

namespace ostrakon::policy {

/// Ranges in any order as ascending ones that do not meet: where several lie over each other the
/// narrowest counts, of equal ones the last. Neighbours of one origin become one range.
template <class A>
std::vector<MapRange<A>> flattened(const std::vector<MapRange<A>>& ranges);
extern template std::vector<MapRange<net::Ipv4>> flattened(const std::vector<MapRange<net::Ipv4>>&);
extern template std::vector<MapRange<net::Ipv6>> flattened(const std::vector<MapRange<net::Ipv6>>&);

/// Fills the gaps of ascending ranges with others: as one map, the first that knows an address.
template <class A>
std::vector<MapRange<A>> overlaid(const std::vector<MapRange<A>>& first,
                                  const std::vector<MapRange<A>>& second);
extern template std::vector<MapRange<net::Ipv4>> overlaid(const std::vector<MapRange<net::Ipv4>>&,
                                                          const std::vector<MapRange<net::Ipv4>>&);
extern template std::vector<MapRange<net::Ipv6>> overlaid(const std::vector<MapRange<net::Ipv6>>&,
                                                          const std::vector<MapRange<net::Ipv6>>&);

}  // namespace ostrakon::policy
