// Taking a backup back: the truth of another database file in place of the present one, in one
// change set, while servers go on answering.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/policy/decide.hpp"
#include "ostrakon/store/backup_reader.hpp"
#include "ostrakon/store/environment.hpp"

#include <cstdint>
#include <functional>

namespace ostrakon::policy {

/// What lies in a backup.
struct BackupFigures {
    std::uint64_t own_listings = 0;  ///< Active ones, allows not counted.
    std::uint64_t own_allows = 0;
    std::uint64_t history = 0;  ///< Lifted, expired, warnings.
    std::uint64_t feeds = 0;
    std::uint64_t feed_entries = 0;  ///< As the feeds' records say.
    std::uint32_t serial = 0;
};

using BackupProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Reads all that `restore` would take over and checks every record of it. Errors are of kind
/// Usage.
Result<BackupFigures> verify(const store::BackupReader& backup, const BackupProgress& progress);

struct RestoreReport {
    store::ChangeId change = 0;
    std::uint32_t serial = 0;
    BackupFigures figures;
    bool is_trail_kept = false;  ///< The audit trail here goes on from that of the backup.
};

/// Puts the backup's listings, feeds and entries in place of those in the database, derives the
/// index from nothing in a new epoch, and clears the journal; the serial is higher than both. Where
/// the audit trail of the database begins with that of the backup it stays, else it becomes the
/// backup's; either way the restore is added to it. On an error nothing has changed. The caller
/// holds the writer lock.
Result<RestoreReport> restore(store::Environment& environment, const store::BackupReader& backup,
                              const Author& author, const BackupProgress& progress);

}  // namespace ostrakon::policy
