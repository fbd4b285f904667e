// One own decision as the database keeps it, for ever: a lifted or expired listing stays as
// history.
#pragma once

#include "ostrakon/base/result.hpp"
#include "ostrakon/base/time.hpp"
#include "ostrakon/net/address.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostrakon::store {

using ListingId = std::uint32_t;
using ChangeId = std::uint64_t;

enum class ListingState : std::uint8_t {
    Active,     ///< Served until its end.
    Warning,    ///< A first strike that is recorded and not served.
    Lifted,     ///< Ended by `unban`.
    Expired,    ///< Ended by its own end, and tidied up.
    Undone,     ///< Taken back by `undo`: counts as if it had never been.
    Corrected,  ///< Ended by a recheck: what was wrong with the server is so no longer.
};

/// With what words a server was diagnosed that is listed for it.
struct Diagnosed {
    std::optional<std::string> helo;
    std::optional<std::string> sender;
    UnixTime checked;  ///< When it was last looked into.
};

struct Listing {
    ListingId id = 0;
    std::string subject;            ///< Canonical spelling (policy::to_string).
    std::string listing_class;      ///< "ip", …, "allow", or one of the site's own.
    std::optional<net::Ipv4> code;  ///< Only where it differs from the class's.
    std::string reason;
    std::string evidence;
    std::string by;
    UnixTime since;
    std::optional<UnixTime> until;
    std::optional<UnixTime> earliest_lift;  ///< A lift before this needs --override.
    std::uint32_t strikes =
        0;  ///< How many bans this subject had in this class, this one included.
    ListingState state = ListingState::Active;
    bool overrides_never = false;   ///< Made with --override: answers inside `never` too.
    ChangeId change = 0;            ///< The change set that made it.
    std::optional<UnixTime> ended;  ///< When it was lifted or tidied up.
    std::string ended_by;
    std::string ended_reason;
    bool was_warning = false;  ///< Recorded as a warning: never served, also where it was lifted.
    /// Numbers the beginnings of bans of this subject and class; those that stood beside each other
    /// share one. Never given twice, also where one was undone. Strikes are its rank among those
    /// that count.
    std::uint32_t term = 0;
    /// The change set whose decision the record shows; `undo` brings back an earlier one.
    ChangeId decided = 0;
    /// Change sets after the first that have touched it, oldest first; the newest kTouchedMax.
    std::vector<ChangeId> touched;
    /// Of a listing of `diagnose --ban`, which is looked into again.
    std::optional<Diagnosed> diagnosed;

    static constexpr std::size_t kTouchedMax = 16;

    bool is_allow() const { return listing_class == "allow"; }
    /// Whether it counts at this time: active, and not past its end.
    bool is_in_force(UnixTime at) const {
        return state == ListingState::Active && (!until || at < *until);
    }
};

/// What answers need of a listing, borrowed from its record: no allocation.
struct ListingView {
    std::string_view subject, listing_class, reason;
    net::Ipv4 code;  ///< 0: none of its own.
    UnixTime since;
    std::int64_t until_seconds = 0;  ///< 0: no end.
    ListingState state = ListingState::Active;
    bool overrides_never = false;
};

std::string encode(const Listing& listing);
/// Nothing if the bytes are damaged.
std::optional<ListingView> view_listing(std::string_view bytes) noexcept;
/// Nothing if the bytes are damaged.
std::optional<Listing> decode_listing(ListingId id, std::string_view bytes);

}  // namespace ostrakon::store
