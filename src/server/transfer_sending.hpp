// One transfer, from the request to its last message. Included by this module's sources only.
#pragma once

#include "ostrakon/server/handed_over.hpp"
#include "ostrakon/server/transfer_service.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/transfer/zone_history.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

namespace ostrakon::server {

/// A transfer that its client may have, and with what it was granted.
struct TransferJob {
    HandedOver connection;
    std::shared_ptr<const responder::Site> site;
    UnixTime received;
};

/// What it reads from.
struct TransferState {
    store::Environment& environment;
    const transfer::ZoneHistory* history;  ///< Of the job's rulebook; null: none.
    /// From behind this serial on the catalog has not changed; empty: not known.
    std::optional<std::uint32_t> catalog_since;
    const std::atomic<bool>& is_ending;  ///< It ends at once when this is true.
    TransferCounters& counters;
};

/// Sends it, and says in the log how that went. False: the connection is of no more use.
bool send_transfer(TransferJob& job, const TransferState& state);

/// Answers that it cannot be sent now. False: the connection is of no more use.
bool send_refusal(TransferJob& job);

}  // namespace ostrakon::server
