// The calendar of ends: which listing or value ends when.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/store/transaction.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace ostrakon::policy {

enum class ExpiryKind : std::uint8_t { Listing, Value };

/// Key in the Expiry table: time (i64, seconds, never negative), kind (u8), id (u32), most
/// significant byte first.
std::string expiry_key(std::int64_t seconds, ExpiryKind kind, std::uint32_t id);

struct Ending {
    std::int64_t seconds = 0;
    ExpiryKind kind = ExpiryKind::Listing;
    std::uint32_t id = 0;
};
Ending decode_expiry_key(std::string_view key) noexcept;

/// Until when what ended is out of the index, and feeds that went stale are known to have; the
/// epoch where `expire` never had anything to do. Who hands on what is listed judges by this time:
/// so it changes with the serial alone.
UnixTime swept_at(const store::Transaction& transaction);

}  // namespace ostrakon::policy
