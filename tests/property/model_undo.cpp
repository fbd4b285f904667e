// What `undo` does to the lists, as the operators' page says it.
#include "model.hpp"

#include <algorithm>

namespace ostrakon::property {
namespace {

constexpr std::size_t kDeedsKept = 20;

bool is_same_decision(const OwnRecord& a, const OwnRecord& b) {
    return a.record == b.record && a.standing == b.standing;
}

}  // namespace

void Model::begin() {
    own_before_ = own_;
    feeds_before_ = feeds_;
    maps_before_ = maps_;
    map_versions_before_ = map_versions_;
}

void Model::remember(std::uint64_t change) {
    Deed deed;
    for (std::size_t i = 0; i < own_.size(); ++i) {
        if (i >= own_before_.size()) {
            own_[i].decided = change;
            deed.added.push_back(i);
        } else if (!is_same_decision(own_before_[i], own_[i])) {
            // An undo has said already whose decision it shows again.
            if (own_[i].decided == own_before_[i].decided) {
                own_[i].decided = change;
            }
            deed.before.emplace(i, own_before_[i]);
            deed.after.emplace(i, own_[i].decided);
        }
    }
    for (auto& [name, feed] : feeds_) {
        FeedRecords& before = feeds_before_[name];
        if (before.last_success != feed.last_success) {
            deed.feed = name;
        }
        if (before.records != feed.records) {
            deed.feed = name;
            feed.decided = change;
        }
        if (deed.feed == name) {
            deed.feed_before = before;
            deed.feed_after = feed;
        }
    }
    for (const auto& [name, version] : map_versions_) {
        const auto before = maps_before_.find(name);
        if (map_versions_before_[name] != version) {
            deed.map = name;
            deed.map_version = version;
            deed.map_before =
                before == maps_before_.end() ? std::nullopt : std::optional{before->second};
        }
    }
    deeds_.emplace(change, std::move(deed));
    if (deeds_.size() > kDeedsKept) {
        deeds_.erase(deeds_.begin());
    }
}

std::vector<std::uint64_t> Model::undoable() const {
    std::vector<std::uint64_t> numbers;
    for (const auto& [number, deed] : deeds_) {
        const auto feed = feeds_.find(deed.feed);
        const bool is_feed_as_left =
            deed.feed.empty() ||
            (feed != feeds_.end() && feed->second.decided == deed.feed_after.decided);
        const bool is_map_as_left =
            deed.map.empty() || map_versions_.at(deed.map) == deed.map_version;
        if (is_feed_as_left && is_map_as_left) {
            numbers.push_back(number);
        }
    }
    return numbers;
}

bool Model::bring_back(std::size_t index, const OwnRecord& before, UnixTime at) {
    OwnRecord after = before;
    if (after.standing == Standing::Active && after.record.has_ended(at)) {
        after.standing = Standing::Ended;
        after.is_tidied = true;
    }
    const bool comes_to_stand = (after.is_in_force(at) && !own_[index].is_in_force(at)) ||
                                after.standing == Standing::Warning;
    for (std::size_t i = 0; i < own_.size() && comes_to_stand; ++i) {
        const OwnRecord& other = own_[i];
        if (i != index && other.record.subject == after.record.subject &&
            other.record.listing_class == after.record.listing_class &&
            other.record.code == after.record.code && other.standing != Standing::Undone &&
            (i > index || other.is_in_force(at))) {
            return false;
        }
    }
    own_[index] = std::move(after);
    return true;
}

// Strikes are how many bans have begun that were not undone.
void Model::count_strikes(const config::Settings& settings, const OwnRecord& like) {
    const auto counts = [&](const OwnRecord& own) {
        return own.record.subject == like.record.subject &&
               own.record.listing_class == like.record.listing_class && !own.is_allow() &&
               own.standing != Standing::Undone;
    };
    for (OwnRecord& own : own_) {
        if (!counts(own)) {
            continue;
        }
        std::set<std::uint64_t> begun;
        for (const OwnRecord& other : own_) {
            if (counts(other) && other.beginning <= own.beginning) {
                begun.insert(other.beginning);
            }
        }
        if (own.strikes == begun.size()) {
            continue;
        }
        own.strikes = static_cast<std::uint32_t>(begun.size());
        if (own.strikes == 1) {
            own.earliest_lift.reset();
        } else if (!own.earliest_lift && !own.was_warning) {
            own.earliest_lift = end_of(*own.record.since, settings.lifecycle.repeat_minimum);
        }
    }
}

void Model::undo(const config::Settings& settings, std::uint64_t change, UnixTime at) {
    begin();
    const Deed deed = std::move(deeds_.at(change));
    deeds_.erase(change);
    for (const std::size_t i : deed.added) {
        if (own_[i].decided == change) {
            own_[i].standing = Standing::Undone;
            own_[i].is_tidied = true;
        }
    }
    for (const auto& [i, before] : deed.before) {
        if (own_[i].decided == deed.after.at(i)) {
            bring_back(i, before, at);
        }
    }
    for (const std::size_t i : deed.added) {
        count_strikes(settings, own_[i]);
    }
    for (const auto& [i, before] : deed.before) {
        count_strikes(settings, own_[i]);
    }
    if (!deed.map.empty()) {
        map_versions_[deed.map] = ++last_map_version_;
        if (deed.map_before) {
            maps_[deed.map] = *deed.map_before;
        } else {
            maps_.erase(deed.map);
        }
        adopt_maps(settings);
    }
    if (deed.feed.empty()) {
        return;
    }
    FeedRecords& feed = feeds_.at(deed.feed);
    feed.records = deed.feed_before.records;
    if (!feed.is_configured && feed.listing_class == deed.feed_after.listing_class &&
        feed.code == deed.feed_after.code) {
        feed.listing_class = deed.feed_before.listing_class;
        feed.code = deed.feed_before.code;
    }
}

}  // namespace ostrakon::property
