// Whether a record of a backup is one that this program could have written: so that whoever reads
// it later, the server above all, need not ask. Included by restore.cpp only.
#pragma once

#include "ostrakon/policy/restore.hpp"
#include "ostrakon/store/transaction.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace ostrakon::policy {

/// The tables that hold what was decided; all others are derived from them.
inline constexpr std::array<store::Table, 20> kTruthTables{
    store::Table::Classes,     store::Table::Layers,      store::Table::Feeds,
    store::Table::Listings,    store::Table::Subjects,    store::Table::Expiry,
    store::Table::EntriesIpv4, store::Table::EntriesIpv6, store::Table::EntriesName,
    store::Table::Values,      store::Table::ValueIds,    store::Table::Changes,
    store::Table::Maps,        store::Table::MapBlocks,   store::Table::Complaints,
    store::Table::Messages,    store::Table::Requests,    store::Table::References,
    store::Table::Rechecks,    store::Table::Pulls};
// The audit trail is looked at apart: store::Table::Events.

/// Looks at one record after the other and counts what they are.
class RecordCheck {
public:
    /// Whether it can be.
    bool accepts(store::Table table, std::string_view key, std::string_view value);

    const BackupFigures& figures() const { return figures_; }
    /// The highest numbers that were seen.
    std::uint64_t listing_max() const { return listing_max_; }
    std::uint64_t value_max() const { return value_max_; }
    std::uint64_t layer_max() const { return layer_max_; }
    std::uint64_t map_max() const { return map_max_; }
    std::uint64_t event_max() const { return event_max_; }
    std::uint64_t change_max() const { return change_max_; }
    std::uint64_t complaint_max() const { return complaint_max_; }
    std::uint64_t request_max() const { return request_max_; }

private:
    bool accepts_layer(std::string_view key, std::string_view value);
    bool accepts_feed(std::string_view key, std::string_view value);
    bool accepts_listing(std::string_view key, std::string_view value);
    bool accepts_map(std::string_view key, std::string_view value);
    bool accepts_value(std::string_view key, std::string_view value);
    bool accepts_event(std::string_view key, std::string_view value);
    bool accepts_change(std::string_view key, std::string_view value);
    bool accepts_complaint(std::string_view key, std::string_view value);
    bool accepts_request(std::string_view key, std::string_view value);

    BackupFigures figures_;
    std::uint64_t listing_max_ = 0, value_max_ = 0, layer_max_ = 0, map_max_ = 0;
    std::uint64_t event_max_ = 0, change_max_ = 0;
    std::uint64_t complaint_max_ = 0, request_max_ = 0;
};

}  // namespace ostrakon::policy
