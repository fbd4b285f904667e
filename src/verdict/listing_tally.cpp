#include "ostrakon/verdict/listing_tally.hpp"

#include <algorithm>

namespace ostrakon::verdict {

ListingTally::ListingTally() {
    mixes_[0].count = 1;
}

bool ListingTally::is_mix(ListingMix mix, std::span<const Part> parts) const noexcept {
    const Mix& known = mixes_[mix];
    return std::ranges::equal(std::span{known.parts}.first(known.count), parts);
}

ListingMix ListingTally::mix_of(std::span<const Part> parts) noexcept {
    constexpr std::size_t kPrime = 0x9E3779B1;
    std::size_t slot = 0;
    for (const Part& part : parts) {
        slot = (slot ^ part.source ^ std::size_t{part.listing_class} << 16) * kPrime;
        slot ^= slot >> 15;
    }
    for (slot %= kSlots; slots_[slot] != 0; slot = (slot + 1) % kSlots) {
        if (is_mix(slots_[slot], parts)) {
            return slots_[slot];
        }
    }
    const std::size_t number = mix_count_.load(std::memory_order_relaxed);
    if (number == kMixesMax) {
        return 0;
    }
    Mix& mix = mixes_[number];
    mix.count = std::min(parts.size(), kPartsMax);
    std::copy_n(parts.begin(), mix.count, mix.parts.begin());
    mix_count_.store(number + 1, std::memory_order_release);
    slots_[slot] = static_cast<ListingMix>(number);
    return slots_[slot];
}

void ListingTally::add_to(Sums& sums) const {
    const std::size_t count = mix_count_.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t answers = counts_[i].value();
        for (std::size_t part = 0; answers > 0 && part < mixes_[i].count; ++part) {
            const Part& of = mixes_[i].parts[part];
            sums[{sources_.name(of.source), classes_.name(of.listing_class)}] += answers;
        }
    }
}

}  // namespace ostrakon::verdict
