// Follows the database for the zones that others take from here, and keeps what has changed in
// each: the newest differences, in memory.
//
// Between two looks it holds the state that it saw last, so that the next one can be compared with
// it. That keeps no more than the pages of what is written between two looks. The differences are
// gone when the server ends: whoever then has an older state takes the whole zone once.
#pragma once

#include "ostrakon/transfer/record_source.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace ostrakon::transfer {

/// Memory for the differences of one zone; the oldest go first.
inline constexpr std::size_t kHistoryBytesMax = std::size_t{16} << 20;

class ZoneHistory {
public:
    /// Follows these zones of the rulebook.
    ZoneHistory(std::shared_ptr<const verdict::Rulebook> rulebook,
                const std::vector<std::size_t>& zones);

    /// Looks at the newest state. True if its serial is another one than that of the last look, or
    /// this is the first. Belongs to one thread. The environment outlives what it looked at, or
    /// leave() is called.
    Result<bool> follow(store::Environment& environment);
    /// Lets go of the environment. What is read next is not compared with what was.
    void leave();

    // What follows may be called by any thread.

    /// The serial of the last look; nothing before the first.
    std::optional<std::uint32_t> serial() const;

    /// What leads from `serial` to that of the last look; empty if it is that. Nothing where it is
    /// not known any more.
    std::optional<Differences> since(std::size_t zone, std::uint32_t serial) const;

private:
    struct Kept {
        std::shared_ptr<const Difference> difference;
        std::size_t bytes = 0;
    };
    struct Zone {
        std::size_t number = 0;
        std::deque<Kept> kept;  // oldest first
        std::size_t bytes = 0;
        std::optional<Record> digest;  // of what it saw last
    };
    void compare(Zone& zone, Contents& newest, const policy::Touched& touched);
    std::optional<Difference> difference_of(Zone& zone, Contents& newest,
                                            const policy::Touched& touched);

    const std::shared_ptr<const verdict::Rulebook> rulebook_;
    std::unique_ptr<Contents> last_;
    mutable std::mutex mutex_;  // of all below
    std::vector<Zone> zones_;
    std::optional<std::uint32_t> serial_;
};

}  // namespace ostrakon::transfer
