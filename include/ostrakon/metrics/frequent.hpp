// The things that occur most among very many, in a few places: "space saving" (Metwally et al.,
// 2005).
//
// What occurs more often than once in kPlaces is among them; counts may be too high by what others
// had in the same place before.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace ostrakon::metrics {

/// `Key` is plain data that can be compared, and says its `hash()`. Belongs to one thread.
template <class Key, std::size_t kPlaces>
class Frequent {
public:
    struct Item {
        Key key{};
        std::uint64_t count = 0;  ///< 0: this place is empty.
    };

    void note(const Key& key, std::uint64_t count) noexcept {
        const std::uint64_t hash = key.hash();
        std::size_t least = 0;
        for (std::size_t i = 0; i < kPlaces; ++i) {
            if (hashes_[i] == hash && items_[i].count > 0 && items_[i].key == key) {
                items_[i].count += count;
                return;
            }
            least = items_[i].count < items_[least].count ? i : least;
        }
        hashes_[least] = hash;
        items_[least] = {key, items_[least].count + count};
    }

    void clear() noexcept {
        for (Item& item : items_) {
            item.count = 0;
        }
    }

    /// In no order.
    const std::array<Item, kPlaces>& items() const noexcept { return items_; }

private:
    std::array<std::uint64_t, kPlaces> hashes_{};
    std::array<Item, kPlaces> items_{};
};

}  // namespace ostrakon::metrics
