// Which requests somebody is to be told of: open ones that nobody was told of before.
#pragma once

#include "ostrakon/policy/requests.hpp"

#include <vector>

namespace ostrakon::policy {

/// Open requests behind the last that was told of, oldest first. Error: Store.
Result<std::vector<Request>> untold_requests(store::Environment& environment);

/// All up to this one have been told of. It is no change set: nothing that is served or shown
/// changes. Error: Store. The caller holds the writer lock.
Result<Done> mark_told(store::Environment& environment, RequestId last);

}  // namespace ostrakon::policy
