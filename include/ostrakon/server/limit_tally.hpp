// What rate limiting has done in one worker: counts for figures, and the networks that it hit most.
#pragma once

#include "ostrakon/server/rate_limits.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ostrakon::server {

/// Written by one worker alone; any thread may read. With a dry run: what would have been.
struct LimitCounters {
    std::atomic<std::uint64_t> dropped{0};
    std::atomic<std::uint64_t> in_brief{0};  ///< Cut off (TC), or a cookie alone (BADCOOKIE).
};

/// The networks that occur most among very many, in a few places: "space saving" (Metwally et al.,
/// 2005). A network that occurs more often than once in kPlaces is among them; counts may be too
/// high by what others had in the same place before. One thread.
class FrequentNetworks {
public:
    static constexpr std::size_t kPlaces = 16;
    struct Item {
        ClientNetwork network;
        std::uint64_t count = 0;  ///< 0: this place is empty.
    };

    void note(const ClientNetwork& network, std::uint64_t count = 1) noexcept;
    void add(const FrequentNetworks& others) noexcept;
    /// The one with the highest count; its count is 0 if there is none.
    Item first() const noexcept;

private:
    std::array<Item, kPlaces> items_{};
};

/// One worker's.
class LimitTally {
public:
    void note(const ClientNetwork& network, Treatment treatment) noexcept;

    const LimitCounters& counters() const noexcept { return counters_; }
    /// Those since the last call. In the worker's thread.
    FrequentNetworks take_networks() noexcept;

private:
    LimitCounters counters_;
    FrequentNetworks networks_;
};

}  // namespace ostrakon::server
