// The database's own figures: schema version, epoch, serial, the next ids.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/store/transaction.hpp"

#include <cstdint>
#include <string_view>

namespace ostrakon::store {

/// The shape of the tables that this program writes. A newer one is refused, an older one migrated.
inline constexpr std::uint64_t kSchemaVersion = 9;
/// The oldest that is migrated.
inline constexpr std::uint64_t kSchemaOldest = 2;

namespace meta_key {
inline constexpr std::string_view kMagic =
    "magic";  ///< "ostrakon", so that another program's database is told apart.
inline constexpr std::string_view kSchema = "schema";
inline constexpr std::string_view kEpoch = "epoch";    ///< Rises when set ids lose their meaning.
inline constexpr std::string_view kSerial = "serial";  ///< Of all zones.
inline constexpr std::string_view kNextListing = "next listing";
inline constexpr std::string_view kNextValue = "next value";
inline constexpr std::string_view kNextSet = "next set";
inline constexpr std::string_view kNextGlob = "next glob";
inline constexpr std::string_view kNextLayer = "next layer";
inline constexpr std::string_view kNextMap = "next map";
inline constexpr std::string_view kNextChange = "next change";
inline constexpr std::string_view kNextEvent = "next event";
inline constexpr std::string_view kNextComplaint = "next complaint";
inline constexpr std::string_view kNextRequest = "next request";
inline constexpr std::string_view kToldRequest =
    "told request";  ///< The last that the operator had mail about.
inline constexpr std::string_view kUndoBytes = "undo bytes";
inline constexpr std::string_view kJournalBytes = "journal bytes";
inline constexpr std::string_view kJournalLost =
    "journal lost";  ///< The newest serial that is no longer in it.
inline constexpr std::string_view kTouchedBytes = "touched bytes";
inline constexpr std::string_view kSwept =
    "swept";  ///< When `expire` last had something to do: what ended until then is gone.
inline constexpr std::string_view kZonesSeen =
    "zones seen";  ///< A hash of what zones say, as `expire` saw it last.
inline constexpr std::string_view kCatalogueChanged =
    "changed catalogue";  ///< Transaction id of its last change.
inline constexpr std::string_view kIndexIpv4Changed = "changed index ipv4";
inline constexpr std::string_view kIndexIpv6Changed = "changed index ipv6";
inline constexpr std::string_view kIndexNameChanged = "changed index name";
inline constexpr std::string_view kNameFilterChanged = "changed name filter";
inline constexpr std::string_view kIndexPatternChanged = "changed index pattern";
}  // namespace meta_key

/// A number of the meta table, 0 where it is not set.
std::uint64_t meta_number(const Transaction& transaction, std::string_view key) noexcept;
void set_meta_number(WriteTransaction& transaction, std::string_view key,
                     std::uint64_t value) noexcept;
/// Returns the number and stores its successor; the first is 1.
std::uint64_t take_next(WriteTransaction& transaction, std::string_view key) noexcept;

/// A number of `key` as the 32 bits in which it is kept. Where they are used up the change set
/// fails and says so.
std::uint32_t checked_id(WriteTransaction& transaction, std::string_view key, std::uint64_t number);
/// take_next, checked.
std::uint32_t take_next_id(WriteTransaction& transaction, std::string_view key);

/// Raises the serial: the time of the change, at least the previous serial + 1.
std::uint32_t raise_serial(WriteTransaction& transaction, UnixTime at) noexcept;

}  // namespace ostrakon::store
