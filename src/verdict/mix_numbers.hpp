// Names what answers to a ListingTally: layers and classes of a catalogue by the tally's numbers.
#pragma once

#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/verdict/listing_tally.hpp"
#include "ostrakon/zone/listing_class.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

namespace ostrakon::verdict {

/// Gathers the parts of one mixture after the other. Without a tally all are 0.
class MixNumbers {
public:
    MixNumbers() = default;
    explicit MixNumbers(ListingTally& tally) : tally_(&tally) {}

    void follow(const policy::Catalogue& catalogue) {
        if (tally_ == nullptr) {
            return;
        }
        layers_.clear();
        for (const policy::Layer& layer : catalogue.layers()) {
            layers_.resize(std::max<std::size_t>(layers_.size(), std::size_t{layer.id} + 1));
            layers_[layer.id] = tally_->source(layer.feed);
        }
        for (std::size_t i = 0; i < built_in_.size(); ++i) {
            built_in_[i] = tally_->source(zone::kBuiltInSources[i]);
        }
        classes_.clear();
        for (policy::ClassId id = 0; id < catalogue.class_count(); ++id) {
            const std::string_view name = catalogue.class_name(id);
            classes_.push_back(name.empty() ? std::uint16_t{0} : tally_->listing_class(name));
        }
    }

    /// Takes one that answers.
    void add(policy::LayerId layer, policy::ClassId listing_class) noexcept {
        const ListingTally::Part part{source_of(layer), at_or_rest(classes_, listing_class)};
        const auto end = parts_.begin() + static_cast<std::ptrdiff_t>(count_);
        if (count_ < parts_.size() && std::find(parts_.begin(), end, part) == end) {
            parts_[count_++] = part;
        }
    }

    /// The number of what has been added since the last call.
    ListingMix take() noexcept {
        const std::size_t count = std::exchange(count_, 0);
        return tally_ == nullptr || count == 0 ? ListingMix{0}
                                               : tally_->mix_of(std::span{parts_}.first(count));
    }

private:
    static std::uint16_t at_or_rest(const std::vector<std::uint16_t>& rows,
                                    std::size_t place) noexcept {
        return place < rows.size() ? rows[place] : std::uint16_t{0};
    }
    std::uint16_t source_of(policy::LayerId layer) const noexcept {
        const std::size_t place = layer - policy::kBuiltInLayerFirst;
        return layer >= policy::kBuiltInLayerFirst
                   ? (place < built_in_.size() ? built_in_[place] : std::uint16_t{0})
                   : at_or_rest(layers_, layer);
    }

    ListingTally* tally_ = nullptr;
    std::vector<std::uint16_t> layers_;  // by id
    std::array<std::uint16_t, zone::kBuiltInSources.size()> built_in_{};
    std::vector<std::uint16_t> classes_;  // by id
    std::array<ListingTally::Part, ListingTally::kPartsMax> parts_;
    std::size_t count_ = 0;
};

}  // namespace ostrakon::verdict
