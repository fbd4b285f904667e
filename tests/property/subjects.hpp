// Subjects and queries that meet where mistakes are made: nested, overlapping, unaligned, at the
// borders of the blocks in which the index is cut, and at the ends of the space.
#pragma once

#include "model.hpp"
#include "random.hpp"

namespace ostrakon::property {

/// How wide prefixes may be. Wide ones touch every block of the index and make each step slow.
enum class Width : std::uint8_t { Narrow, Wide };

policy::Subject random_subject(Random& random, Width width);

/// Both ends of every subject and their neighbours, a name with its parent and what is below it,
/// and some places at random. Every stretch between two ends has one of them.
std::vector<Query> critical_queries(const std::vector<const Record*>& records,
                                    const config::ProtectSettings& protect, Random& random);

}  // namespace ostrakon::property
