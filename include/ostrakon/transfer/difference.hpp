// What came and went between two states of a zone, as records: what an incremental transfer sends
// (RFC 1995).
//
// Not by comparing two whole zones: the database says what was touched between the two, and only
// the nodes there are made, once out of each state. Where a wildcard above them has become another
// one, that reaches further, and so does the comparison.
#pragma once

#include "ostrakon/policy/touched.hpp"
#include "ostrakon/transfer/zone_records.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace ostrakon::transfer {

/// Records of one state that are compared; a change that touches more is for a whole transfer.
inline constexpr std::size_t kComparedRecordsMax = 200'000;

/// Without the SOA records. Sorted; no record is in both.
struct Difference {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::vector<Record> removed;
    std::vector<Record> added;
};

/// The difference between two states of one zone, served as the same configuration says. `touched`
/// is what change sets have touched in between. Nothing where that is too much to compare, or could
/// not be read: then the whole zone has to go.
std::optional<Difference> difference_between(Contents& before, Contents& after,
                                             const policy::Touched& touched);

/// Bytes of memory that it takes, about.
std::size_t size_of(const Difference& difference);

}  // namespace ostrakon::transfer
