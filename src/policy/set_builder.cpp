#include "set_builder.hpp"

#include "ostrakon/policy/listings.hpp"
#include "ostrakon/policy/patterns.hpp"

#include <algorithm>

namespace ostrakon::policy {
namespace {

constexpr std::size_t kRememberedMax = 1 << 16;  // forgotten all at once when reached

std::uint64_t holder_key(const Holder& holder) {
    return std::uint64_t{holder.layer} << 32 | holder.value;
}

template <class Map, class Mapped>
void remember(Map& map, std::uint64_t key, const Mapped& value) {
    if (map.size() >= kRememberedMax) {
        map.clear();
    }
    map.emplace(key, value);
}

}  // namespace

void keep_most_specific(std::vector<Holder>& holders) {
    if (holders.size() <= kHoldersOfFeedMax) {
        return;
    }
    std::sort(holders.begin(), holders.end());
    std::size_t of_layer = 0;
    std::optional<LayerId> layer;
    std::erase_if(holders, [&](const Holder& holder) {
        of_layer = layer == holder.layer ? of_layer + 1 : 1;
        layer = holder.layer;
        return of_layer > kHoldersOfFeedMax && holder.layer != kOwnLayer;
    });
}

std::optional<SetItem> own_item(const Catalogue& catalogue, const store::ListingView& listing) {
    if (listing.state != store::ListingState::Active) {
        return std::nullopt;
    }
    SetItem item;
    item.layer = kOwnLayer;
    item.listing_class = catalogue.class_id(listing.listing_class).value_or(kFeedsClass);
    item.overrides_never = listing.overrides_never;
    item.code = listing.code;
    item.end = listing.until_seconds;
    return item;
}

SetItem feed_item(LayerId layer, const Value& value) {
    SetItem item;
    item.layer = layer;
    item.listing_class = value.listing_class;
    item.is_exception = value.is_exception;
    item.code = value.code;
    item.end = value.until_seconds;
    return item;
}

std::optional<SetItem> SetBuilder::item_of(const Holder& holder) {
    const std::uint64_t key = holder_key(holder);
    if (const auto found = items_.find(key); found != items_.end()) {
        return found->second;
    }
    std::optional<SetItem> item;
    if (holder.layer == kOwnLayer) {
        if (const auto listing = view_own_listing(transaction_, holder.value)) {
            item = own_item(catalogue_, *listing);
            const std::string pattern{pattern_of(listing->subject)};
            if (item && !pattern.empty() && !is_free(pattern)) {
                item->glob = interner_.glob_number(pattern);
            }
        }
    } else if (const auto value = read_value(transaction_, holder.value)) {
        item = feed_item(holder.layer, *value);
    }
    if (item) {
        remember(items_, key, *item);
    }
    return item;
}

SetId SetBuilder::id_of_items() {
    return interner_.id_of(encode_set(make_set(candidates_)));
}

SetId SetBuilder::id_of_alone(const Holder& holder) {
    const std::uint64_t key = holder_key(holder);
    if (last_alone_ && last_alone_->key == key) {
        return last_alone_->set;
    }
    if (const auto found = alone_.find(key); found != alone_.end()) {
        return found->second;
    }
    const auto item = item_of(holder);
    if (!item) {
        return 0;
    }
    if (last_alone_ && last_alone_->item == *item) {
        last_alone_->key = key;
        return last_alone_->set;
    }
    candidates_.assign(1, {*item, holder.breadth});
    last_alone_ = Alone{key, *item, id_of_items()};
    remember(alone_, key, last_alone_->set);
    return last_alone_->set;
}

SetId SetBuilder::id_of(std::span<const Holder> holders) {
    if (holders.empty()) {
        return 0;
    }
    if (holders.size() == 1) {
        return id_of_alone(holders.front());
    }
    candidates_.clear();
    for (const Holder& holder : holders) {
        if (const auto item = item_of(holder)) {
            candidates_.push_back({*item, holder.breadth});
        }
    }
    return id_of_items();
}

}  // namespace ostrakon::policy
