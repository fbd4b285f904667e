#include "ostrakon/atlas/listed_map.hpp"

#include "ostrakon/dns/name.hpp"
#include "ostrakon/policy/rules.hpp"
#include "ostrakon/transfer/contents.hpp"
#include "ostrakon/transfer/listed_ranges.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <utility>

namespace ostrakon::atlas {
namespace {

// The class under which each verdict set is listed in the zone.
class SetClasses {
public:
    SetClasses(transfer::Contents& contents, const config::Settings& settings)
        : contents_(contents), rules_(contents.zone(), contents.catalogue(), settings.classes) {}

    policy::ClassId class_of(policy::SetId set) {
        const auto [known, is_new] = known_.emplace(set, policy::kFeedsClass);
        if (is_new) {
            known->second = judged(set);
        }
        return known->second;
    }

private:
    policy::ClassId judged(policy::SetId set) {
        const std::string_view bytes = policy::read_set(contents_.transaction(), set);
        const std::size_t count = std::min(bytes.size() / policy::kSetItemSize, items_.size());
        for (std::size_t i = 0; i < count; ++i) {
            items_[i] = policy::load_set_item(bytes, i);
        }
        policy::apply_rules(rules_, {items_.data(), count}, false, contents_.now(),
                            {outcomes_.data(), count});
        for (std::size_t i = 0; i < count; ++i) {
            if (outcomes_[i] == policy::Outcome::Answers) {
                return rules_.class_of(items_[i]);
            }
        }
        return policy::kFeedsClass;
    }

    transfer::Contents& contents_;
    policy::ZoneRules rules_;
    std::unordered_map<policy::SetId, policy::ClassId> known_;
    std::array<policy::SetItem, policy::kSetItemsMax> items_;
    std::array<policy::Outcome, policy::kSetItemsMax> outcomes_{};
};

// The numbers of classes on the map, as they are met.
class MapKinds {
public:
    MapKinds(const policy::Catalogue& catalogue, std::vector<hilbert::Kind>& kinds)
        : catalogue_(catalogue), kinds_(kinds) {}

    std::size_t kind_of(policy::ClassId listing_class) {
        const auto [known, is_new] = known_.emplace(listing_class, kinds_.size());
        if (is_new && kinds_.size() + 1 < hilbert::kKindsMax) {
            const std::string name{catalogue_.class_name(listing_class)};
            kinds_.push_back({name, hilbert::colour_of(name, others_)});
            others_ += hilbert::has_own_colour(name) ? 0 : 1;
        } else if (is_new) {
            known->second = kinds_.size() - 1;  // a site with so many classes has them in one
        }
        return known->second;
    }

private:
    const policy::Catalogue& catalogue_;
    std::vector<hilbert::Kind>& kinds_;
    std::unordered_map<policy::ClassId, std::size_t> known_;
    std::size_t others_ = 0;
};

}  // namespace

Result<ListedMap> read_listed_map(store::Environment& environment, const config::Settings& settings,
                                  zone::Zone zone, net::Ipv4Range square) {
    auto rulebook = std::make_shared<verdict::Rulebook>();
    rulebook->zones.push_back(std::move(zone));
    rulebook->classes = settings.classes;
    rulebook->protect = settings.protect;
    auto contents = transfer::Contents::take(environment, rulebook,
                                             {.zone = 0, .now = now(), .with_texts = false});
    if (!contents) {
        return Unexpected{std::move(contents.error())};
    }
    ListedMap listed{hilbert::Map{square}, {}, 0, (*contents)->serial()};
    SetClasses classes{**contents, settings};
    MapKinds kinds{(*contents)->catalogue(), listed.kinds};
    transfer::ListedRanges<net::Ipv4> ranges{**contents};
    net::Ipv4 at = square.first;
    while (const auto* found = ranges.find(at)) {
        if (found->range.first > square.last) {
            break;
        }
        const net::Ipv4Range part{std::max(found->range.first, square.first),
                                  std::min(found->range.last, square.last)};
        if (found->set != 0) {  // not a test point
            listed.map.add(part, kinds.kind_of(classes.class_of(found->set)));
            listed.addresses += std::uint64_t{part.last.bits} - part.first.bits + 1;
        }
        if (part.last == square.last) {
            break;
        }
        at = net::Ipv4{part.last.bits + 1};
    }
    if (auto sound = (*contents)->check(); !sound) {
        return Unexpected{std::move(sound.error())};
    }
    return listed;
}

zone::Zone zone_of_everything() {
    zone::Zone zone = config::default_zone();
    zone.ns = {*dns::parse_name("ns.invalid")};
    zone.contact = *dns::parse_name("hostmaster.invalid");
    return zone;
}

}  // namespace ostrakon::atlas
