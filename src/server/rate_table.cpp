#include "ostrakon/server/rate_table.hpp"

#include "ostrakon/base/assert.hpp"

#include <sys/random.h>

#include <bit>

namespace ostrakon::server {

RateTable::RateTable(std::size_t sets)
    : set_shift_(64 - std::countr_zero(sets)), sets_(std::make_unique<Set[]>(sets)) {
    OSTRAKON_ASSERT(sets >= 2 && std::has_single_bit(sets));
    // So few bytes come whole, once the kernel has begun to give any (getrandom(2)).
    while (::getrandom(secrets_.data(), sizeof secrets_, 0) !=
           static_cast<ssize_t>(sizeof secrets_)) {
    }
}

// The network is not counted in this second yet, or has not got the first place it could have.
std::uint32_t RateTable::count_anew(Set& set, std::size_t home, std::uint64_t first) noexcept {
    const std::uint64_t second = first & kSecondMask;
    Place* chosen = nullptr;
    std::uint64_t chosen_word = 0;
    std::uint64_t least = ~std::uint64_t{0};
    for (std::size_t i = 0; i < kWays; ++i) {
        Place& place = set.places[(home + i) & (kWays - 1)];
        const std::uint64_t word = place.load(std::memory_order_relaxed);
        if (word >> kCountBits == first >> kCountBits) {
            return add(place, word);
        }
        // Not needed any more: 0 answers. Of equal ones the first, so that the next look is short.
        const std::uint64_t answers = (word & kSecondMask) == second ? word & kCountMask : 0;
        if (answers < least) {
            least = answers;
            chosen = &place;
            chosen_word = word;
        }
    }
    // Where another thread has just taken it, this one answer goes uncounted.
    chosen->compare_exchange_strong(chosen_word, first, std::memory_order_relaxed);
    return 1;
}

}  // namespace ostrakon::server
