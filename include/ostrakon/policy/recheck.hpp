// Listings of `diagnose --ban` that are to be diagnosed again, and what came of it.
//
// DNS is asked between the two, without the writer lock: due_rechecks() reads a snapshot, expire()
// takes the findings.
//
// Rechecks table. Key: when it was last looked into (u64, seconds), id (u32), most significant byte
// first; of every listing in force that has a Diagnosed. No value.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/base/time.hpp"
#include "ostrakon/net/address.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/store/listing.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace ostrakon::policy {

/// The key of a listing that has a Diagnosed.
std::string recheck_key(const store::Listing& listing);

/// A listing to look into.
struct DueRecheck {
    net::Address address;
    store::Listing listing;
};

/// Those that were last looked into `age` before `at` or earlier, the oldest first, at most
/// `count_max` of them. Costs one look where none is due.
Result<std::vector<DueRecheck>> due_rechecks(store::Environment& environment, Duration age,
                                             UnixTime at, std::size_t count_max);

/// A listing that was looked into.
struct Rechecked {
    store::Listing listing;  ///< As due_rechecks gave it.
    bool passes = false;     ///< All checks pass. Else it stays as it is, until it is due again.
};

}  // namespace ostrakon::policy
