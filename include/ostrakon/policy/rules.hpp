// Which listing answers: the rules, in one function that the hot path, `why` and TXT all call.
//
// Rules of an answer in a zone, given everything that is listed for the subject:
// - never: what [protect] never holds is not listed, save by an own ban made with --override. Allow
// zones don't heed it.
// - An own ban answers unless an own allow at least as specific holds too. Bans don't hide each
// other.
// - An own allow silences every feed. A feed of class allow silences all others, save those of
// class allow, in zones that take it
//   in, never an own ban.
// - Within one layer only the most specific entry counts, with all its values; an exception there
// silences the layer.
// - In an allow zone an own allow answers unless a more specific own ban holds, a feed's entry
// unless any own ban holds.
#pragma once

#include "ostrakon/base/time.hpp"
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/verdict_set.hpp"
#include "ostrakon/zone/listing_class.hpp"
#include "ostrakon/zone/zone.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ostrakon::policy {

/// What became of one item in one zone.
enum class Outcome : std::uint8_t {
    Answers,
    Ended,            ///< Its end has come.
    SourceNotServed,  ///< The zone does not take this source in, or the feed is not configured or
                      ///< too old.
    ClassNotServed,   ///< The zone does not answer this class.
    Excepts,          ///< It is an exception or an allow, which never answers in a zone of blocks.
    SilencedByAllow,  ///< An own allow holds.
    SilencedByFeed,   ///< A feed of class allow holds.
    LessSpecific,     ///< A more specific entry of the same data set counts.
    Excepted,         ///< An exception of the same data set holds.
    Never,            ///< [protect] never.
    SilencedByBan,    ///< In an allow zone: an own ban holds.
    KindNotServed,    ///< The zone is not asked about this kind of subject; `why` alone says so.
};

/// One zone with names turned into numbers: what the rules need to know, for one configuration and
/// one catalogue.
class ZoneRules {
public:
    /// `site_classes`: [classes]. The zone outlives the rules.
    ZoneRules(const zone::Zone& zone, const Catalogue& catalogue,
              const std::map<std::string, net::Ipv4>& site_classes);

    bool is_allow_zone() const noexcept { return is_allow_zone_; }

    /// Whether the layer's entries may answer here at this time.
    bool takes_layer(LayerId layer, UnixTime now) const noexcept {
        if (layer >= kBuiltInLayerFirst) {
            const LayerRules* const built_in = rules_of(layer);
            return built_in != nullptr && built_in->is_taken;
        }
        return layer < layers_.size() && layers_[layer].is_taken &&
               now.seconds <= layers_[layer].served_until;
    }
    bool serves_class(ClassId listing_class) const noexcept {
        return listing_class < classes_.size() && classes_[listing_class].is_served;
    }
    /// An item's class: its own, or its feed's.
    ClassId class_of(const SetItem& item) const noexcept {
        return item.listing_class != kFeedsClass || item.layer >= layers_.size()
                   ? item.listing_class
                   : layers_[item.layer].listing_class;
    }
    bool is_allow_layer(LayerId layer) const noexcept {
        return layer < layers_.size() && layers_[layer].listing_class == kAllowClassId;
    }
    /// The A record of an item: the feed's in this zone's [codes], the item's own, the feed's, the
    /// class's.
    net::Ipv4 code_of(const SetItem& item) const noexcept;
    /// The next time at which a feed stops being served for its age; INT64_MAX if none does.
    std::int64_t next_gate(UnixTime now) const noexcept;

private:
    struct LayerRules {
        bool is_taken = false;
        ClassId listing_class = kFeedsClass;
        std::int64_t served_until = INT64_MAX;
        net::Ipv4 zone_code;  // of the feed in [codes]; 0: none
        net::Ipv4 feed_code;  // of the feed itself; 0: none
    };
    struct ClassRules {
        bool is_served = false;
        net::Ipv4 code;
    };
    const LayerRules* rules_of(LayerId layer) const noexcept {
        const std::size_t place = layer - kBuiltInLayerFirst;
        return layer >= kBuiltInLayerFirst && place < built_in_.size() ? &built_in_[place]
               : layer < layers_.size()                                ? &layers_[layer]
                                                                       : nullptr;
    }

    std::vector<LayerRules> layers_;  // by id
    std::array<LayerRules, zone::kBuiltInSources.size()> built_in_;
    std::vector<ClassRules> classes_;  // by id
    bool is_allow_zone_ = false;
};

/// Judges each item; `outcomes` has as many elements. Items of one layer stand together, in the
/// order of their ranks. `is_never`: [protect] never holds the subject. Allocates nothing.
void apply_rules(const ZoneRules& zone, std::span<const SetItem> items, bool is_never, UnixTime now,
                 std::span<Outcome> outcomes) noexcept;

}  // namespace ostrakon::policy
