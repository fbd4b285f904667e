// How far a feed may go in one step: how much it may shrink and grow, how wide an entry may be, how
// much all of them may cover. Included by this module's sources only.
#pragma once

#include "ostrakon/policy/entries.hpp"
#include "ostrakon/policy/import.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ostrakon::policy {

// One data set of the feed: what its layer holds and what it is to hold.
struct DataSet {
    std::string label;
    std::optional<LayerId> layer;
    EntryList old, fresh;
};

/// What the entries cover; overlaps count twice.
Coverage coverage_of(const EntryList& list);

/// ErrorCode::Refused, with how to take it all the same.
Unexpected<Error> refuse_step(const std::string& feed, std::string why);

/// Refuses more addresses than the import's covered_max allows, besides those that never answer.
Result<Done> check_covered(const config::ProtectSettings& protect, const Import& import,
                           const std::vector<DataSet>& data_sets);

/// Refuses what is beyond max_width, max_shrink and max_growth. The first version is no step, nor
/// is an empty one where the feed may be empty.
Result<Done> check_step(const config::Settings& settings, const Import& import,
                        const std::vector<DataSet>& data_sets);

}  // namespace ostrakon::policy
