// The audit trail and the list of change sets.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/store/listing.hpp"
#include "ostrakon/store/transaction.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace ostrakon::store {

/// One line of the audit trail. Append only.
struct Event {
    std::uint64_t sequence = 0;
    UnixTime at;
    std::string by;
    ChangeId change = 0;
    std::string command;
    std::string subject;  ///< Empty for what concerns many at once.
    std::string listing_class;
    std::string what;
    std::string reason;
};

/// Appends; `event.sequence` is given by the database.
void append_event(WriteTransaction& transaction, const Event& event);
/// Calls `visit` for every event, oldest first, until it returns false.
void for_each_event(const Transaction& transaction, const std::function<bool(const Event&)>& visit);
/// The same, newest first.
void for_each_event_backwards(const Transaction& transaction,
                              const std::function<bool(const Event&)>& visit);

/// One change set: one command, all or nothing.
struct Change {
    ChangeId id = 0;
    UnixTime at;
    std::string by;
    std::string command;
    std::uint64_t addresses = 0;
    std::uint64_t names = 0;
    std::uint32_t serial = 0;
    bool undone = false;
    ChangeId undoes = 0;  ///< The change set that this one takes back; 0: none.
};

void put_change(WriteTransaction& transaction, const Change& change);
std::optional<Change> get_change(const Transaction& transaction, ChangeId id);

}  // namespace ostrakon::store
