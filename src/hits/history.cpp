#include "ostrakon/hits/history.hpp"

#include "ostrakon/store/codec.hpp"

#include <algorithm>

namespace ostrakon::hits {
namespace {

constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kMilli = 1000;
constexpr std::size_t kNameSizeMax = 320;

std::string_view kind_of(std::string_view name) {
    return name.substr(0, std::min(name.find('/'), name.size()));
}

}  // namespace

History::Ring History::ring_of(std::int64_t seconds, std::size_t slots) {
    return {seconds, std::vector<Slot>(slots)};
}

// The one of this number, empty where another had its place.
History::Slot& History::Ring::slot(std::int64_t number) {
    Slot& found = slots[static_cast<std::size_t>(number) % slots.size()];
    if (found.number != number) {
        found = Slot{number, 0, {}};
    }
    return found;
}

const History::Slot* History::Ring::find(std::int64_t number) const {
    if (number < 0) {
        return nullptr;
    }
    const Slot& found = slots[static_cast<std::size_t>(number) % slots.size()];
    return found.number == number ? &found : nullptr;
}

std::optional<std::size_t> History::find(const std::string& name) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    return found == names_.end() ? std::nullopt
                                 : std::optional{static_cast<std::size_t>(found - names_.begin())};
}

std::optional<std::size_t> History::place_of(const std::string& name) {
    if (const auto known = find(name)) {
        return known;
    }
    const auto of_kind =
        static_cast<std::size_t>(std::count_if(names_.begin(), names_.end(), [&](const auto& each) {
            return kind_of(each) == kind_of(name);
        }));
    if (name.size() > kNameSizeMax || names_.size() >= kNamesMax || of_kind >= kNamesOfKindMax) {
        return std::nullopt;
    }
    names_.push_back(name);
    return names_.size() - 1;
}

void History::add(const Growth& growth) {
    const std::int64_t middle = growth.end.seconds - growth.milliseconds / 2 / kMilli;
    if (growth.milliseconds <= 0 || middle < 0) {
        return;
    }
    for (Ring& ring : rings_) {
        Slot& slot = ring.slot(middle / ring.seconds);
        slot.milliseconds += growth.milliseconds;
        for (const auto& [name, count] : growth.counts) {
            const auto place = count == 0 ? std::nullopt : place_of(name);
            if (place) {
                slot.counts.resize(std::max(slot.counts.size(), *place + 1));
                slot.counts[*place] += count;
            }
        }
    }
}

std::vector<std::string> History::names(std::string_view kind) const {
    std::vector<std::string> found;
    for (const std::string& name : names_) {
        if (kind_of(name) == kind && name.size() > kind.size()) {
            found.push_back(name.substr(kind.size() + 1));
        }
    }
    return found;
}

std::vector<Bucket> History::read(const Window& window,
                                  const std::vector<std::string>& names) const {
    const Ring& ring = rings_[window.bucket_seconds % kHour == 0 ? 1 : 0];
    const std::int64_t slots_each = window.bucket_seconds / ring.seconds;
    std::vector<std::optional<std::size_t>> places;
    places.reserve(names.size());
    for (const std::string& name : names) {
        places.push_back(find(name));
    }
    std::vector<Bucket> buckets(window.count);
    const std::int64_t last = window.end.seconds / window.bucket_seconds;
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        Bucket& bucket = buckets[i];
        const std::int64_t number = last - static_cast<std::int64_t>(window.count - 1 - i);
        bucket.begin = UnixTime{number * window.bucket_seconds};
        bucket.counts.assign(names.size(), 0);
        for (std::int64_t j = 0; j < slots_each; ++j) {
            const Slot* slot = ring.find(number * slots_each + j);
            if (slot == nullptr) {
                continue;
            }
            bucket.seconds += static_cast<double>(slot->milliseconds) / kMilli;
            for (std::size_t k = 0; k < places.size(); ++k) {
                if (places[k] && *places[k] < slot->counts.size()) {
                    bucket.counts[k] += static_cast<double>(slot->counts[*places[k]]);
                }
            }
        }
    }
    return buckets;
}

std::optional<UnixTime> History::since() const {
    std::optional<UnixTime> oldest;
    for (const Ring& ring : rings_) {
        for (const Slot& slot : ring.slots) {
            const UnixTime begin{slot.number * ring.seconds};
            if (slot.milliseconds > 0 && (!oldest || begin < *oldest)) {
                oldest = begin;
            }
        }
    }
    return oldest;
}

std::string History::encode() const {
    store::Encoder encoder;
    encoder.number(names_.size());
    for (const std::string& name : names_) {
        encoder.text(name);
    }
    for (const Ring& ring : rings_) {
        const auto count = std::count_if(ring.slots.begin(), ring.slots.end(),
                                         [](const Slot& slot) { return slot.milliseconds > 0; });
        encoder.number(static_cast<std::uint64_t>(count));
        for (const Slot& slot : ring.slots) {
            if (slot.milliseconds > 0) {
                encoder.number(static_cast<std::uint64_t>(slot.number))
                    .number(static_cast<std::uint64_t>(slot.milliseconds))
                    .number(slot.counts.size());
                for (const std::uint64_t counted : slot.counts) {
                    encoder.number(counted);
                }
            }
        }
    }
    return encoder.take();
}

std::optional<History> History::decode(std::string_view bytes) {
    store::Decoder decoder{bytes};
    History history;
    const std::uint64_t names = decoder.number();
    if (names > kNamesMax) {
        return std::nullopt;
    }
    for (std::uint64_t i = 0; i < names; ++i) {
        if (decoder.is_damaged() || !history.place_of(std::string(decoder.text()))) {
            return std::nullopt;
        }
    }
    for (Ring& ring : history.rings_) {
        const std::uint64_t slots = decoder.number();
        for (std::uint64_t i = 0; i < slots; ++i) {
            const std::uint64_t number = decoder.number();
            const std::uint64_t milliseconds = decoder.number();
            const std::uint64_t counts = decoder.number();
            if (decoder.is_damaged() || slots > ring.slots.size() || counts > names ||
                number > static_cast<std::uint64_t>(INT64_MAX / kHour) ||
                milliseconds > static_cast<std::uint64_t>(INT64_MAX / 2)) {
                return std::nullopt;
            }
            Slot& slot = ring.slot(static_cast<std::int64_t>(number));
            slot.milliseconds = static_cast<std::int64_t>(milliseconds);
            slot.counts.resize(counts);
            for (std::uint64_t& counted : slot.counts) {
                counted = decoder.number();
            }
        }
    }
    return decoder.is_damaged() || history.names_.size() != names
               ? std::nullopt
               : std::optional{std::move(history)};
}

}  // namespace ostrakon::hits
