// From the listings that hold somewhere to the id of their verdict set. Included by derive*.cpp
// only.
#pragma once

#include "ostrakon/policy/values.hpp"
#include "ostrakon/policy/verdict_set.hpp"
#include "ostrakon/store/listing.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace ostrakon::policy {

/// A listing or entry that holds: where it lies, how wide it is, and its value there.
struct Holder {
    LayerId layer = kOwnLayer;
    Breadth breadth = 0;
    std::uint32_t value = 0;
    friend constexpr auto operator<=>(const Holder&, const Holder&) = default;
};

/// Holders of one feed's layer at one place that are looked at, the most specific ones. More lie
/// there only where somebody means harm.
inline constexpr std::size_t kHoldersOfFeedMax = 256;

/// Sorts, and leaves of each feed's layer kHoldersOfFeedMax.
void keep_most_specific(std::vector<Holder>& holders);

class SetBuilder {
public:
    SetBuilder(const store::Transaction& transaction, const Catalogue& catalogue,
               SetInterner& interner)
        : transaction_(transaction), catalogue_(catalogue), interner_(interner) {}

    SetId id_of(std::span<const Holder> holders);

private:
    // A holder that lies alone. The next one often has the same value, or says the same.
    struct Alone {
        std::uint64_t key = 0;
        SetItem item;
        SetId set = 0;
    };
    SetId id_of_alone(const Holder& holder);
    SetId id_of_items();
    std::optional<SetItem> item_of(const Holder& holder);

    const store::Transaction& transaction_;
    const Catalogue& catalogue_;
    SetInterner& interner_;
    std::optional<Alone> last_alone_;
    std::unordered_map<std::uint64_t, SetId> alone_;  // (layer, value) that holds alone → its set
    std::unordered_map<std::uint64_t, SetItem> items_;  // (layer, value) → item
    std::vector<Candidate> candidates_;
};

/// What a listing, read from its record, says as an item of a set; nothing if it is not to be
/// served.
std::optional<SetItem> own_item(const Catalogue& catalogue, const store::ListingView& listing);
/// What a value says as an item of a set.
SetItem feed_item(LayerId layer, const Value& value);

}  // namespace ostrakon::policy
