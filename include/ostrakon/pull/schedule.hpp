// When a feed is fetched: as often as its settings say, never more often than its publisher bears,
// and ever more seldom while it fails. Pure functions of the state, the time and a random number.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/config/settings.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/pull_state.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ostrakon::pull {

/// The longest time between two tries of a feed that fails.
inline constexpr std::int64_t kBackoffMaxSeconds = std::int64_t{24} * 3600;
/// A feed that has been missing for so long is taken to have ended.
inline constexpr std::int64_t kMissingMaxSeconds = std::int64_t{7} * 24 * 3600;

/// A number from 0 up to, not including, 1: where within its jitter a time falls.
using Chance = double;

/// Whether it is to be fetched now.
bool is_due(const policy::PullState& state, UnixTime at);

/// Whether its publisher can bear to be asked now; where not, the first moment at which it can.
std::optional<UnixTime> too_early_until(const config::FeedSettings& feed,
                                        const policy::PullState& state, UnixTime at);

/// Before a fetch: so that a crash in it counts as a failure, and the next try waits.
void note_try(policy::PullState& state, const config::FeedSettings& feed, UnixTime at,
              Chance chance);

/// After a fetch that brought a version, or the word that nothing has changed. `fresh_until`: what
/// the publisher says of it. Leaves what was last served alone.
void note_fetched(policy::PullState& state, const config::FeedSettings& feed, UnixTime at,
                  std::optional<UnixTime> fresh_until, Chance chance);

/// What a failed fetch means for the next one.
struct FailedFetch {
    std::string why;
    bool is_final = false;  ///< Nothing but a person can change that.
    bool is_gone = false;       ///< It is not there.
    std::optional<Duration> retry_after;
};
void note_failed(policy::PullState& state, const config::FeedSettings& feed, UnixTime at,
                 const FailedFetch& failed, Chance chance);

/// How a feed stands, as `feeds` shows it.
enum class Standing : std::uint8_t {
    Fresh,
    Stale,    ///< Older than its max_age: its entries do not answer.
    Held,     ///< A version waits for `feeds accept`.
    Failing,  ///< The last try brought nothing.
    Never,    ///< Nothing of it was ever there.
    Local,    ///< Filled by `import` alone.
};
std::string_view to_string(Standing standing);

/// `feed` and `state` are null where the database has none.
Standing standing_of(const config::FeedSettings& settings, const policy::Feed* feed,
                     const policy::PullState* state, UnixTime at);

/// Why a version is held and what to do about it, as people are told.
std::string held_text(const policy::HeldVersion& held, std::string_view feed);

/// When its publisher's newest was last served; nothing where that never was.
std::optional<UnixTime> last_success_of(const policy::Feed* feed, const policy::PullState* state);

/// Whether more than half of its max_age has passed since: what people are told of long before it
/// goes stale.
bool is_overdue(const config::FeedSettings& settings, std::optional<UnixTime> last_success,
                UnixTime at);

}  // namespace ostrakon::pull
