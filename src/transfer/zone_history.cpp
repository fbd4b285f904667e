#include "ostrakon/transfer/zone_history.hpp"

#include "ostrakon/transfer/zone_digest.hpp"

#include <algorithm>
#include <utility>

namespace ostrakon::transfer {
namespace {

std::optional<Record> digest_of(Contents& contents) {
    return contents.zone().secondaries.has_digest ? std::optional{digest_record(contents)}
                                                  : std::nullopt;
}

}  // namespace

ZoneHistory::ZoneHistory(std::shared_ptr<const verdict::Rulebook> rulebook,
                         const std::vector<std::size_t>& zones)
    : rulebook_(std::move(rulebook)) {
    for (const std::size_t number : zones) {
        zones_.push_back({number, {}, 0, {}});
    }
}

Result<bool> ZoneHistory::follow(store::Environment& environment) {
    if (zones_.empty()) {
        return false;
    }
    const auto snapshot = store::Snapshot::begin(environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    if (last_ && snapshot->id() == last_->transaction().id()) {
        return false;
    }
    auto taken = Contents::take(environment, rulebook_, {.zone = zones_.front().number});
    if (!taken) {
        return Unexpected{std::move(taken.error())};
    }
    std::unique_ptr<Contents> newest = std::move(*taken);
    if (last_ && last_->serial() == newest->serial()) {
        last_ = std::move(newest);  // so that no older pages are kept
        return false;
    }
    if (!last_) {
        for (Zone& zone : zones_) {
            newest->choose(zone.number);
            zone.digest = digest_of(*newest);
        }
    } else {
        const policy::Touched touched = policy::touched_since(
            newest->transaction(), policy::newest_change(last_->transaction()));
        for (Zone& zone : zones_) {
            compare(zone, *newest, touched);
        }
    }
    const std::lock_guard lock{mutex_};
    serial_ = newest->serial();
    last_ = std::move(newest);
    return true;
}

std::optional<Difference> ZoneHistory::difference_of(Zone& zone, Contents& newest,
                                                     const policy::Touched& touched) {
    last_->choose(zone.number);
    newest.choose(zone.number);
    std::optional<Difference> difference = difference_between(*last_, newest, touched);
    std::optional<Record> before = std::exchange(zone.digest, digest_of(newest));
    if (difference && before && zone.digest) {
        difference->removed.push_back(std::move(*before));
        difference->added.push_back(*zone.digest);
    }
    return difference;
}

void ZoneHistory::compare(Zone& zone, Contents& newest, const policy::Touched& touched) {
    std::optional<Difference> difference = difference_of(zone, newest, touched);
    const std::size_t bytes = difference ? size_of(*difference) : 0;
    const std::lock_guard lock{mutex_};
    if (!difference || bytes > kHistoryBytesMax) {
        zone.kept.clear();
        zone.bytes = 0;
        return;
    }
    zone.kept.push_back({std::make_shared<const Difference>(std::move(*difference)), bytes});
    zone.bytes += bytes;
    while (zone.bytes > kHistoryBytesMax) {
        zone.bytes -= zone.kept.front().bytes;
        zone.kept.pop_front();
    }
}

void ZoneHistory::leave() {
    last_.reset();
    const std::lock_guard lock{mutex_};
    serial_.reset();
    for (Zone& zone : zones_) {
        zone.kept.clear();
        zone.bytes = 0;
    }
}

std::optional<std::uint32_t> ZoneHistory::serial() const {
    const std::lock_guard lock{mutex_};
    return serial_;
}

std::optional<Differences> ZoneHistory::since(std::size_t number, std::uint32_t serial) const {
    const std::lock_guard lock{mutex_};
    const auto zone = std::find_if(zones_.begin(), zones_.end(),
                                   [&](const Zone& one) { return one.number == number; });
    if (zone == zones_.end() || !serial_) {
        return std::nullopt;
    }
    Differences found;
    if (serial == *serial_) {
        return found;
    }
    auto kept = std::find_if(zone->kept.begin(), zone->kept.end(),
                             [&](const Kept& one) { return one.difference->from == serial; });
    if (kept == zone->kept.end()) {
        return std::nullopt;
    }
    for (; kept != zone->kept.end(); ++kept) {
        found.push_back(kept->difference);
    }
    return found;
}

}  // namespace ostrakon::transfer
