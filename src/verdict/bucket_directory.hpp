// Where the buckets of one table lie, remembered: a descent in the tree saved for each query.
//
// A place is good for the snapshot in which it was looked up, and for later ones as long as the
// table has not changed at all: a write to one bucket moves others that share its page.
#pragma once

#include "ostrakon/base/zeroed_array.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace ostrakon::verdict {

class BucketDirectory {
public:
    BucketDirectory() : places_(kBuckets) {}

    /// Tells the number of the transaction that changed the table last. What was remembered before
    /// another number is forgotten.
    void follow(std::uint64_t changed) noexcept {
        if (changed == changed_) {
            return;
        }
        changed_ = changed;
        if (++generation_ > kGenerationMax) {
            generation_ = 1;
            for (std::size_t i = 0; i < kBuckets; ++i) {
                places_[i] = 0;
            }
        }
    }

    /// Has the cache fetch what find() will read, without waiting for it.
    void prefetch(std::uint32_t upper) const noexcept { __builtin_prefetch(&places_[upper]); }

    /// Where this bucket lies, null if there is none. `look_up()` is asked where that is not known;
    /// its nothing means that the database cannot be read, and is not remembered.
    template <class LookUp>
    const char* find(std::uint32_t upper, LookUp&& look_up) noexcept {
        Place& place = places_[upper];
        if (place >> kAddressBits == generation_) {
            // Only the generation stood above it: NOLINTNEXTLINE(performance-no-int-to-ptr)
            return reinterpret_cast<const char*>(place & kAddress);
        }
        const std::optional<const char*> found = look_up();
        if (!found) {
            return nullptr;
        }
        const auto address = reinterpret_cast<std::uintptr_t>(*found);
        if (address <= kAddress) {
            place = address | generation_ << kAddressBits;
        }
        return *found;
    }

private:
    static constexpr std::size_t kBuckets = 65536;
    // The generation above, the address below: eight bytes a bucket, so that all of them fit into a
    // second-level cache.
    using Place = std::uint64_t;
    static constexpr unsigned kAddressBits = 48;  // all that processes are given unless they ask
    static constexpr std::uint64_t kAddress = (std::uint64_t{1} << kAddressBits) - 1;
    static constexpr std::uint64_t kGenerationMax = 0xFFFF;

    ZeroedArray<Place> places_;
    std::uint64_t changed_ = 0;
    std::uint64_t generation_ = 1;
};

}  // namespace ostrakon::verdict
