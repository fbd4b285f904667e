#include "ostrakon/policy/rules.hpp"

#include "ostrakon/zone/listing_class.hpp"

#include <algorithm>
#include <limits>

namespace ostrakon::policy {
namespace {

constexpr unsigned kNoRank = std::numeric_limits<unsigned>::max();

// The code of a class that is neither the zone's nor the site's nor built in: a ban that was
// acknowledged still answers.
constexpr net::Ipv4 kCodeOfUnknownClass = zone::kBuiltInClasses[0].code;

net::Ipv4 class_code(const zone::Zone& zone, const std::map<std::string, net::Ipv4>& site_classes,
                     const std::string& name) {
    if (const auto in_zone = zone.codes.find(name); in_zone != zone.codes.end()) {
        return in_zone->second;
    }
    if (const auto of_site = site_classes.find(name); of_site != site_classes.end()) {
        return of_site->second;
    }
    return zone::built_in_code(name).value_or(kCodeOfUnknownClass);
}

// The most specific own decisions that hold.
struct OwnRanks {
    unsigned allow = kNoRank;
    unsigned ban = kNoRank;
};

OwnRanks own_ranks(std::span<const SetItem> items, UnixTime now) noexcept {
    OwnRanks ranks;
    for (const SetItem& item : items) {
        if (item.layer == kOwnLayer && item.is_alive(now)) {
            unsigned& best = item.listing_class == kAllowClassId ? ranks.allow : ranks.ban;
            best = std::min<unsigned>(best, item.rank);
        }
    }
    return ranks;
}

// The items of one feed's layer, in the order of their ranks.
struct LayerSpan {
    std::size_t begin = 0;
    std::size_t end = 0;
    unsigned rank = kNoRank;   // of the most specific entry that is alive
    bool is_excepted = false;  // that entry is an exception
};

bool is_exception(const ZoneRules& zone, const SetItem& item) noexcept {
    return item.is_exception ||
           (item.listing_class == kAllowClassId && !zone.is_allow_layer(item.layer));
}

LayerSpan layer_span(const ZoneRules& zone, std::span<const SetItem> items, std::size_t begin,
                     UnixTime now) noexcept {
    LayerSpan span{begin, begin, kNoRank, false};
    for (; span.end < items.size() && items[span.end].layer == items[begin].layer; ++span.end) {
        const SetItem& item = items[span.end];
        if (!item.is_alive(now)) {
            continue;
        }
        if (span.rank == kNoRank) {
            span.rank = item.rank;
        }
        if (item.rank == span.rank && is_exception(zone, item)) {
            span.is_excepted = true;
        }
    }
    return span;
}

template <class Visit>
void for_each_layer(const ZoneRules& zone, std::span<const SetItem> items, UnixTime now,
                    Visit&& visit) noexcept {
    for (std::size_t at = 0; at < items.size();) {
        if (items[at].layer == kOwnLayer) {
            ++at;
            continue;
        }
        const LayerSpan span = layer_span(zone, items, at, now);
        visit(span);
        at = span.end;
    }
}

// Whether a feed of class allow that this zone takes in holds the subject.
bool is_allowed_by_feed(const ZoneRules& zone, std::span<const SetItem> items,
                        UnixTime now) noexcept {
    bool allowed = false;
    for_each_layer(zone, items, now, [&](const LayerSpan& span) {
        const LayerId layer = items[span.begin].layer;
        allowed = allowed || (zone.is_allow_layer(layer) && zone.takes_layer(layer, now) &&
                              span.rank != kNoRank && !span.is_excepted);
    });
    return allowed;
}

Outcome judge_own(const ZoneRules& zone, const SetItem& item, const OwnRanks& ranks, bool is_never,
                  UnixTime now) noexcept {
    if (!item.is_alive(now)) {
        return Outcome::Ended;
    }
    const bool is_allow = item.listing_class == kAllowClassId;
    if (is_allow && !zone.is_allow_zone()) {
        return Outcome::Excepts;
    }
    if (!zone.takes_layer(kOwnLayer, now)) {
        return Outcome::SourceNotServed;
    }
    if (!zone.serves_class(item.listing_class)) {
        return Outcome::ClassNotServed;
    }
    if (zone.is_allow_zone()) {
        return ranks.ban < item.rank ? Outcome::SilencedByBan : Outcome::Answers;
    }
    if (ranks.allow <= item.rank) {
        return Outcome::SilencedByAllow;
    }
    return is_never && !item.overrides_never ? Outcome::Never : Outcome::Answers;
}

// What holds for a whole layer before its items are looked at; Answers: they decide.
Outcome judge_layer(const ZoneRules& zone, LayerId layer, const OwnRanks& ranks,
                    bool allowed_by_feed, bool is_never, UnixTime now) noexcept {
    if (!zone.takes_layer(layer, now)) {
        return Outcome::SourceNotServed;
    }
    if (zone.is_allow_zone()) {
        return ranks.ban != kNoRank ? Outcome::SilencedByBan : Outcome::Answers;
    }
    if (ranks.allow != kNoRank) {
        return Outcome::SilencedByAllow;
    }
    if (allowed_by_feed && !zone.is_allow_layer(layer)) {
        return Outcome::SilencedByFeed;
    }
    return is_never ? Outcome::Never : Outcome::Answers;
}

Outcome judge_entry(const ZoneRules& zone, const SetItem& item, const LayerSpan& span,
                    Outcome of_layer, UnixTime now) noexcept {
    if (!item.is_alive(now)) {
        return Outcome::Ended;
    }
    if (item.rank != span.rank) {
        return Outcome::LessSpecific;
    }
    if (is_exception(zone, item)) {
        return Outcome::Excepts;
    }
    if (span.is_excepted) {
        return Outcome::Excepted;
    }
    if (of_layer != Outcome::Answers) {
        return of_layer;
    }
    return zone.serves_class(zone.class_of(item)) ? Outcome::Answers : Outcome::ClassNotServed;
}

}  // namespace

ZoneRules::ZoneRules(const zone::Zone& zone, const Catalogue& catalogue,
                     const std::map<std::string, net::Ipv4>& site_classes)
    : is_allow_zone_(zone.is_allow_zone()) {
    classes_.resize(catalogue.class_count());
    for (ClassId id = 1; id < catalogue.class_count(); ++id) {
        const std::string name{catalogue.class_name(id)};
        if (!name.empty()) {
            classes_[id] = {zone.serves_class(name), class_code(zone, site_classes, name)};
        }
    }
    for (std::size_t i = 0; i < built_in_.size(); ++i) {
        const std::string source{zone::kBuiltInSources[i]};
        built_in_[i].is_taken = zone.serves_source(source);
        if (const auto code = zone.codes.find(source); code != zone.codes.end()) {
            built_in_[i].zone_code = code->second;
        }
    }
    for (const Layer& layer : catalogue.layers()) {
        layers_.resize(std::max<std::size_t>(layers_.size(), layer.id + 1UL));
        LayerRules& rules = layers_[layer.id];
        if (layer.id == kOwnLayer) {
            rules.is_taken = zone.serves_source(layer.feed);
            continue;
        }
        const Feed* feed = catalogue.feed(layer.feed);
        if (feed == nullptr || !feed->is_served()) {
            continue;
        }
        rules.is_taken = zone.serves_source(layer.feed, layer.label);
        rules.listing_class = catalogue.class_id(feed->listing_class).value_or(kFeedsClass);
        if (feed->max_age_s && feed->last_success) {
            rules.served_until = feed->last_success->seconds + *feed->max_age_s;
        }
        if (const auto code = zone.codes.find(feed->name); code != zone.codes.end()) {
            rules.zone_code = code->second;
        }
        rules.feed_code = feed->code.value_or(net::Ipv4{});
    }
}

net::Ipv4 ZoneRules::code_of(const SetItem& item) const noexcept {
    const LayerRules* const layer = item.layer == kOwnLayer ? nullptr : rules_of(item.layer);
    if (layer != nullptr && layer->zone_code.bits != 0) {
        return layer->zone_code;
    }
    if (item.code.bits != 0) {
        return item.code;
    }
    if (layer != nullptr && layer->feed_code.bits != 0) {
        return layer->feed_code;
    }
    const ClassId id = class_of(item);
    return id < classes_.size() && classes_[id].code.bits != 0 ? classes_[id].code
                                                               : kCodeOfUnknownClass;
}

std::int64_t ZoneRules::next_gate(UnixTime now) const noexcept {
    std::int64_t next = INT64_MAX;
    for (const LayerRules& layer : layers_) {
        if (layer.is_taken && layer.served_until >= now.seconds &&
            layer.served_until != INT64_MAX) {
            next = std::min(next, layer.served_until + 1);
        }
    }
    return next;
}

void apply_rules(const ZoneRules& zone, std::span<const SetItem> items, bool is_never, UnixTime now,
                 std::span<Outcome> outcomes) noexcept {
    const OwnRanks ranks = own_ranks(items, now);
    const bool allowed_by_feed = !zone.is_allow_zone() && is_allowed_by_feed(zone, items, now);
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].layer == kOwnLayer) {
            outcomes[i] = judge_own(zone, items[i], ranks, is_never, now);
        }
    }
    for_each_layer(zone, items, now, [&](const LayerSpan& span) {
        const Outcome of_layer =
            judge_layer(zone, items[span.begin].layer, ranks, allowed_by_feed, is_never, now);
        for (std::size_t i = span.begin; i < span.end; ++i) {
            outcomes[i] = judge_entry(zone, items[i], span, of_layer, now);
        }
    });
}

}  // namespace ostrakon::policy
