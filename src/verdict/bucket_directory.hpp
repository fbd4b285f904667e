// Where the buckets of the IPv4 index lie, remembered: a descent in the tree saved for each query.
//
// A place is good for the snapshot in which it was looked up, and for later ones as long as the
// table has not changed at all: a write to one bucket moves others that share its page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ostrakon::verdict {

class BucketDirectory {
public:
    BucketDirectory() : places_(kBuckets) {}

    /// Tells the number of the transaction that changed the table last. What was remembered before
    /// another number is forgotten.
    void follow(std::uint64_t changed) noexcept {
        if (changed != changed_) {
            changed_ = changed;
            ++generation_;
        }
    }

    /// Has the cache fetch what find() will read, without waiting for it.
    void prefetch(std::uint32_t upper) const noexcept { __builtin_prefetch(&places_[upper]); }

    /// Where this bucket lies, null if there is none. `look_up()` is asked where that is not known;
    /// its nothing means that the database cannot be read, and is not remembered.
    template <class LookUp>
    const char* find(std::uint32_t upper, LookUp&& look_up) noexcept {
        Place& place = places_[upper];
        if (place.generation != generation_) {
            const std::optional<const char*> found = look_up();
            if (!found) {
                return nullptr;
            }
            place = {*found, generation_};
        }
        return place.bytes;
    }

private:
    static constexpr std::size_t kBuckets = 65536;
    struct Place {
        const char* bytes = nullptr;
        std::uint64_t generation = 0;
    };

    std::vector<Place> places_;
    std::uint64_t changed_ = 0;
    std::uint64_t generation_ = 1;
};

}  // namespace ostrakon::verdict
