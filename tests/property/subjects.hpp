// Subjects and queries that meet where mistakes are made: nested, overlapping, unaligned, at the
// borders of the blocks in which the index is cut, and at the ends of the space.
#pragma once

#include "model.hpp"
#include "random.hpp"

namespace ostrakon::property {

/// Where subjects lie.
enum class Spread : std::uint8_t {
    Borders,  ///< At the ends of the space and at the borders of blocks.
    Wide,     ///< There too, and some as wide as the space: they touch every block of the index.
    Crowded,  ///< Many in few places, so that blocks of the index grow full and are split.
};

policy::Subject random_subject(Random& random, Spread spread);

/// A range as maps have it, in places as those of subjects.
net::AddressRange random_addresses(Random& random, Spread spread);
/// One of a few AS and countries.
net::Origin random_origin(Random& random);
/// A glob over the names of random_subject, or a regular expression.
pattern::Pattern random_pattern(Random& random);

/// Both ends of every subject and line of a map and their neighbours, a name with its parent and
/// what is below it, and some places at random. Every stretch between two ends has one of them.
std::vector<Query> critical_queries(const std::vector<const Record*>& records,
                                    const std::map<std::string, std::vector<MapLine>>& maps,
                                    const config::ProtectSettings& protect, Random& random);

}  // namespace ostrakon::property
